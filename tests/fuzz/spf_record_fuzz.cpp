// check_host() over hostile DNS: the input's first line is the sender, the second the HELO name, the third the client;
// the others are what DNS answers, chosen by the name asked. So records, macros, explanations and the evaluation are
// reached at once. Checked: a result always, the limits of RFC 7208 section 4.6.4, and no difference through the cache.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "verify/spf/check_host.hpp"

namespace {

namespace dns = ruaudit::verify::dns;
namespace model = ruaudit::model;
namespace spf = ruaudit::verify::spf;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    if (c == '\n')
      out.emplace_back();
    else
      out.back() += c;
  }
  out.resize(std::max<std::size_t>(out.size(), 4));
  return out;
}

class LinesResolver final : public dns::Resolver {
 public:
  LinesResolver(std::vector<std::string> lines, model::IpAddress ip) : lines_(std::move(lines)), ip_(ip) {}

  std::vector<dns::Answer> query_all(std::span<const dns::Question> questions) override {
    std::vector<dns::Answer> out;
    for (const auto& question : questions) out.push_back(answer(question));
    return out;
  }
  std::size_t queries = 0;

 private:
  dns::Answer answer(const dns::Question& question) {
    ++queries;
    std::size_t hash = question.name.size();
    for (const char c : question.name) hash = hash * 31 + static_cast<unsigned char>(c);
    dns::Answer out{.question = question, .status = dns::Status::noerror};
    const auto& line = lines_[3 + (queries == 1 ? 0 : hash % (lines_.size() - 3))];
    if (hash % 13 == 12) out.status = dns::Status::nxdomain;
    if (hash % 29 == 28) out.status = dns::Status::timeout;
    if (!out.is_found() && queries > 1) return out;
    out.status = dns::Status::noerror;
    fill(out, line, hash);
    return out;
  }
  void fill(dns::Answer& out, const std::string& line, std::size_t hash) const {
    switch (out.question.type) {
      case dns::RecordType::TXT:
        out.txt.push_back({{line}});
        break;
      case dns::RecordType::MX:
        for (std::size_t i = 0; i < hash % 12; ++i) out.mx.push_back({1, line.substr(0, i)});
        break;
      case dns::RecordType::PTR:
        for (std::size_t i = 0; i < hash % 14; ++i) out.names.push_back(line.substr(0, i) + "." + out.question.name);
        break;
      default:
        out.addresses.push_back(hash % 3 == 0 ? ip_ : model::IpAddress::v4(0x01020304));
        break;
    }
  }
  std::vector<std::string> lines_;
  model::IpAddress ip_;
};

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto lines = lines_of({reinterpret_cast<const char*>(data), size});
  const auto ip = model::IpAddress::parse(lines[2]).value_or(model::IpAddress::v4(0xc0000201));
  const spf::Session session{.ip = ip, .helo = lines[1], .mail_from = lines[0]};
  LinesResolver resolver(lines, ip);
  spf::RecordCache cache;
  spf::Options options{.local_policy = lines.back(), .best_guess = "v=spf1 " + lines.back()};
  options.clock = [] { return std::int64_t{0}; };
  const auto check = spf::check_mail_from(session, resolver, options);
  require(check.result != model::SpfResult::unknown && check.result != model::SpfResult::policy);
  require(!check.reason.empty() && check.explanation.size() <= spf::max_explanation + 320);
  require(resolver.queries <= 600);
  options.cache = &cache;
  LinesResolver again(lines, ip);
  require(spf::check_mail_from(session, again, options) == check);
  return 0;
}
