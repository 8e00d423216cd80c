#include "assess/records/dmarc/record.hpp"

#include <algorithm>
#include <set>

#include "assess/records/dmarc/tags.hpp"
#include "assess/records/report_uri.hpp"
#include "assess/records/text.hpp"
#include "model/ascii.hpp"

namespace ruaudit::assess::records {
namespace {

using model::Policy;

class Review {
 public:
  Review(const std::string& name, std::string_view text, OwnerLevel level) : name_(name), text_(text), level_(level) {}

  DmarcReview run() {
    version();
    const auto tags = split_tags(text_);
    for (std::size_t i = 1; i < tags.size(); ++i) tag(tags[i], i);
    out_.record = verify::dmarc::parse_record(trim(text_), verify::dmarc::Rules::rfc9989);
    consequences();
    return std::move(out_);
  }

 private:
  void add(std::string_view code, Place place, std::string detail = {}) {
    out_.findings.push_back(found(code, std::move(place), std::move(detail)));
  }
  void add(Severity severity, std::string_view code, Place place, std::string detail) {
    out_.findings.push_back(found(code, severity, std::move(place), std::move(detail)));
  }
  [[nodiscard]] Place whole(const TagPiece& tag) const {
    return at_part(name_, text_, tag.whole.begin, tag.whole.text.size());
  }
  [[nodiscard]] Place head(const TagPiece& tag, std::size_t more) const {  // the name, with "=" when more is 1
    return at_part(name_, text_, tag.whole.begin, tag.name.size() + more);
  }

  void version() {
    if (text_.starts_with(' ') || text_.starts_with('\t')) add("dmarc-leading-blank", at_name(name_));
    const auto first = trim(text_);
    if (first.starts_with('V'))
      add(Severity::warning, "dmarc-version", at_part(name_, text_, text_.find('V'), 8),
          "a capital V: some receivers compare case-sensitively");
  }

  void tag(const TagPiece& tag, std::size_t number) {
    const auto tag_name = ascii::lower(tag.name);
    if (!tag.has_equals) return add("dmarc-tag-syntax", whole(tag), "there is no \"=\"");
    if (!is_tag_name(tag_name)) return add("dmarc-tag-syntax", whole(tag), "the name of a tag has letters only");
    if (grown_together(tag_name, tag.value)) {
      seen_.insert(tag_name);
      return add("dmarc-tag-syntax", whole(tag), "a semicolon is missing: two tags are joined");
    }
    if (!is_dmarc_tag(tag_name)) return add("dmarc-unknown-tag", head(tag, 0), "there is no tag " + tag_name);
    if (!seen_.insert(tag_name).second) return add("dmarc-duplicate-tag", whole(tag), tag_name + " occurs twice");
    if (tag.value.empty()) return add("dmarc-tag-syntax", head(tag, 1), "the value is missing");
    if (tag_name == "p" && number != 1)
      add("dmarc-p-not-second", whole(tag), "RFC 7489 requires p right after the version");
    value(tag, tag_name);
  }

  void value(const TagPiece& tag, const std::string& tag_name) {
    if (tag_name == "rua" || tag_name == "ruf") return uris(tag, tag_name);
    if (tag_name == "pct" && tag.value != "100")
      return add("dmarc-pct", head(tag, 1), "pct=" + std::string(tag.value) + " means different things to receivers");
    if (is_historic_tag(tag_name)) return add("dmarc-historic-tag", whole(tag), tag_name + " is ignored");
    if (is_valid_value(tag_name, ascii::lower(tag.value))) return;
    const auto said = "\"" + std::string(tag.value) + "\" is not " + allowed_values(tag_name);
    if (is_policy_tag(tag_name)) return add("dmarc-p-invalid", head(tag, 0), said);
    add("dmarc-value-invalid", head(tag, 1), said);
  }

