#include <algorithm>
#include <set>
#include <tuple>

#include "assess/findings/senders.hpp"
#include "assess/overview/gate_parts.hpp"

namespace ruaudit::assess {
namespace {

using model::FindingKind;
using model::GateBlock;
using model::say;
using model::say_count;
using model::Sentence;
using model::Severity;

// Findings about mail that is the owner's, or may be: as long as they stand, a stricter policy loses mail.
bool is_blocking(const model::Finding& finding) {
  switch (finding.kind) {
    case FindingKind::dkim_broken:
    case FindingKind::spf_broken:
    case FindingKind::sender_unaligned:
    case FindingKind::own_mail_harmed:
    case FindingKind::unknown_steady:
    case FindingKind::record_broken:
    case FindingKind::mailbox_trouble:
      return true;
    case FindingKind::new_sender:
      return finding.severity >= Severity::ask;
    default:
      return false;
  }
}

// What a label is given to: the service, the address, or the network where all addresses are in it.
std::string whose_it_is(const model::FindingSubject& subject) {
  const auto& sources = subject.sources;
  if (!subject.service.empty() || sources.empty()) return subject.service;
  const auto place = place_of(sources.front());
  const bool are_together = sources.size() > 1 && std::all_of(sources.begin(), sources.end(), [&](const auto& source) {
                              return place_of(source) == place;
                            });
  return are_together ? place : sources.front();
}

void findings_that_block(const GateFacts& facts, std::vector<GateBlock>& blocks) {
  for (const auto& [number, finding, is_snoozed, until] : facts.findings) {
    if (!is_blocking(finding) || is_snoozed) continue;
    const bool is_unknown = finding.kind == FindingKind::unknown_steady;
    const auto whose = whose_it_is(finding.subject);
    blocks.push_back(
        {.code = "finding",
         .text = finding.evidence.empty() ? Sentence(model::to_text(finding.kind)) : finding.evidence.front(),
         // Of a stranger there is nothing to do but to say that he is one: until then it stands in the way.
         .needs = is_unknown ? say("Say who {} belongs to: ruaudit label {} mine|service|unwanted", whose, whose)
                  : finding.action.empty() ? say("see 'ruaudit show {}'", std::to_string(number))
                                           : finding.action,
         .messages = finding.messages,
         .finding_id = finding.id,
         .number = number});
  }
}

// Own mail that fails, of the sources that a finding tells of which is left alone: each source once, whatever the
// finding counts, which may be mail of strangers, mail that passes by the other mechanism, or mail of other days.
std::int64_t snoozed_messages(const GateFacts& facts) {
  std::set<std::string> told;
  for (const auto& one : facts.findings)
    if (one.is_snoozed && is_blocking(one.finding))
      told.insert(one.finding.subject.sources.begin(), one.finding.subject.sources.end());
  std::int64_t messages = 0;
  for (const auto& [address, failing] : facts.failing_sources)
    if (told.contains(address) || told.contains(place_of(address))) messages += failing;
  return messages;
}

void failing_mail(const GateFacts& facts, std::vector<GateBlock>& blocks) {
  const auto& own = facts.basis.own;
  const bool is_told =
      std::any_of(blocks.begin(), blocks.end(), [](const GateBlock& block) { return block.messages > 0; });
  const auto failed = facts.decided() - own.passed - snoozed_messages(facts);
  if (is_told || failed < 5 || !is_over(failed, facts.decided(), gate_limits::failing_percent)) return;
  blocks.push_back({.code = "own-mail-fails",
                    .text = say("{} of your own fail DMARC", share_of(failed, facts.decided())),
                    .needs = say("find out which: ruaudit query --name own-failing, --name not-aligned-services"),
                    .messages = failed});
}

// A host that sends little, such as one that watches others, is no share of anything: all of its mail would be lost.
void failing_hosts(const GateFacts& facts, std::vector<GateBlock>& blocks) {
  for (const auto& host : facts.failing_hosts) {
    const bool is_told = std::any_of(facts.findings.begin(), facts.findings.end(), [&](const auto& numbered) {
      const auto& sources = numbered.finding.subject.sources;
      return is_blocking(numbered.finding) && std::any_of(sources.begin(), sources.end(), [&](const auto& source) {
               return source == host.address || place_of(source) == host.address;
             });
    });
    if (is_told) continue;
    blocks.push_back(
        {.code = "own-host-fails",
         .text = say_count("{0} message of {1} fails DMARC, and none is known to pass",
                           "{0} messages of {1} fail DMARC, and none is known to pass", host.messages, host.name),
         .needs =
             say("If {} is yours, let it sign with DKIM; else 'ruaudit label {} unwanted'", host.name, host.address),
         .messages = host.messages});
  }
}

// Most mail by one mechanism: what breaks that one breaks everything. RFC 9989 section 8: both, and SPF alone never
// below p=reject.
void mechanisms(const GateFacts& facts, int target, std::vector<GateBlock>& blocks) {
  const auto& own = facts.basis.own;
  for (const auto& [messages, has, lacks] :
       {std::tuple(own.only_spf, "SPF", "DKIM"), std::tuple(own.only_dkim, "DKIM", "SPF")}) {
    if (is_over(messages, own.passed, gate_limits::one_mechanism_percent)) {
      blocks.push_back({.code = "one-mechanism",
                        .text = say("{} of your own pass by {} only", share_of(messages, own.passed), has),
                        .needs = say("aligned {} as well, for at least half of your mail", lacks),
                        .messages = messages});
      return;
    }
  }
  if (target == 2 && is_over(own.only_spf, own.passed, gate_limits::spf_alone_percent))
    blocks.push_back(
        {.code = "spf-alone",
         .text = say("{} of your own pass by SPF only; p=reject must not rest on SPF alone (RFC 9989 section 8)",
                     share_of(own.only_spf, own.passed)),
         .needs = say("aligned DKIM signatures on all but 5 % of your mail"),
         .messages = own.only_spf});
}

void amount(const GateFacts& facts, std::vector<GateBlock>& blocks) {
  const auto& basis = facts.basis;
  if (basis.days < gate_limits::days)
    blocks.push_back({.code = "span",
                      .text = say_count("reports reach back {} day", "reports reach back {} days", basis.days),
                      .needs = say_count("{} day of reports", "{} days of reports", gate_limits::days)});
  else if (basis.covered_days < gate_limits::covered_of_30)
    blocks.push_back(
        {.code = "coverage",
         .text = say_count("reports cover {} of the last 30 days", "reports cover {} of the last 30 days",
                           basis.covered_days),
         .needs = say("reports for {} of 30 days: ruaudit status, ruaudit doctor", gate_limits::covered_of_30)});
  if (basis.own.messages >= gate_limits::own_messages && is_undecided(facts)) return;
  if (basis.own.messages >= gate_limits::own_messages && facts.decided() < gate_limits::own_messages)
    blocks.push_back(
        {.code = "few-messages",
         .text = say_count("of your own messages in these days only {} is known to pass or to fail",
                           "of your own messages in these days only {} are known to pass or to fail", facts.decided()),
         .needs = say_count("{} message of which it is known", "{} messages of which it is known",
                            gate_limits::own_messages)});
  if (basis.own.messages < gate_limits::own_messages)
    blocks.push_back(
        {.code = "few-messages",
         .text = basis.own.messages == 0
                     ? say("no message of your own was reported in these days")
                     : say_count("only {} message of your own was reported in these days",
                                 "only {} messages of your own were reported in these days", basis.own.messages),
         .needs =
             say_count("{} message; if the domain sends no mail, name it in `parked`",
                       "{} messages; if the domain sends no mail, name it in `parked`", gate_limits::own_messages)});
}

// Unknown is no failure: it blocks only where too little else is known, and names whom to ask.
void undecided(const GateFacts& facts, std::vector<GateBlock>& blocks) {
  if (!is_undecided(facts)) return;
  const bool is_dns = facts.unchecked > facts.unsaid;
  blocks.push_back(
      {.code = "undecided",
       .text = say("whether {} of your own pass is not known", share_of(facts.undecided(), facts.basis.own.messages)),
       .needs = is_dns ? say("let your name servers answer at all times: ruaudit check {}", facts.domain)
                       : say("ask the reporters that do not say it: ruaudit query \"SELECT reporter, "
                             "sum(message_count) FROM v_record WHERE policy_domain = '{}' AND counted "
                             "AND 'pass' NOT IN (dmarc_dkim, dmarc_spf) AND 'unknown' IN (dmarc_dkim, "
                             "dmarc_spf) GROUP BY reporter\"",
                             facts.domain),
       .messages = facts.undecided()});
}

void proof(const GateFacts& facts, std::vector<GateBlock>& blocks) {
  const auto& basis = facts.basis;
  if (basis.proven * 100 >= basis.messages * gate_limits::proven_percent) return;
  blocks.push_back({.code = "unproven",
                    .text = basis.proven == 0 ? say("no report proves where it comes from")
                                              : say("only {} are in reports that prove where they come from",
                                                    share_of(basis.proven, basis.messages)),
                    .needs = say("name your receiving server in trusted_authserv_ids, then run ruaudit authenticate")});
}

// RFC 9989 section 7.4: p=none for at least a month, then p=quarantine for as long, before p=reject.
void month(const GateFacts& facts, std::vector<GateBlock>& blocks) {
  const auto& policy = facts.policy;
  if (!policy.p || policy.is_testing) return;
  const bool is_none = *policy.p == model::Policy::none;
  if (*policy.p == model::Policy::reject || (is_none && !posts_to_lists(facts))) return;
  const auto days = policy.since ? facts.today - *policy.since : 0;
  if (days >= gate_limits::days) return;
  const auto p = model::to_text(*policy.p);
  auto stood = policy.since ? say_count("p={1} for {0} day so far", "p={1} for {0} days so far", days, p)
                            : say("it is not known since when p={} has been published", p);
  blocks.push_back(
      {.code = "month",
       .text = is_none ? say("{}, and your users post to mailing lists", std::move(stood)) : std::move(stood),
       .needs = say_count("{} day of it (RFC 9989 section 7.4)", "{} days of it (RFC 9989 section 7.4)",
                          gate_limits::days)});
}

}  // namespace

bool is_over(std::int64_t part, std::int64_t whole, int percent) {
  return part > 0 && static_cast<double>(part) > static_cast<double>(whole) / 100 * percent;
}

Sentence share_of(std::int64_t part, std::int64_t whole) {
  return say_count("{1} of {0} message", "{1} of {0} messages", whole, part);
}

Sentence unknown_record() {
  return say("DNS was not asked: run ruaudit enrich; change p in your record and keep the rest");
}

bool is_undecided(const GateFacts& facts) {
  return is_over(facts.undecided(), facts.basis.own.messages, gate_limits::undecided_percent);
}

std::vector<Sentence> undecided_notes(const GateFacts& facts) {
  std::vector<Sentence> notes;
  if (facts.unchecked > 0)
    notes.push_back(say_count("{} message of your own could not be checked: DNS did not answer (temperror)",
                              "{} messages of your own could not be checked: DNS did not answer (temperror)",
                              facts.unchecked));
  if (facts.unsaid > 0)
    notes.push_back(say_count(
        "of {} message of your own the reports do not say whether it passes: it counts neither as passing nor as "
        "failing",
        "of {} messages of your own the reports do not say whether they pass: they count neither as passing nor as "
        "failing",
        facts.unsaid));
  return notes;
}

std::vector<model::SnoozedBlock> snoozed_blocks(const GateFacts& facts) {
  std::vector<model::SnoozedBlock> snoozed;
  for (const auto& one : facts.findings)
    if (one.is_snoozed && is_blocking(one.finding)) snoozed.push_back({one.finding.id, one.number, one.snoozed_until});
  std::sort(snoozed.begin(), snoozed.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  return snoozed;
}

bool posts_to_lists(const GateFacts& facts) { return facts.basis.list_messages >= gate_limits::list_messages; }

std::vector<GateBlock> gate_blocks(const GateFacts& facts, int target) {
  std::vector<GateBlock> blocks;
  findings_that_block(facts, blocks);
  failing_mail(facts, blocks);
  failing_hosts(facts, blocks);
  mechanisms(facts, target, blocks);
  amount(facts, blocks);
  undecided(facts, blocks);
  proof(facts, blocks);
  if (target > 0) month(facts, blocks);
  std::stable_sort(blocks.begin(), blocks.end(), [](const auto& a, const auto& b) { return a.messages > b.messages; });
  return blocks;
}

}  // namespace ruaudit::assess
