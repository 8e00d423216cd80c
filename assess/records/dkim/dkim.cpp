#include "assess/records/dkim/dkim.hpp"

#include <algorithm>

#include "assess/records/text.hpp"
#include "model/ascii.hpp"

namespace ruaudit::assess::records {
namespace {

// What services and mail servers call their selectors by default, as their manuals say.
constexpr std::string_view usual_selectors[] = {"default",   "dkim",   "mail",  "s1",         "s2",       "selector1",
                                                "selector2", "google", "k1",    "k2",         "k3",       "key1",
                                                "smtp",      "mx",     "dkim1", "mailjet",    "mandrill", "zoho",
                                                "fm1",       "fm2",    "fm3",   "protonmail", "sig1",     "mta"};

struct Selector {
  std::string name{};
  SelectorUse use = SelectorUse::named;
};

class Check {
 public:
  Check(const Inquiry& inquiry, Parked parked, Answers& answers)
      : inquiry_(inquiry), domain_(inquiry.domain.text()), parked_(parked), answers_(answers) {}

  DkimState run() {
    const auto selectors = known();
    ask_ahead(selectors);
    bool is_any_published = false;
    for (const auto& selector : selectors) is_any_published = one(selector) || is_any_published;
    const bool is_guessing = std::none_of(selectors.begin(), selectors.end(),
                                          [](const Selector& each) { return each.use != SelectorUse::guessed; });
    if (is_guessing && !is_any_published && parked_ == Parked::no && !state_.is_unknown)
      state_.findings.push_back(found("dkim-none-known", at_name(domain_)));
    if (parked_ == Parked::no) historic();
    return std::move(state_);
  }

 private:
  [[nodiscard]] std::string name_of(const std::string& selector) const { return selector + "._domainkey." + domain_; }

  std::vector<Selector> known() const {
    std::vector<Selector> out;
    // "s1._domainkey.example.org" as "s1": panels show the whole name.
    const auto put = [&](const std::string& text, SelectorUse use) {
      const auto name = text.substr(0, ascii::lower(text).find("._domainkey"));
      const auto same = std::find_if(out.begin(), out.end(),
                                     [&](const Selector& each) { return ascii::equal_folded(each.name, name); });
      if (same == out.end())
        out.push_back({name, use});
      else if (use == SelectorUse::seen)
        same->use = use;
    };
    for (const auto& name : inquiry_.selectors) put(name, SelectorUse::named);
    for (const auto& [name, text] : inquiry_.dkim) put(name, SelectorUse::named);
    for (const auto& [name, bits] : inquiry_.expected_bits) put(name, SelectorUse::named);
    for (const auto& name : inquiry_.seen_selectors) put(name, SelectorUse::seen);
    if (out.empty())
      for (const auto name : usual_selectors) out.push_back({std::string(name), SelectorUse::guessed});
    return out;
  }
  void ask_ahead(const std::vector<Selector>& selectors) {
    std::vector<dns::Question> questions;
    for (const auto& selector : selectors) questions.push_back({name_of(selector.name), dns::RecordType::TXT});
    static_cast<void>(answers_.query_all(questions));
  }

  // True when something is published for the selector.
  bool one(const Selector& selector) {
    const auto name = name_of(selector.name);
    const auto answer = answers_.query(name, dns::RecordType::TXT);
    if (answer.is_temporary_error()) {
      state_.is_unknown = true;
      const auto severity = selector.use == SelectorUse::guessed ? Severity::info : Severity::error;
      state_.findings.push_back(found("dns-error", severity, at_name(name),
                                      "a DKIM key was looked up here: " + std::string(model::to_text(answer.status))));
      return false;
    }
    const auto texts = texts_of(answer);
    if (texts.empty()) return missing(selector, name, answer);
    if (texts.size() > 1) return several(name, texts);
    return published(selector, name, texts.front());
  }