  void uris(const TagPiece& tag, const std::string& tag_name) {
    for (const auto& item : split(tag.value, ',', tag.value_begin)) {
      const auto verdict = judge_uri(item.text);
      auto place = item.text.empty() ? head(tag, 1) : at_part(name_, text_, item.begin, item.text.size());
      if (!verdict.host.empty())
        out_.uris.push_back({tag_name, std::string(item.text.substr(0, item.text.find('!'))), verdict.host, place});
      if (const auto code = code_of(verdict.fault); !code.empty()) add(code, std::move(place), verdict.why);
    }
  }

  static std::string_view code_of(UriFault fault) {
    switch (fault) {
      case UriFault::none:
        return {};
      case UriFault::no_scheme:
        return "dmarc-uri-no-scheme";
      case UriFault::blank:
        return "dmarc-uri-blank";
      case UriFault::other_scheme:
        return "dmarc-uri-scheme";
      case UriFault::size_suffix:
        return "dmarc-uri-size";
      default:
        return "dmarc-uri-syntax";
    }
  }

  // What the record means as a whole.
  void consequences() {
    const auto& record = out_.record;
    if (!seen_.contains("p")) add("dmarc-p-missing", at_name(name_));
    if (!seen_.contains("rua")) add("dmarc-rua-missing", at_name(name_));
    if (record.p == Policy::none) add("dmarc-p-none", at_name(name_));
    if (record.is_testing && record.p && *record.p != Policy::none) add("dmarc-test-mode", at_name(name_));
    for (const auto& tag : split_tags(text_)) {
      const auto tag_name = ascii::lower(tag.name);
      if (tag_name == "fo" && !seen_.contains("ruf")) add("dmarc-fo-without-ruf", head(tag, 1));
      if (tag_name == "sp" || tag_name == "np") subpolicy(tag, tag_name);
    }
  }

  void subpolicy(const TagPiece& tag, const std::string& tag_name) {
    const auto& record = out_.record;
    if (level_ == OwnerLevel::below) return add("dmarc-sp-ignored", head(tag, 1));
    const auto own = tag_name == "sp" ? record.sp : record.np;
    const auto above = tag_name == "np" && record.sp ? record.sp : record.p;
    if (own && above && strength(*own) < strength(*above))
      add("dmarc-subpolicy-weaker", head(tag, 1),
          tag_name + "=" + std::string(model::to_text(*own)) + " under " + std::string(model::to_text(*above)));
  }

  const std::string& name_;
  std::string_view text_;
  OwnerLevel level_;
  std::set<std::string> seen_;
  DmarcReview out_;
};

}  // namespace

DmarcReview review_dmarc_record(const std::string& name, std::string_view text, OwnerLevel level) {
  return Review(name, text, level).run();
}

bool is_meant_as_dmarc(std::string_view text) {
  const auto start = ascii::lower(without(text.substr(0, 40), " \t\"'\\"));
  if (start.find("dmarc") != std::string::npos || start.starts_with("v=dm")) return true;
  const auto whole = ascii::lower(without(text, " \t\"'\\"));
  const bool has_policy = whole.starts_with("p=none") || whole.starts_with("p=quarantine") ||
                          whole.starts_with("p=reject") || whole.find(";p=") != std::string::npos;
  return has_policy && !whole.starts_with("v=dkim") && !whole.starts_with("k=") && !whole.starts_with("v=spf");
}

Finding version_fault(const std::string& name, std::string_view text) {
  const auto versioned = ascii::lower(text).find("v=dmarc");
  const auto at = versioned == std::string::npos ? ascii::lower(text).find("dmarc") : versioned + 2;
  if (at == std::string::npos) return found("dmarc-version", at_name(name), "the version tag is missing");
  const auto begin = text.substr(0, at).find_last_of("vV");
  const auto from = begin == std::string_view::npos ? at : begin;
  const auto end = std::min(text.size(), text.find_first_of(" \t;,\"", at));
  return found("dmarc-version", at_part(name, text, from, end - from), "it must be exactly v=DMARC1 and a semicolon");
}

}  // namespace ruaudit::assess::records
