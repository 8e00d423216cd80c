#include "jobs/simulate/policy_replay.hpp"

#include <algorithm>

namespace ruaudit::jobs {
namespace {

namespace dmarc = verify::dmarc;
namespace consistency = verify::consistency;
using assess::simulate::Aligned;
using assess::simulate::Policy;

std::string_view top_label(const model::Domain& domain) {
  const std::string_view text = domain.text();
  return text.substr(text.rfind('.') + 1);  // npos + 1 is 0
}

// RFC 9989 section 3.2.13. Nothing where DNS failed: a name that may exist is not taken to.
std::optional<bool> is_missing_by(const verify::dns::Answer& answer) {
  if (answer.is_temporary_error()) return std::nullopt;
  return answer.status == verify::dns::Status::nxdomain && answer.cname_chain.empty();
}

}  // namespace

PolicyReplay::PolicyReplay(PolicyPlan plan, Overlay& dns, const verify::suffix::PublicSuffixList& list)
    : plan_(std::move(plan)),
      dns_(dns),
      list_(list),
      walk_(dns, dmarc::Rules::rfc9989, &list),
      listed_(dns, dmarc::Rules::rfc7489, &list) {}

void PolicyReplay::prefetch(const std::vector<std::string>& header_froms, const std::vector<std::string>& names) {
  std::vector<model::Domain> authors;
  std::vector<verify::dns::Question> questions;
  for (const auto& name : names) questions.push_back({name, verify::dns::RecordType::A});
  for (const auto& name : header_froms) {
    const auto author = model::Domain::parse(name);
    if (!plan_.dmarc || !author || !author->is_at_or_below(plan_.domain)) continue;
    authors.push_back(*author);
    if (*author != plan_.domain) questions.push_back({author->text(), verify::dns::RecordType::A});
  }
  if (plan_.dmarc) {
    walk_.prefetch(authors);
    listed_.prefetch(authors);
  }
  const auto answers = dns_.query_all(questions);
  for (std::size_t i = 0; i < answers.size(); ++i) missing_[questions[i].name] = is_missing_by(answers[i]);
}

const PolicyReplay::Found& PolicyReplay::found(const model::Domain& author, bool is_rfc9990) {
  const auto key = std::make_pair(author.text(), is_rfc9990);
  if (const auto at = found_.find(key); at != found_.end()) return at->second;
  Found out{.author = author, .policy_domain = author};
  const auto discovery = (is_rfc9990 ? walk_ : listed_).discover(author);
  out.is_unknown = discovery.has_dns_error;
  out.is_absent = !out.is_unknown && (!discovery.policy || !discovery.policy->record.is_usable());
  if (discovery.policy) {
    out.record = discovery.policy->record;
    out.policy_domain = discovery.policy->domain;
    out.is_of_change = out.policy_domain == plan_.domain;
  }
  return found_.emplace(key, std::move(out)).first->second;
}

std::optional<bool> PolicyReplay::is_missing(const std::string& name) {
  const auto [at, is_new] = missing_.try_emplace(name, std::nullopt);
  if (is_new) at->second = is_missing_by(dns_.query(name, verify::dns::RecordType::A));
  return at->second;
}

// RFC 9989 section 4.10.1
PolicyReplay::Chosen PolicyReplay::chosen(const Found& found, bool with_np) {
  const auto& record = found.record;
  if (!record.is_policy_valid) return {};
  auto policy = record.p.value_or(model::Policy::none);
  if (found.policy_domain == found.author) return {policy};
  if (record.sp) policy = *record.sp;
  if (!with_np || !plan_.dmarc) return {policy};
  const auto np = dmarc::parse_record(record.text, dmarc::Rules::rfc9989).np;
  if (!np || *np == policy) return {policy};
  const auto is_missing_name = is_missing(found.author.text());
  return {is_missing_name == false ? policy : *np, is_missing_name.has_value()};
}

bool PolicyReplay::asks_existence(const std::string& header_from, const std::string& policy_domain,
                                  const model::ReplayPolicy& published) {
  if (header_from == policy_domain || !published.is_rfc9990 || !published.np) return false;
  return *published.np != published.sp.value_or(published.p.value_or(model::Policy::none));
}

Policy PolicyReplay::as_published(const std::string& header_from, const std::string& policy_domain,
                                  const model::ReplayPolicy& published) {
  const auto p = published.p.value_or(model::Policy::none);
  const bool is_below = header_from != policy_domain;
  const auto sp = is_below ? published.sp.value_or(p) : p;
  const bool has_np = asks_existence(header_from, policy_domain, published);
  const auto is_missing_name = has_np ? is_missing(header_from) : std::optional<bool>(false);
  return {.policy = is_missing_name == false ? sp : *published.np,
          .is_policy_known = is_missing_name.has_value(),
          .other_policy = sp,
          .adkim = published.adkim,
          .aspf = published.aspf,
          .is_testing = published.is_testing,
          .pct = published.pct.value_or(100)};
}

Policy PolicyReplay::policy(const std::string& header_from, const std::string& policy_domain,
                            const model::ReplayPolicy& published) {
  const auto author = model::Domain::parse(header_from);
  if (!plan_.dmarc || !author || !author->is_at_or_below(plan_.domain))
    return as_published(header_from, policy_domain, published);
  const auto& now = found(*author, published.is_rfc9990);
  if (now.is_unknown) return {.state = Policy::State::unknown};
  if (now.is_absent) return {.state = Policy::State::absent};
  if (!now.is_of_change) return as_published(header_from, policy_domain, published);
  const auto old_rules = dmarc::parse_record(now.record.text, dmarc::Rules::rfc7489);
  const auto taken = chosen(now, published.is_rfc9990);
  return {.policy = taken.policy,
          .is_policy_known = taken.is_known,
          .other_policy = chosen(now, !published.is_rfc9990).policy,
          .adkim = now.record.adkim,
          .aspf = now.record.aspf,
          .is_testing = dmarc::parse_record(now.record.text, dmarc::Rules::rfc9989).is_testing,
          .pct = old_rules.pct,
          .is_of_change = true};
}

const consistency::NameFacts& PolicyReplay::facts(const std::string& name) {
  const auto at = facts_.find(name);
  if (at != facts_.end()) return at->second;
  return facts_.emplace(name, consistency::name_facts(name, list_)).first->second;
}

// RFC 9989 section 4.10.2
std::optional<bool> PolicyReplay::aligned_by_walk(const model::Domain& identifier, const model::Domain& author) {
  const auto organization = [this](const model::Domain& domain) -> const std::optional<model::Domain>& {
    const auto at = organizations_.find(domain.text());
    if (at != organizations_.end()) return at->second;
    return organizations_.emplace(domain.text(), walk_.organizational_domain(domain)).first->second;
  };
  const auto& of_author = organization(author);
  if (!of_author) return std::nullopt;
  if (!identifier.is_at_or_below(*of_author)) return false;
  const auto& of_identifier = organization(identifier);
  if (!of_identifier) return std::nullopt;
  return *of_identifier == *of_author;
}

Aligned PolicyReplay::aligned(const std::string& identifier, const std::string& header_from,
                              const std::string& policy_domain, bool is_rfc9990) {
  if (identifier.empty()) return {};
  if (identifier == header_from) return {.is_strict = true, .is_relaxed = true};
  const auto domain = model::Domain::parse(identifier), author = model::Domain::parse(header_from);
  if (!domain || !author || top_label(*domain) != top_label(*author)) return {};
  if (*domain == *author) return {.is_strict = true, .is_relaxed = true};
  if (is_rfc9990 && plan_.dmarc && author->is_at_or_below(plan_.domain))
    return {.is_relaxed = aligned_by_walk(*domain, *author)};
  const consistency::AlignmentRules rules{
      .mode = model::AlignmentMode::r,
      .method = is_rfc9990 ? model::DiscoveryMethod::treewalk : model::DiscoveryMethod::psl,
      .policy_domain = facts(policy_domain)};
  const auto answer = consistency::align(facts(identifier), facts(header_from), rules).by_rule;
  if (answer == model::Alignment::undecidable) return {.is_relaxed = std::nullopt};
  return {.is_relaxed = answer == model::Alignment::aligned};
}

}  // namespace ruaudit::jobs
