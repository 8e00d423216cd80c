#include "verify/authenticity/decide.hpp"

#include <algorithm>
#include <string_view>

#include "model/ascii.hpp"

namespace ruaudit::verify::authenticity {
namespace {

using model::Authenticity;
using model::Domain;

// Organizations that report under one of their domains and sign as another (seen in real reports).
struct KnownPair {
  std::string_view one, other;
};
constexpr KnownPair known_pairs[] = {{"outlook.com", "microsoft.com"},
                                     {"godaddy.com", "secureserver.net"},
                                     {"yahoo.com", "yahooinc.com"},
                                     {"mimecast.org", "mimecastreport.com"}};
// Services that report in the name of each customer: their domain stands for any org_name, if the e-mail is theirs too.
constexpr std::string_view known_services[] = {"iphmx.com"};

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n<>\"");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n<>\"") - begin + 1);
}

// A name with a dot; "Receiver Inc." and "AMAZON-SES" are no domains.
std::optional<Domain> domain_in(std::string_view text) {
  text = trimmed(text);
  if (text.find('.') == std::string_view::npos || text.find_first_of(" \t") != std::string_view::npos ||
      text.ends_with('.'))
    return std::nullopt;
  auto domain = Domain::parse(text);
  return domain ? std::optional(std::move(*domain)) : std::nullopt;
}

std::optional<Domain> domain_of_address(std::string_view address) {
  const auto at = address.rfind('@');
  return at == std::string_view::npos ? std::nullopt : domain_in(address.substr(at + 1));
}

// RFC 7489 section 7.2.1.1, RFC 9990 section 3.5: submitter "!" policy-domain "!" begin "!" end ...
std::optional<Domain> submitter_of_file(std::string_view name) {
  name = name.substr(name.find_last_of("/\\") + 1);
  const auto mark = name.find('!');
  return mark == std::string_view::npos ? std::nullopt : domain_in(name.substr(0, mark));
}

std::optional<Domain> submitter_of_subject(std::string_view subject) {
  constexpr std::string_view key = "submitter:";
  const auto found = std::search(subject.begin(), subject.end(), key.begin(), key.end(),
                                 [](char have, char want) { return want == ascii::lower(have); });
  if (found == subject.end()) return std::nullopt;
  const std::string_view rest = subject.substr(static_cast<std::size_t>(found - subject.begin()) + key.size());
  const auto word = rest.find_first_not_of(" \t");
  if (word == std::string_view::npos) return std::nullopt;
  return domain_in(rest.substr(word, rest.find_first_of(" \t", word) - word));
}

struct Name {
  std::string_view label;
  Domain domain;
};

class Judge {
 public:
  Judge(const Claims& claims, const Carrier& carrier, const Rules& rules) : carrier_(carrier), rules_(rules) {
    add("file name", submitter_of_file(claims.file_name));
    add("subject", submitter_of_subject(claims.subject));
    add("e-mail", domain_of_address(claims.email));
    org_name_ = domain_in(claims.org_name);
    org_text_ = std::string(trimmed(claims.org_name)).substr(0, 200);
  }

  [[nodiscard]] Decision decide() const {
    if (!carrier_.author) return unauthenticated(Reason::no_author, "From holds no domain, or several");
    const Proof* mismatch = nullptr;
    const Proof* stranger = nullptr;
    const Proof* unaligned = nullptr;
    for (const auto& proof : carrier_.proofs) {
      if (!is_same(proof.domain, *carrier_.author)) {
        unaligned = &proof;
      } else if (names_of(proof.domain).empty() && !is_org(proof.domain)) {
        stranger = &proof;
      } else if (contradicts_org(proof.domain)) {
        mismatch = &proof;
      } else {
        return authenticated(proof);
      }
    }
    if (const auto open = indeterminate()) return *open;
    if (mismatch != nullptr)
      return unauthenticated(Reason::name_mismatch, mismatch->text + ", but the report speaks for " + org_text_);
    if (stranger != nullptr)
      return unauthenticated(Reason::other_domain, stranger->text + ", but the report speaks for " + spoken_for());
    if (unaligned != nullptr)
      return unauthenticated(Reason::not_aligned, unaligned->text + ", but From is of " + carrier_.author->text());
    if (!carrier_.gaps.empty()) return unauthenticated(Reason::broken, carrier_.gaps.front().text);
    return unauthenticated(Reason::unsigned_mail, "no signature, and no SPF pass that is known of");
  }

