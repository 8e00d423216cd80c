#include <fmt/format.h>

#include <algorithm>

#include "assess/overview/gate_parts.hpp"
#include "model/counted.hpp"

namespace ruaudit::assess {
namespace {

using model::FindingKind;
using model::GateBlock;
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

void findings_that_block(const GateFacts& facts, std::vector<GateBlock>& blocks) {
  for (const auto& [number, finding, is_snoozed] : facts.findings) {
    if (!is_blocking(finding)) continue;
    const bool is_unknown = finding.kind == FindingKind::unknown_steady;
    const std::string whose = finding.subject.service.empty() && !finding.subject.sources.empty()
                                  ? finding.subject.sources.front()
                                  : finding.subject.service;
    blocks.push_back(
        {.code = "finding",
         .text = finding.evidence.empty() ? std::string(model::to_text(finding.kind))
                                          : model::english(finding.evidence.front()),
         .needs = !finding.action.empty() ? model::english(finding.action)
                  : is_unknown ? fmt::format("Say whose {} is: ruaudit label {} mine|service|unwanted", whose, whose)
                               : fmt::format("see 'ruaudit show {}'", number),
         .messages = finding.messages,
         .finding_id = finding.id,
         .number = number});
  }
}

void failing_mail(const GateFacts& facts, std::vector<GateBlock>& blocks) {
  const auto& own = facts.basis.own;
  const bool is_told =
      std::any_of(blocks.begin(), blocks.end(), [](const GateBlock& block) { return block.messages > 0; });
  if (is_told || own.failed() < 5 || !is_over(own.failed(), own.messages, gate_limits::failing_percent)) return;
  blocks.push_back({.code = "own-mail-fails",
                    .text = fmt::format("{} of your own fail DMARC", share_text(own.failed(), own.messages)),
                    .needs = "find out which: ruaudit query --name own-failing, --name not-aligned-services",
                    .messages = own.failed()});
}

// Most mail by one mechanism: what breaks that one breaks everything. RFC 9989 section 8: both, and SPF alone never
// below p=reject.
void mechanisms(const GateFacts& facts, int target, std::vector<GateBlock>& blocks) {
  const auto& own = facts.basis.own;
  for (const auto& [messages, has, lacks] :
       {std::tuple(own.only_spf, "SPF", "DKIM"), std::tuple(own.only_dkim, "DKIM", "SPF")}) {
    if (is_over(messages, own.passed, gate_limits::one_mechanism_percent)) {
      blocks.push_back({.code = "one-mechanism",
                        .text = fmt::format("{} of your own pass by {} only", share_text(messages, own.passed), has),
                        .needs = fmt::format("aligned {} as well, for at least half of your mail", lacks),
                        .messages = messages});
      return;
    }
  }
  if (target == 2 && is_over(own.only_spf, own.passed, gate_limits::spf_alone_percent))
    blocks.push_back({.code = "spf-alone",
                      .text = fmt::format("{} of your own pass by SPF only; p=reject must not rest on SPF alone "
                                          "(RFC 9989 section 8)",
                                          share_text(own.only_spf, own.passed)),
                      .needs = "aligned DKIM signatures on all but 5 % of your mail",
                      .messages = own.only_spf});
}

void amount(const GateFacts& facts, std::vector<GateBlock>& blocks) {
  const auto& basis = facts.basis;
  if (basis.days < gate_limits::days)
    blocks.push_back({.code = "span",
                      .text = "reports reach back " + model::counted(basis.days, "day"),
                      .needs = fmt::format("{} days of reports", gate_limits::days)});
  else if (basis.covered_days < gate_limits::covered_of_30)
    blocks.push_back({.code = "coverage",
                      .text = fmt::format("reports cover {} of the last 30 days", basis.covered_days),
                      .needs = fmt::format("reports for {} of 30 days: ruaudit status, ruaudit doctor",
                                           gate_limits::covered_of_30)});
  if (basis.own.messages < gate_limits::own_messages)
    blocks.push_back({.code = "few-messages",
                      .text = fmt::format("only {} of your own {} reported in these days", basis.own.messages,
                                          basis.own.messages == 1 ? "message was" : "messages were"),
                      .needs = fmt::format("{} messages; if the domain sends no mail, name it in `parked`",
                                           gate_limits::own_messages)});
}

void proof(const GateFacts& facts, std::vector<GateBlock>& blocks) {
  const auto& basis = facts.basis;
  if (basis.proven * 100 >= basis.messages * gate_limits::proven_percent) return;
  blocks.push_back({.code = "unproven",
                    .text = fmt::format("only {} are told by reports that prove where they come from",
                                        share_text(basis.proven, basis.messages)),
                    .needs = "name your receiving server in trusted_authserv_ids, then run ruaudit authenticate"});
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
  const auto stood = policy.since ? fmt::format("p={} for {} so far", p, model::counted(days, "day"))
                                  : fmt::format("since when p={} stands is not known", p);
  blocks.push_back({.code = "month",
                    .text = stood + (is_none ? ", and your users post to mailing lists" : ""),
                    .needs = fmt::format("{} days of it (RFC 9989 section 7.4)", gate_limits::days)});
}

}  // namespace

bool is_over(std::int64_t part, std::int64_t whole, int percent) {
  return part > 0 && static_cast<double>(part) > static_cast<double>(whole) / 100 * percent;
}

std::string number_text(std::int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::int64_t>(text.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string share_text(std::int64_t part, std::int64_t whole) {
  return fmt::format("{} of {} {}", number_text(part), number_text(whole), whole == 1 ? "message" : "messages");
}

bool posts_to_lists(const GateFacts& facts) { return facts.basis.list_messages >= gate_limits::list_messages; }

std::vector<GateBlock> gate_blocks(const GateFacts& facts, int target) {
  std::vector<GateBlock> blocks;
  findings_that_block(facts, blocks);
  failing_mail(facts, blocks);
  mechanisms(facts, target, blocks);
  amount(facts, blocks);
  proof(facts, blocks);
  if (target > 0) month(facts, blocks);
  std::stable_sort(blocks.begin(), blocks.end(), [](const auto& a, const auto& b) { return a.messages > b.messages; });
  return blocks;
}

}  // namespace ruaudit::assess
