// The rules of `ruaudit check` over hostile records: the input's lines are what DNS answers for the names of a domain,
// the first ones for SPF, DMARC, DKIM, MTA-STS, TLS-RPT and BIMI, the last one the MTA-STS policy; other names get one
// of the lines, chosen by their name. Checked: the rules come to an end within their rounds; a place lies inside its
// record; no fix has a line break outside of policies and MX; what is offered for SPF or DMARC is not found wrong
// itself.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "assess/records/check.hpp"

namespace {

namespace dns = ruaudit::verify::dns;
namespace records = ruaudit::assess::records;

constexpr std::array<std::string_view, 6> names = {
    "example.org",          "_dmarc.example.org",     "s1._domainkey.example.org",
    "_mta-sts.example.org", "_smtp._tls.example.org", "default._bimi.example.org"};

void require(bool condition) {
  if (!condition) std::abort();
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    if (c == '\n')
      out.emplace_back();
    else
      out.back() += c;
  }
  out.resize(std::max(out.size(), names.size() + 2));
  return out;
}

dns::Answer answer(const dns::Question& question, const std::vector<std::string>& lines) {
  std::size_t hash = question.name.size();
  for (const char c : question.name) hash = hash * 31 + static_cast<unsigned char>(c);
  dns::Answer out;
  out.question = question;
  const auto* const at = std::find(names.begin(), names.end(), question.name);
  const bool is_named = at != names.end();
  const auto& line = lines[is_named ? static_cast<std::size_t>(at - names.begin()) : hash % lines.size()];
  out.status = is_named || hash % 3 != 0 ? dns::Status::noerror : dns::Status::nxdomain;
  if (!is_named && hash % 29 == 28) out.status = dns::Status::timeout;
  if (!out.is_found()) return out;
  if (question.type == dns::RecordType::TXT) {
    const auto half = line.size() / 2;  // of two strings
    out.txt.push_back({.strings = {line.substr(0, half), line.substr(half)}});
    if (hash % 11 == 10) out.txt.push_back({.strings = {lines.back()}});
  } else if (question.type == dns::RecordType::MX) {
    for (std::size_t i = 0; i < hash % 4; ++i) out.mx.push_back({static_cast<std::uint16_t>(i), line.substr(0, i * 5)});
  } else if (question.type == dns::RecordType::PTR) {
    out.names.push_back(line.substr(0, 20));
  } else {
    out.addresses.push_back(ruaudit::model::IpAddress::v4(0xc0000200U + static_cast<std::uint32_t>(hash % 256)));
  }
  return out;
}

ruaudit::model::records::CheckReport check(const records::Inquiry& inquiry, const std::vector<std::string>& lines) {
  records::Answers answers;
  for (int round = 0;; ++round) {
    auto report = records::check(inquiry, answers);
    const auto open = answers.take_open();
    if (open.empty()) return report;
    require(round < 100);
    for (const auto& question : open) {
      auto got = answer(question, lines);
      if (round > 40 || answers.size() > 2000) got.status = dns::Status::timeout;  // as the job does at its limits
      answers.add(std::move(got));
    }
  }
}

void check_finding(const ruaudit::model::records::Finding& finding) {
  using ruaudit::model::records::FixType;
  require(!finding.code.empty() && !finding.meaning.empty());
  require(!finding.place.pos || *finding.place.pos >= 1);
  if (!finding.fix) return;
  const bool may_have_lines = finding.fix->type == FixType::POLICY || finding.fix->type == FixType::MX;
  require(may_have_lines || finding.fix->text.find('\n') == std::string::npos);
  require(!finding.fix->text.empty());
}

bool is_faulty(const ruaudit::model::records::CheckReport& report, std::string_view area, std::string_view name) {
  return std::any_of(report.findings.begin(), report.findings.end(), [&](const auto& each) {
    return each.code.starts_with(area) && each.place.name == name &&
           each.severity != ruaudit::model::records::Severity::info;
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 16'384) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lines = lines_of(text);
  records::Inquiry inquiry{.domain = *ruaudit::model::Domain::parse("example.org"), .selectors = {"s1"}};
  inquiry.sts_policy = lines.back();
  std::replace(inquiry.sts_policy->begin(), inquiry.sts_policy->end(), '|', '\n');
  const auto report = check(inquiry, lines);
  auto fixed = lines;
  for (const auto& finding : report.findings) {
    check_finding(finding);
    if (!finding.fix || finding.fix->at != names[1] || !finding.code.starts_with("dmarc-")) continue;
    fixed[1] = finding.fix->text;
  }
  if (fixed[1] != lines[1]) {
    inquiry.dmarc = fixed[1];
    require(!is_faulty(check(inquiry, lines), "dmarc-", names[1]) || is_faulty(report, "dmarc-no-auth", names[1]) ||
            is_faulty(report, "dmarc-spf-alone", names[1]) ||
            is_faulty(check(inquiry, lines), "dmarc-no-auth", names[1]) ||
            is_faulty(check(inquiry, lines), "dmarc-spf-alone", names[1]));
  }
  return 0;
}