 private:
  void add(std::string_view label, std::optional<Domain> domain) {
    if (domain) names_.push_back({label, std::move(*domain)});
  }

  // Of one organization: the same Organizational Domain (RFC 7489 section 3.2), or a pair that is known or was given.
  [[nodiscard]] bool is_same(const Domain& a, const Domain& b) const {
    const Domain one = rules_.list.organizational_domain(a), other = rules_.list.organizational_domain(b);
    if (one == other) return true;
    const auto is_pair = [&](std::string_view x, std::string_view y) {
      return (one.text() == x && other.text() == y) || (one.text() == y && other.text() == x);
    };
    return std::any_of(std::begin(known_pairs), std::end(known_pairs),
                       [&](const KnownPair& pair) { return is_pair(pair.one, pair.other); }) ||
           std::any_of(rules_.same.begin(), rules_.same.end(), [&](const SameOrganization& pair) {
             return is_pair(rules_.list.organizational_domain(pair.one).text(),
                            rules_.list.organizational_domain(pair.other).text());
           });
  }

  [[nodiscard]] std::vector<std::string_view> names_of(const Domain& domain) const {
    std::vector<std::string_view> labels;
    for (const auto& name : names_)
      if (is_same(name.domain, domain)) labels.push_back(name.label);
    return labels;
  }
  [[nodiscard]] bool is_org(const Domain& domain) const { return org_name_ && is_same(*org_name_, domain); }

  [[nodiscard]] bool contradicts_org(const Domain& domain) const {
    if (!org_name_ || is_org(domain)) return false;
    const auto service = rules_.list.organizational_domain(domain).text();
    const auto labels = names_of(domain);
    const bool is_service =
        std::find(std::begin(known_services), std::end(known_services), service) != std::end(known_services);
    return !is_service || std::find(labels.begin(), labels.end(), "e-mail") == labels.end();
  }

  [[nodiscard]] bool is_relevant(const Gap& gap) const {
    return gap.domain && is_same(*gap.domain, *carrier_.author) &&
           (!names_of(*gap.domain).empty() || is_org(*gap.domain)) && !contradicts_org(*gap.domain);
  }

  [[nodiscard]] std::optional<Decision> indeterminate() const {
    for (const auto& [obstacle, reason] :
         {std::pair{Obstacle::dns_failure, Reason::dns_failure}, std::pair{Obstacle::key_gone, Reason::key_gone}})
      for (const auto& gap : carrier_.gaps)
        if (gap.obstacle == obstacle && is_relevant(gap))
          return Decision{Authenticity::indeterminate, reason, {}, gap.text};
    return std::nullopt;
  }

  [[nodiscard]] Decision authenticated(const Proof& proof) const {
    auto labels = names_of(proof.domain);
    if (is_org(proof.domain)) labels.push_back("org_name");
    std::string text = proof.text + ": the domain of ";
    for (std::size_t i = 0; i < labels.size(); ++i) text.append(i == 0 ? "" : ", ").append(labels[i]);
    return {Authenticity::authenticated, Reason::proved, proof.domain.text(), std::move(text)};
  }

  static Decision unauthenticated(Reason reason, std::string text) {
    return {Authenticity::unauthenticated, reason, {}, std::move(text)};
  }

  [[nodiscard]] std::string spoken_for() const {
    if (org_name_) return org_name_->text();
    if (!names_.empty()) return names_.front().domain.text();
    return org_text_.empty() ? "nobody" : org_text_;
  }

  const Carrier& carrier_;
  const Rules& rules_;
  std::vector<Name> names_;
  std::optional<Domain> org_name_;
  std::string org_text_;
};

}  // namespace

Decision decide(const Claims& claims, const Carrier& carrier, const Rules& rules) {
  return Judge(claims, carrier, rules).decide();
}

}  // namespace ruaudit::verify::authenticity
