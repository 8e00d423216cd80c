#include "verify/dmarc/discovery.hpp"

#include <algorithm>

namespace ruaudit::verify::dmarc {
namespace {

using model::Domain;

constexpr std::size_t shortened_labels = 7;  // RFC 9989 section 4.10 step 4

std::string dmarc_name(const Domain& domain) { return "_dmarc." + domain.text(); }

// The last `labels` labels of a domain that has at least as many.
Domain suffix_of(const Domain& domain, std::size_t labels) {
  const std::string& text = domain.text();
  auto begin = text.size();
  for (; labels > 0 && begin != std::string::npos; --labels) begin = begin == 0 ? 0 : text.rfind('.', begin - 1);
  auto parsed = Domain::parse(begin == std::string::npos ? text : text.substr(begin + 1));
  return parsed ? *parsed : domain;
}

bool is_failure(dns::Status status) {
  dns::Answer answer;
  answer.status = status;
  return answer.is_temporary_error();
}

std::string outcome_of(dns::Status status, std::size_t records) {
  if (is_failure(status)) return "the query failed: " + std::string(model::to_text(status));
  if (records == 0) return "no DMARC record";
  return records == 1 ? "a DMARC record" : "several DMARC records, all discarded";
}

// RFC 9989 section 4.10.2, over the records of one walk, longest name first.
Domain select_organizational_domain(const Domain& start, const std::vector<FoundRecord>& records) {
  for (const auto& found : records) {
    // 1. psd=n: this is it.
    if (found.record.psd == Psd::n) return found.domain;
    // 2. psd=y, but not at the start of the walk: the name one label below.
    if (found.record.psd == Psd::y && found.domain != start) return suffix_of(start, found.domain.label_count() + 1);
  }
  // 3. The record at the name with the fewest labels; without any, the start itself.
  return records.empty() ? start : records.back().domain;
}

}  // namespace

std::vector<Domain> walk_targets(const Domain& start) {
  std::vector<Domain> targets{start};
  const auto labels = start.label_count();
  for (auto left = std::min(labels - 1, shortened_labels); left > 0; --left) targets.push_back(suffix_of(start, left));
  return targets;
}

void Finder::ask(const std::vector<dns::Question>& questions) {
  if (questions.empty()) return;
  auto answers = resolver_.query_all(questions);
  for (std::size_t i = 0; i < questions.size() && i < answers.size(); ++i) {
    LookUp found{.status = answers[i].status};
    for (const auto& record : answers[i].txt)
      // RFC 9989 section 4.10 steps 2 and 6: what does not start with the version is discarded.
      if (auto text = record.text(); is_record(text)) found.records.push_back(std::move(text));
    look_ups_.insert_or_assign(questions[i].name, std::move(found));
  }
}

void Finder::prefetch(std::span<const Domain> domains) {
  std::vector<dns::Question> questions;
  for (const auto& domain : domains)
    for (const auto& target : walk_targets(domain))
      if (const auto name = dmarc_name(target); look_ups_.try_emplace(name).second)
        questions.push_back({name, dns::RecordType::TXT});
  ask(questions);
}

const Finder::LookUp& Finder::look_up(const Domain& domain) {
  const auto name = dmarc_name(domain);
  if (!look_ups_.contains(name)) ask({{name, dns::RecordType::TXT}});
  return look_ups_[name];
}

DiscoveryStep Finder::step(const Domain& domain) {
  const auto& found = look_up(domain);
  return {dmarc_name(domain), found.status, found.records, outcome_of(found.status, found.records.size())};
}

Walk Finder::walk(const Domain& start) {
  Walk walk;
  // Step 1 asks for the start alone: most often its record answers the question at hand.
  static_cast<void>(look_up(start));
  for (const auto& target : walk_targets(start)) {
    if (walk.steps.size() == 1) prefetch({&start, 1});
    walk.steps.push_back(step(target));
    const auto& done = walk.steps.back();
    walk.has_dns_error = is_failure(done.status);
    if (walk.has_dns_error) return walk;
    // Steps 2 and 6: several records at one name are all discarded; psd=y and psd=n end the walk.
    if (done.records.size() != 1) continue;
    walk.records.push_back({target, parse_record(done.records.front(), rules_)});
    if (walk.records.back().record.psd == Psd::u) continue;
    walk.steps.back().outcome +=
        walk.records.back().record.psd == Psd::y ? ", psd=y ends the walk" : ", psd=n ends the walk";
    return walk;
  }
  return walk;
}

std::optional<Domain> Finder::organizational_domain(const Domain& domain) {
  if (rules_ == Rules::rfc7489) return list_->organizational_domain(domain);
  const auto done = walk(domain);
  if (done.has_dns_error) return std::nullopt;
  return select_organizational_domain(domain, done.records);
}

Discovery Finder::discover(const Domain& author) {
  return rules_ == Rules::rfc9989 ? discover_by_walk(author) : discover_by_list(author);
}

// RFC 9989 section 4.10.1: the Author Domain's own record, else that of its Organizational Domain, else that of its
// Public Suffix Domain. The walk from the parent is the rest of the walk from the Author Domain.
Discovery Finder::discover_by_walk(const Domain& author) {
  auto done = walk(author);
  Discovery discovery{.steps = std::move(done.steps)};
  if (!done.has_dns_error) discovery.organizational_domain = select_organizational_domain(author, done.records);
  if (!done.records.empty() && done.records.front().domain == author) {
    discovery.policy = std::move(done.records.front());
    return discovery;
  }
  discovery.has_dns_error = done.has_dns_error;
  if (done.has_dns_error || done.records.empty()) return discovery;
  for (auto& found : done.records)
    if (found.domain == *discovery.organizational_domain) discovery.policy = found;
  // psd=y ends a walk, so the Public Suffix Domain is the last that was found.
  if (!discovery.policy && done.records.back().record.psd == Psd::y) discovery.policy = done.records.back();
  return discovery;
}

// RFC 7489 section 6.6.3
Discovery Finder::discover_by_list(const Domain& author) {
  Discovery discovery;
  discovery.organizational_domain = list_->organizational_domain(author);
  for (const auto& domain : {author, *discovery.organizational_domain}) {
    discovery.steps.push_back(step(domain));
    auto& last = discovery.steps.back();
    discovery.has_dns_error = is_failure(last.status);
    if (discovery.has_dns_error) return discovery;
    // Step 5: exactly one record is used; several end the discovery.
    if (last.records.size() == 1) discovery.policy = {domain, parse_record(last.records.front(), rules_)};
    if (last.records.size() > 1) last.outcome = "several DMARC records, discovery ends";
    // Step 3: only an empty set leads to the Organizational Domain, if that is another name.
    if (!last.records.empty() || domain == *discovery.organizational_domain) return discovery;
  }
  return discovery;
}

}  // namespace ruaudit::verify::dmarc
