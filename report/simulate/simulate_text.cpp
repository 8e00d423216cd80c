#include <fmt/format.h>

#include <algorithm>

#include "report/safe_text.hpp"
#include "report/simulate/simulate.hpp"
#include "report/text_layout.hpp"

namespace ruaudit::report {
namespace {

namespace simulation = model::simulation;
using simulation::Doubt;
using simulation::Effect;
using simulation::Sender;

struct Meaning {
  Doubt doubt;
  std::string_view text;
};
constexpr Meaning meanings[] = {
    {Doubt::dns_time, "SPF was evaluated with today's DNS, not with that of the day"},
    {Doubt::local_part,
     "an SPF macro asks for the local part or HELO name, which no aggregate report contains: left undecided"},
    {Doubt::helo, "null sender: SPF was evaluated for the HELO name that the receiver reported"},
    {Doubt::dns_failed, "DNS did not answer: left undecided"},
    {Doubt::no_identifier, "the report does not say what SPF was checked for: its envelope_from is assumed"},
    {Doubt::receiver_override,
     "the receiver did not follow the policy (list, forwarder, rules of its own): assumed to do the same again"},
    {Doubt::may_be_overridden, "forwarded by a forwarder or list: a receiver that knows it may let it through"},
    {Doubt::receiver_choice, "the policy newly applies: a receiver may or may not follow it"},
    {Doubt::sampled, "pct: receivers of RFC 7489 apply the policy to that share only; all of it is counted"},
    {Doubt::dialect,
     "receivers of RFC 7489 and of RFC 9989 treat it differently (np, t): judged by the format of the report"},
    {Doubt::policy_then, "treated by the policy of that day, which is not the one reported last"},
    {Doubt::receiver_temperror, "the receiver could not look up a key: undecided if the signature was aligned"},
    {Doubt::signature_assumed, "the service is assumed to sign every message that is not changed on its way"}};

constexpr std::string_view headings[] = {"Newly fails DMARC",
                                         "Fails as before, and is treated more strictly",
                                         "No DMARC record applies any more",
                                         "Cannot be decided",
                                         "Newly passes DMARC",
                                         "Fails as before, and is treated more mildly"};

std::string_view shown(Sender sender) {
  switch (sender) {
    case Sender::own_server:
      return "own servers";
    case Sender::service:
      return "service";
    case Sender::forwarder:
      return "forwarder";
    case Sender::mailing_list:
      return "mailing list";
    case Sender::stranger:
      return "strangers";
    case Sender::unknown:
      break;
  }
  return "not judged yet";
}

std::string sender_name(Sender sender, const std::string& name) {
  return name.empty() ? std::string(shown(sender)) : fmt::format("{} {}", shown(sender), harmless(name));
}

std::string change_text(std::int64_t before, std::int64_t after) {
  return before == after ? grouped(before) : fmt::format("{} -> {}", grouped(before), grouped(after));
}

std::string head_text(const simulation::Simulation& result) {
  std::string out =
      fmt::format("Simulation for {}, {} to {}\n", harmless(result.domain), result.first_day, result.last_day);
  for (const auto& change : result.changes) out += wrapped("  ", "    ", harmless(change));
  out += fmt::format("  {} in {} from {}, reported by {} on {}\n", count_text(result.messages, "message"),
                     count_text(result.records, "record"), address_count(result.sources),
                     count_text(result.reporters, "reporter"), count_text(result.days, "day"));
  for (const auto& note : result.notes) out += wrapped("  ! ", "    ", harmless(note));
  return out;
}

struct VerdictSums {  // in messages
  std::int64_t own = 0, not_judged = 0, others = 0, passes = 0, undecided = 0, without_record = 0;
};

std::int64_t& harmed(VerdictSums& sums, Sender sender) {
  if (sender == Sender::own_server || sender == Sender::service) return sums.own;
  return sender == Sender::unknown ? sums.not_judged : sums.others;
}

VerdictSums verdict_sums(const simulation::Simulation& result) {
  VerdictSums sums;
  for (const auto& line : result.lines) {
    if (line.effect == Effect::newly_fails || line.effect == Effect::stricter)
      harmed(sums, line.sender) += line.messages;
    if (line.effect == Effect::newly_passes) sums.passes += line.messages;
    if (line.effect == Effect::undecided) sums.undecided += line.messages;
    if (line.effect == Effect::no_policy) sums.without_record += line.messages;
  }
  return sums;
}

// What SPF would say is not known of some mail: then nothing is said to be lost.
bool is_spf_open(const simulation::Simulation& result) {
  return std::any_of(result.assumptions.begin(), result.assumptions.end(), [](const auto& assumption) {
    return assumption.doubt == simulation::Doubt::local_part || assumption.doubt == simulation::Doubt::dns_failed;
  });
}

// Own mail that loses a mechanism and may still pass by the other, which is no reason to call the change harmless.
std::string lost_text(const simulation::Simulation& result, std::int64_t hurt) {
  if (is_spf_open(result)) return "";
  std::int64_t dkim = 0, spf = 0;
  for (const auto& part : result.parts) {
    if (part.sender != Sender::own_server && part.sender != Sender::service) continue;
    dkim += std::max<std::int64_t>(0, part.before.dkim_aligned - part.after.dkim_aligned);
    spf += std::max<std::int64_t>(0, part.before.spf_aligned - part.after.spf_aligned);
  }
  if (dkim + spf <= hurt) return "";
  std::string out;
  if (dkim != 0) out += fmt::format("; {} of your own would lose aligned DKIM", grouped(dkim));
  if (spf != 0) out += fmt::format("; {} of your own would lose aligned SPF", grouped(spf));
  return out;
}

std::string verdict_text(const simulation::Simulation& result) {
  const auto sums = verdict_sums(result);
  std::string out = "No message would newly fail, pass or be treated more strictly";
  if (sums.own + sums.not_judged + sums.others + sums.passes != 0) {
    out = fmt::format("{} of your own senders and services would be affected, ", count_text(sums.own, "message"));
    if (sums.not_judged != 0) out += fmt::format("{} of senders not judged yet, ", grouped(sums.not_judged));
    out += fmt::format("{} of others; {} would newly pass", grouped(sums.others), grouped(sums.passes));
  } else if (sums.undecided + sums.without_record != 0) {
    out = "No message is known to newly fail, pass or be treated more strictly";
  }
  out += lost_text(result, sums.own);
  if (sums.undecided != 0) out += fmt::format("; {} cannot be decided", grouped(sums.undecided));
  if (sums.without_record != 0) out += fmt::format("; {} without a record", grouped(sums.without_record));
  return "\n" + wrapped("", "", out + ".");
}

std::string part_text(const simulation::Part& part) {
  const auto& before = part.before;
  const auto& after = part.after;
  std::string out = fmt::format("    {} ({}, {})\n", sender_name(part.sender, part.name),
                                count_text(part.messages, "message"), address_count(part.sources));
  out += fmt::format("      passed {}; failed {}; quarantined {}; rejected {}\n",
                     change_text(before.passed, after.passed), change_text(before.failed, after.failed),
                     change_text(before.quarantined, after.quarantined), change_text(before.rejected, after.rejected));
  const bool is_moved = before.dkim_aligned != after.dkim_aligned || before.spf_aligned != after.spf_aligned;
  if (is_moved && after.undecided == 0)
    out += fmt::format("      by DKIM {}; by SPF {}\n", change_text(before.dkim_aligned, after.dkim_aligned),
                       change_text(before.spf_aligned, after.spf_aligned));
  if (after.not_covered + after.undecided != 0)
    out +=
        fmt::format("      without a record {}; undecided {}\n", grouped(after.not_covered), grouped(after.undecided));
  return out;
}

std::string parts_text(const simulation::Simulation& result) {
  std::string out, domain;
  for (const auto& part : result.parts) {
    if (part.domain != domain) out += fmt::format("\n  {}\n", harmless(part.domain));
    domain = part.domain;
    out += part_text(part);
  }
  return out;
}

std::string line_text(const simulation::SourceLine& line) {
  std::string out = fmt::format("  {}  {}, {}\n", fit_left(line.address, 24), count_text(line.messages, "message"),
                                sender_name(line.sender, line.name));
  std::string fate;
  if (line.quarantined != 0) fate += fmt::format("; {} quarantined", grouped(line.quarantined));
  if (line.rejected != 0) fate += fmt::format("; {} rejected", grouped(line.rejected));
  const std::string when =
      line.first_day == line.last_day
          ? fmt::format("on {}", line.first_day)
          : fmt::format("{} between {} and {}", count_text(line.days, "day"), line.first_day, line.last_day);
  out += wrapped("      ", "      ",
                 fmt::format("{}, {}{}{}", when, line.has_more_reporters ? "at least " : "",
                             count_text(static_cast<std::int64_t>(line.reporters.size()), "reporter"), fate));
  for (const auto& why : line.why) out += wrapped("      ", "        ", harmless(why));
  return out;
}

std::string effect_text(const simulation::Simulation& result, Effect effect, std::size_t top) {
  std::string out;
  std::size_t count = 0;
  std::int64_t messages = 0;
  for (const auto& line : result.lines) {
    if (line.effect != effect) continue;
    messages += line.messages;
    if (++count <= top) out += line_text(line);
  }
  if (count == 0) return out;
  if (count > top) out += fmt::format("  and {} more; see --top, or --format csv\n", count - top);
  return fmt::format("\n{}: {} from {}\n{}", headings[static_cast<std::size_t>(effect)],
                     count_text(messages, "message"), address_count(static_cast<std::int64_t>(count)), out);
}

std::string assumptions_text(const simulation::Simulation& result) {
  if (result.assumptions.empty()) return "";
  std::string out = "\nWhat this is based on\n";
  for (const auto& each : result.assumptions)
    out += wrapped("  ", "    ",
                   fmt::format("{} ({} of them change): {}", count_text(each.messages, "message"),
                               grouped(each.deciding), meaning_of(each.doubt)));
  return out;
}

std::string samples_text(const simulation::SampleSums& samples) {
  if (samples.samples == 0) return "";
  return fmt::format("\nFailure samples, with the sender that they name: {} would pass, {} would fail, {} undecided\n",
                     grouped(samples.would_pass), grouped(samples.would_fail), grouped(samples.undecided));
}

}  // namespace

std::string_view meaning_of(Doubt doubt) {
  const auto at = std::find_if(std::begin(meanings), std::end(meanings),
                               [doubt](const auto& meaning) { return meaning.doubt == doubt; });
  return at == std::end(meanings) ? std::string_view() : at->text;
}

std::string simulate_text(const simulation::Simulation& result, std::size_t top) {
  std::string out = head_text(result) + verdict_text(result) + parts_text(result);
  for (std::size_t i = 0; i + 1 < simulation::effect_count; ++i)
    out += effect_text(result, static_cast<Effect>(i), top);
  return out + samples_text(result.samples) + assumptions_text(result);
}

}  // namespace ruaudit::report
