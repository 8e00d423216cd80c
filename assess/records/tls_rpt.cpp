#include <algorithm>

#include "assess/records/report_uri.hpp"
#include "assess/records/text.hpp"
#include "assess/records/transport.hpp"
#include "model/ascii.hpp"

namespace ruaudit::assess::records {
namespace {

constexpr std::string_view version = "v=TLSRPTv1";
constexpr std::string_view https = "https://";

// RFC 8460 section 3: what does not begin with the version is discarded.
bool is_accepted(std::string_view text) {
  if (!text.starts_with(version)) return false;
  const auto rest = trim(text.substr(version.size()));
  return rest.empty() || rest.front() == ';';
}
bool is_meant(std::string_view text) {
  const auto start = ascii::lower(without(text.substr(0, 60), " \t\"\\"));
  return start.find("tlsrpt") != std::string::npos || start.find("tslrpt") != std::string::npos ||
         start.find("tls-rpt") != std::string::npos || start.starts_with("rua=");
}

bool is_https(std::string_view uri) {
  if (!ascii::lower(uri).starts_with(https)) return false;
  const auto host = uri.substr(https.size(), uri.find_first_of("/:?#", https.size()) - https.size());
  return host.find('.') != std::string_view::npos && model::Domain::parse(host).has_value() &&
         uri.find_first_of(" \t") == std::string_view::npos;
}

// Why no reports can go there; empty: they can.
std::string uri_fault(std::string_view uri) {
  if (is_https(uri)) return {};
  const auto verdict = judge_uri(uri);
  if (verdict.fault == UriFault::none || verdict.fault == UriFault::size_suffix) return {};
  return verdict.fault == UriFault::other_scheme ? "only mailto: and https: are used" : verdict.why;
}

class Check {
 public:
  Check(const Inquiry& inquiry, Answers& answers)
      : inquiry_(inquiry), domain_(inquiry.domain.text()), name_("_smtp._tls." + domain_), answers_(answers) {}

  Findings run(bool takes_mail) {
    const auto answer = answers_.query(name_, dns::RecordType::TXT);
    if (answer.is_temporary_error()) {
      findings_.push_back(found("dns-error", Severity::info, at_name(name_), "the TLS-RPT record was looked up here"));
      return std::move(findings_);
    }
    std::vector<std::string> texts, accepted;
    for (const auto& text : texts_of(answer)) {
      if (is_accepted(text)) accepted.push_back(text);
      if (is_accepted(text) || is_meant(text)) texts.push_back(text);
    }
    if (accepted.size() > 1)
      add("tlsrpt-multiple", at_name(name_), std::to_string(accepted.size()) + " records");
    else if (accepted.size() == 1)
      judge(accepted.front());
    else if (!texts.empty())
      bad_version(texts.front());
    else if (!wrong_name() && takes_mail)
      add("tlsrpt-missing", at_name(name_), seen_reports());
    const auto fix = meant(texts);
    for (auto& finding : findings_)
      if (finding.severity == Severity::error && !finding.fix) finding.fix = Fix{fix, name_};
    return std::move(findings_);
  }

 private:
  void add(std::string_view code, Place place, std::string detail) {
    findings_.push_back(found(code, std::move(place), std::move(detail)));
  }

  // Reports that came tell of a record that was there.
  [[nodiscard]] std::string seen_reports() const {
    const auto& seen = inquiry_.tls_reports;
    if (seen.reports == 0) return {};
    return "yet " + std::to_string(seen.reports) + " TLS reports came, the last on " + seen.last_day +
           ": without the record they stop";
  }

  void bad_version(const std::string& text) {
    const auto end = std::min(text.size(), text.find_first_of(" \t;,"));
    add("tlsrpt-syntax", at_part(name_, text, 0, std::max<std::size_t>(end, 1)),
        "it must begin with v=TLSRPTv1 and a semicolon");
  }

  void judge(const std::string& text) {
    const auto tags = split_tags(text);
    if (text.find(';') == std::string::npos)
      return add("tlsrpt-syntax", at_part(name_, text, 0, version.size()), "a semicolon is missing");
    const TagPiece* rua = nullptr;
    for (std::size_t i = 1; i < tags.size(); ++i) {
      const auto& tag = tags[i];
      if (!tag.has_equals)
        return add("tlsrpt-syntax", at_part(name_, text, tag.whole.begin, tag.whole.text.size()), "there is no \"=\"");
      if (tag.name == "rua" && rua != nullptr)
        return add("tlsrpt-syntax", at_part(name_, text, tag.whole.begin, tag.whole.text.size()), "rua occurs twice");
      if (tag.name == "rua") rua = &tag;
    }
    if (rua == nullptr) return add("tlsrpt-syntax", at_name(name_), "rua is missing");
    for (const auto& item : split(rua->value, ',', rua->value_begin)) {
      auto fault = uri_fault(item.text);
      if (fault.empty()) continue;
      const bool is_empty = item.text.empty();
      add("tlsrpt-uri",
          is_empty ? at_part(name_, text, rua->whole.begin, 4) : at_part(name_, text, item.begin, item.text.size()),
          std::move(fault));
    }
  }

  bool wrong_name() {
    for (const auto& name :
         {domain_, "_tls." + domain_, "smtp._tls." + domain_, "_smtp.tls." + domain_, "_tls._smtp." + domain_,
          "_smtp-tlsrpt." + domain_, "_tlsrpt." + domain_, name_ + "." + domain_}) {
      for (const auto& text : texts_of(answers_.query(name, dns::RecordType::TXT))) {
        if (!is_accepted(text)) continue;
        auto finding = found("tlsrpt-wrong-name", at_name(name), "it belongs to " + name_);
        finding.fix = Fix{meant({text}), name_};
        findings_.push_back(std::move(finding));
        return true;
      }
    }
    return false;
  }

  std::string meant(const std::vector<std::string>& texts) const {
    std::string list;
    for (const auto& text : texts) {
      const auto at = ascii::lower(text).find("rua");
      const auto begin = at == std::string::npos ? std::string::npos : text.find_first_not_of(" =:", at + 3);
      if (begin == std::string::npos) continue;
      for (const auto& item : split(std::string_view(text).substr(begin, text.find(';', begin) - begin), ',')) {
        const auto uri = is_https(item.text) ? std::optional(std::string(item.text)) : meant_uri(item.text);
        if (uri && list.find(*uri) == std::string::npos) list += (list.empty() ? "" : ",") + *uri;
      }
    }
    return std::string(version) + "; rua=" + (list.empty() ? "mailto:tls@" + domain_ : list);
  }
  std::optional<std::string> meant_uri(std::string_view text) const {
    if (text.find('@') == std::string_view::npos && ascii::lower(text).starts_with("http:")) return std::nullopt;
    return repaired_mailto(text, domain_);
  }

  const Inquiry& inquiry_;
  const std::string& domain_;
  std::string name_;
  Answers& answers_;
  Findings findings_;
};

}  // namespace

Findings check_tls_rpt(const Inquiry& inquiry, bool takes_mail, Answers& answers) {
  return Check(inquiry, answers).run(takes_mail);
}

}  // namespace ruaudit::assess::records