  bool missing(const Selector& selector, const std::string& name, const dns::Answer& answer) {
    if (selector.use == SelectorUse::guessed) return false;
    for (const auto& other :
         {name + "." + domain_, selector.name + "." + domain_, selector.name + ".domainkey." + domain_,
          "_domainkey." + selector.name + "." + domain_, "_domainkey." + domain_}) {
      for (const auto& text : texts_of(answers_.query(other, dns::RecordType::TXT))) {
        if (!is_meant_as_key(text)) continue;
        auto finding = found("dkim-wrong-name", at_name(other), "it belongs to " + name);
        if (const auto fix = repaired_key(text)) finding.fix = Fix{*fix, name};
        state_.findings.push_back(std::move(finding));
        return true;
      }
    }
    const auto& chain = answer.cname_chain;
    state_.findings.push_back(
        found("dkim-missing", at_name(name),
              chain.empty() ? std::string() : "it is an alias of " + chain.back() + ", and there is no key"));
    return false;
  }

  // The record with the same key, if it has nothing left to be said against it.
  [[nodiscard]] std::optional<std::string> clean_fix(const std::string& text, std::optional<int> bits) const {
    auto fix = repaired_key(text);
    if (!fix || *fix == text) return std::nullopt;
    const auto review = review_key({.name = "", .text = *fix, .expected_bits = bits});
    return has_fault(review.findings, "dkim-", "") ? std::nullopt : fix;
  }

  bool several(const std::string& name, const std::vector<std::string>& texts) {
    auto finding = found("dkim-multiple", at_name(name), std::to_string(texts.size()) + " texts");
    for (const auto& text : texts) {
      const auto look = is_meant_as_key(text) ? repaired_key(text) : std::nullopt;
      if (look && !has_fault(review_key({.name = "", .text = *look}).findings, "dkim-", "") && !finding.fix)
        finding.fix = Fix{*look, name};
    }
    state_.findings.push_back(std::move(finding));
    return true;
  }

  bool published(const Selector& selector, const std::string& name, const std::string& text) {
    const bool is_guess = selector.use == SelectorUse::guessed;
    if (is_guess && !is_meant_as_key(text)) return false;  // a wildcard answers for everything
    const auto bits = inquiry_.expected_bits.find(selector.name);
    const auto made = bits == inquiry_.expected_bits.end() ? std::nullopt : std::optional(bits->second);
    auto review = review_key({name, text, selector.use, made});
    if (is_guess && review.is_revoked && has_code(state_.findings, "dkim-revoked")) return true;  // a wildcard
    const auto fix = clean_fix(text, made);
    for (auto& finding : review.findings)
      if (finding.severity != Severity::info && fix && finding.code != "dkim-revoked") finding.fix = Fix{*fix, name};
    shared(review, name, text);
    unseen(selector, name, review);
    state_.has_usable_key = state_.has_usable_key || review.is_usable;
    append(state_.findings, std::move(review.findings));
    return true;
  }
  void shared(KeyReview& review, const std::string& name, const std::string& text) {
    if (review.key.empty()) return;
    const auto [first, is_new] = keys_.try_emplace(review.key, name);
    if (is_new || first->second == name) return;
    review.findings.push_back(
        found("dkim-shared-key", at_part(name, text, review.key_begin, 2), "the same as at " + first->second));
  }
  void unseen(const Selector& selector, const std::string& name, const KeyReview& review) {
    const bool is_unseen = selector.use == SelectorUse::named && !inquiry_.seen_selectors.empty() && !review.is_revoked;
    if (is_unseen) state_.findings.push_back(found("dkim-unseen", at_name(name)));
  }

  // DomainKeys (RFC 4870) and ADSP (RFC 5617).
  void historic() {
    struct Old {
      std::string name{};
      std::string_view start{};
    };
    for (const auto& old : {Old{"_domainkey." + domain_, "o="}, Old{"_adsp._domainkey." + domain_, "dkim="}}) {
      for (const auto& text : texts_of(answers_.query(old.name, dns::RecordType::TXT))) {
        const auto folded = ascii::lower(without(text, " \t"));
        const bool is_policy =
            folded.starts_with(old.start) ||
            (old.start == "o=" && (folded.starts_with("t=") || folded.find(";o=") != std::string::npos));
        if (is_policy) state_.findings.push_back(found("dkim-historic-policy", at_name(old.name)));
      }
    }
  }

  const Inquiry& inquiry_;
  const std::string& domain_;
  Parked parked_;
  Answers& answers_;
  std::map<std::string, std::string> keys_;  // key -> first name with it
  DkimState state_;
};

}  // namespace

DkimState check_dkim(const Inquiry& inquiry, Parked parked, Answers& answers) {
  return Check(inquiry, parked, answers).run();
}

}  // namespace ruaudit::assess::records
