#include "jobs/simulate/spf_replay.hpp"

#include <algorithm>

#include "jobs/threads/workers.hpp"

namespace ruaudit::jobs {
namespace {

namespace spf = verify::spf;
using assess::simulate::NewSpf;

// RFC 7208 section 7.2: macros of the sender and of the HELO name.
bool asks_for_sender(std::string_view term) {
  for (auto at = term.find("%{"); at != std::string_view::npos && at + 2 < term.size(); at = term.find("%{", at + 2))
    if (std::string_view("sSlLhH").find(term[at + 2]) != std::string_view::npos) return true;
  return false;
}

bool has_macro_target(std::string_view term) { return term.find("%{") != std::string_view::npos; }

std::string because(const spf::CheckResult& check) {
  if (check.problem)
    return check.problem->text.empty() ? std::string(model::to_text(check.problem->problem)) : check.problem->text;
  if (!check.path.empty()) return check.path.front().term;
  if (check.decided_by) return check.decided_by->term + " of " + check.decided_by->domain;
  return check.result == model::SpfResult::neutral ? "no term matches" : std::string();
}

// Terms before the one that decides did not match a sender that nobody knows; with the true one they might have. A pass
// is certain unless such a term gave it.
bool is_open(const spf::CheckResult& check) {
  const bool is_pass = check.result == model::SpfResult::pass;
  if (is_pass)
    return (check.decided_by && asks_for_sender(check.decided_by->term)) ||
           std::any_of(check.path.begin(), check.path.end(),
                       [](const auto& step) { return asks_for_sender(step.term); });
  return std::any_of(check.lookups.list.begin(), check.lookups.list.end(),
                     [](const auto& use) { return asks_for_sender(use.term); });
}

}  // namespace

std::vector<SpfIdentity> spf_identities(const model::AuthPattern& pattern) {
  std::vector<SpfIdentity> identities;
  for (const auto& result : pattern.spf_results)
    identities.push_back({result.domain, result.scope == model::SpfScope::helo || pattern.envelope_from == ""});
  if (identities.empty() && pattern.envelope_from && !pattern.envelope_from->empty())
    identities.push_back({*pattern.envelope_from, false});
  return identities;
}

bool SpfReplay::is_touched(const std::string& domain) {
  const auto [at, is_new] = touched_.try_emplace(domain, domain == plan_.changed);
  if (!is_new || at->second || domain.empty()) return at->second;
  // Addresses that no record lists: the whole record is evaluated.
  const auto far6 = model::IpAddress::parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe");
  for (const auto& far : {model::IpAddress::v4(0xfffffffe), *far6}) {
    const spf::Session session{.ip = far, .helo = domain, .mail_from = "postmaster@" + domain, .time = plan_.now};
    const auto check = spf::check_mail_from(session, dns_, {.cache = &records_});
    for (const auto& use : check.lookups.list) {
      const bool is_changed = use.question.type == verify::dns::RecordType::TXT && use.question.name == plan_.changed;
      const bool may_lead_there = has_macro_target(use.term) && use.question.type == verify::dns::RecordType::TXT;
      if (is_changed || may_lead_there) return at->second = true;
    }
  }
  return false;
}

std::size_t SpfReplay::want(std::uint32_t source, const SpfIdentity& identity) {
  const auto [at, is_new] = identity_places_.try_emplace(identity, static_cast<std::uint32_t>(identities_.size()));
  if (is_new) identities_.push_back(identity);
  const auto [place, is_first] = places_.try_emplace(std::uint64_t{source} << 32U | at->second, wanted_.size());
  if (is_first) wanted_.push_back({source, at->second});
  return place->second;
}

NewSpf SpfReplay::check(const spf::Session& session, bool is_helo, bool is_sender_known) const {
  const spf::Options options{.cache = &records_};
  const auto check = is_helo ? spf::check_helo(session, dns_, options) : spf::check_mail_from(session, dns_, options);
  return {.result = check.result, .because = because(check), .is_of_local_part = !is_sender_known && is_open(check)};
}

void SpfReplay::evaluate(const std::vector<std::string>& addresses) {
  answers_.resize(wanted_.size());
  in_parallel(wanted_.size(), plan_.threads, [&](std::size_t i) {
    const auto ip = model::IpAddress::parse(addresses[wanted_[i].source]);
    const auto& identity = identities_[wanted_[i].identity];
    if (!ip || identity.domain.empty()) return;
    const spf::Session session{
        .ip = *ip, .helo = identity.domain, .mail_from = "postmaster@" + identity.domain, .time = plan_.now};
    answers_[i] = check(session, identity.is_helo, identity.is_helo);
  });
}

}  // namespace ruaudit::jobs
