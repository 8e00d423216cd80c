#include "assess/records/bimi.hpp"

#include <algorithm>

#include "assess/records/text.hpp"
#include "model/ascii.hpp"
#include "model/planted_bug.hpp"

namespace ruaudit::assess::records {
namespace {

bool is_meant(std::string_view text) {
  const auto start = ascii::lower(without(text.substr(0, 200), " \t\"\\"));
  return start.find("bimi") != std::string::npos || start.starts_with("l=");
}
bool is_exact(std::string_view text) {
  const auto tags = split_tags(text);
  return !tags.empty() && tags[0].has_equals && tags[0].name == "v" && tags[0].value == "BIMI1" &&
         text.starts_with("v");
}

bool is_https(std::string_view uri) {
  if (!ascii::lower(uri).starts_with("https://") || uri.find_first_of(" \t,") != std::string_view::npos) return false;
  const auto host = uri.substr(8, uri.find_first_of("/:?#", 8) - 8);
  return model::Domain::parse(host).has_value();
}
bool is_svg(std::string_view uri) {
  const auto path = ascii::lower(uri.substr(0, uri.find_first_of("?#")));
  RUAUDIT_PLANT(path.ends_with('.'));
  return path.ends_with(".svg") || path.ends_with(".svgz");
}

// The address that was meant: https in front, the first of several.
std::string uri_meant(std::string_view raw) {
  auto text = std::string(trim(raw.substr(0, raw.find(','))));
  for (const std::string_view scheme : {"http://", "https:/", "http:/", "//"})
    if (ascii::lower(text).starts_with(scheme) && !is_https(text)) text = text.substr(scheme.size());
  if (!is_https(text)) text = "https://" + text.substr(std::min(text.size(), text.find_first_not_of('/')));
  return is_https(text) && text.find('.') != std::string::npos ? text : std::string();
}

class Check {
 public:
  Check(const Inquiry& inquiry, const DmarcState& dmarc, Answers& answers)
      : domain_(inquiry.domain.text()), name_("default._bimi." + domain_), dmarc_(dmarc), answers_(answers) {}

  Findings run() {
    std::vector<std::string> texts;
    for (const auto& text : texts_of(answers_.query(name_, dns::RecordType::TXT)))
      if (is_exact(text) || is_meant(text)) texts.push_back(text);
    if (texts.empty()) return {};
    if (texts.size() > 1)
      add("bimi-multiple", at_name(name_), std::to_string(texts.size()) + " records");
    else
      judge(texts.front());
    const auto fix = meant(texts);
    for (auto& finding : findings_)
      if (finding.severity == Severity::error) finding.fix = Fix{fix, name_};
    policy();
    return std::move(findings_);
  }

 private:
  void add(std::string_view code, Place place, std::string detail) {
    findings_.push_back(found(code, std::move(place), std::move(detail)));
  }
  [[nodiscard]] Place head(const std::string& text, const TagPiece& tag) const {
    return at_part(name_, text, tag.whole.begin, tag.name.size() + 1);
  }

  void judge(const std::string& text) {
    const auto tags = split_tags(text);
    if (!is_exact(text)) {
      const auto at = ascii::lower(text).find("bimi");
      const auto from = at == std::string::npos ? 0 : text.substr(0, at).find_last_of("vV");
      const auto begin = from == std::string::npos ? at : from;
      const auto end = std::min(text.size(), text.find_first_of(" \t;,\"", at == std::string::npos ? 0 : at));
      return add("bimi-syntax", at_part(name_, text, begin, std::max(end, begin + 1) - begin),
                 "it must begin with v=BIMI1");
    }
    const TagPiece *l = nullptr, *a = nullptr;
    for (std::size_t i = 1; i < tags.size(); ++i) {
      const auto& tag = tags[i];
      if (!tag.has_equals)
        return add("bimi-syntax", at_part(name_, text, tag.whole.begin, tag.whole.text.size()), "there is no \"=\"");
      if (tag.name == "l") l = &tag;
      if (tag.name == "a") a = &tag;
      if (tag.name == "avp" && !is_any_of(tag.value, {"brand", "personal"}))
        add("bimi-syntax", head(text, tag), "avp is brand or personal");
      if (tag.name == "lps" && !is_prefix_list(tag.value))
        add("bimi-syntax", head(text, tag), "lps is a list of local-part prefixes");
    }
    locations(text, l, a);
  }
  static bool is_prefix_list(std::string_view value) {
    return value.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_, \t") ==
           std::string_view::npos;
  }

  void locations(const std::string& text, const TagPiece* l, const TagPiece* a) {
    const bool has_certificate = a != nullptr && !a->value.empty();
    if (l == nullptr) return add("bimi-location", at_name(name_), "l= is missing");
    if (l->value.empty() && !has_certificate) return add("bimi-declined", at_name(name_), {});
    const auto place = [&](const TagPiece& tag) {
      return tag.value.empty() ? head(text, tag) : at_part(name_, text, tag.value_begin, tag.value.size());
    };
    if (!is_https(l->value))
      add("bimi-location", place(*l),
          l->value.find(',') != std::string_view::npos ? "one address, not several" : "it must be an https: address");
    else if (!is_svg(l->value))
      add("bimi-format", place(*l), "the file must be .svg or .svgz");
    if (!has_certificate) add("bimi-no-certificate", at_name(name_), {});
    if (has_certificate && !is_https(a->value)) add("bimi-location", place(*a), "it must be an https: address");
  }

  // "v=BIMI1 l=https:..." and "v=BIMI1, l=...": where a semicolon was forgotten.
  static std::string with_semicolons(const std::string& text) {
    std::string out = text;
    for (const std::string_view start : {" l=", ",l=", " a=", ",a="})
      out = replaced(out, start, "; " + std::string(start.substr(1)));
    return out;
  }

  std::string meant(const std::vector<std::string>& texts) const {
    std::string l, a, rest;
    for (const auto& given : texts) {
      const auto text = with_semicolons(given);
      for (const auto& tag : split_tags(text)) {
        const auto name = ascii::lower(tag.name);
        if (name == "l" && l.empty()) l = uri_meant(tag.value);
        if (name == "a" && a.empty() && !tag.value.empty()) a = uri_meant(tag.value);
        const bool is_valid = (name == "avp" && is_any_of(tag.value, {"brand", "personal"})) ||
                              (name == "lps" && is_prefix_list(tag.value)) || name == "s";
        if (is_valid && rest.find(name + "=") == std::string::npos) rest += "; " + name + "=" + std::string(tag.value);
      }
    }
    if (l.empty()) l = "https://www." + domain_ + "/logo.svg";
    if (!is_svg(l)) l = l.substr(0, l.rfind('.') > l.rfind('/') ? l.rfind('.') : l.size()) + ".svg";
    return "v=BIMI1; l=" + l + (a.empty() ? "" : "; a=" + a) + rest;
  }

  // Section 7.1: quarantine or reject for all mail of the domain and below.
  void policy() {
    if (has_code(findings_, "bimi-declined") || has_code(dmarc_.findings, "dns-error")) return;
    const auto& record = dmarc_.record;
    using model::Policy;
    std::string why;
    if (!record || !dmarc_.effective)
      why = "no DMARC policy applies";
    else if (*dmarc_.effective == Policy::none)
      why = "p=none";
    else if (record->sp == Policy::none)
      why = "sp=none";
    else if (verify::dmarc::parse_record(record->text, verify::dmarc::Rules::rfc7489).pct < 100 &&
             *dmarc_.effective == Policy::quarantine)
      why = "quarantine for a part of the mail";
    if (why.empty()) return;
    auto finding = found("bimi-dmarc", at_name(name_), why);
    if (dmarc_.is_own) finding.fix = Fix{strong_enough(), "_dmarc." + domain_};
    findings_.push_back(std::move(finding));
  }
  // The weakest policy with which BIMI works.
  std::string strong_enough() const {
    auto text = repaired_dmarc(dmarc_.own_texts, domain_);
    text = replaced(text, "; p=none", "; p=quarantine");
    return replaced(text, "; t=y", "");
  }

  const std::string& domain_;
  std::string name_;
  const DmarcState& dmarc_;
  Answers& answers_;
  Findings findings_;
};

}  // namespace

Findings check_bimi(const Inquiry& inquiry, const DmarcState& dmarc, Answers& answers) {
  return Check(inquiry, dmarc, answers).run();
}

}  // namespace ruaudit::assess::records
