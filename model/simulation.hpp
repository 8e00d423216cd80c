// What a replay of stored reports against a change of DNS records finds: sums before and after, by class and service,
// the addresses whose mail would newly fail, pass or be treated differently, and what the replay had to assume, each in
// messages. Made by jobs/simulate, rendered by report/simulate. Plain values; texts come from reports and DNS as they
// are (a renderer makes them printable). Days are 'YYYY-MM-DD'.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/auth_result.hpp"
#include "model/enum_text.hpp"

namespace ruaudit::model::simulation {

// not_covered: no DMARC record would apply. undecided: the replay cannot know.
enum class Verdict : std::uint8_t { pass, fail, not_covered, undecided };

// What aggregate reports and today's DNS cannot tell, and what the replay therefore assumed of a message.
enum class Doubt : std::uint8_t {
  dns_time,           // SPF was evaluated by today's DNS, not by that of the day
  local_part,         // a macro asks for the local part or HELO name, which no aggregate report tells
  helo,               // null sender: the HELO name as the receiver reported it
  dns_failed,         // a lookup did not succeed
  no_identifier,      // the report does not say which domain SPF was checked for
  receiver_override,  // the receiver did not follow the policy (list, forwarder, its own rules); assumed to do the same
                      // again
  may_be_overridden,  // forwarded by others: a receiver that knows the list or forwarder may let it through
  receiver_choice,    // the policy newly applies: a receiver may or may not follow it
  sampled,            // pct: a receiver of RFC 7489 applies the policy to a share of the mail only
  dialect,            // receivers of RFC 7489 and of RFC 9989 would treat it differently; judged by the report's format
  policy_then,        // treated by the policy of that day, which is not the one that was reported last
  receiver_temperror,  // the receiver could not look up a key
  signature_assumed,   // --align-service: the service is taken to sign every message that is not changed on its way
};
inline constexpr std::size_t doubt_count = 13;
using Doubts = std::uint32_t;  // a set of bits
constexpr Doubts bit(Doubt doubt) { return Doubts{1} << static_cast<unsigned>(doubt); }

// What changes for a message, most severe first.
enum class Effect : std::uint8_t { newly_fails, stricter, no_policy, undecided, newly_passes, milder, none };
inline constexpr std::size_t effect_count = 7;

struct Outcome {  // of one message, or of all that came alike
  Verdict verdict = Verdict::undecided;
  bool is_dkim_aligned = false, is_spf_aligned = false;
  Disposition disposition = Disposition::none;  // none, quarantine or reject
  bool operator==(const Outcome&) const = default;
};

struct Decision {
  Outcome before{}, after{};
  Effect effect = Effect::none;
  Doubts doubts = 0;
  std::string why{};  // "SPF: pass -> softfail (~all of example.org)"; empty where nothing changes
};

struct Sums {  // in messages
  std::int64_t passed = 0, failed = 0, not_covered = 0, undecided = 0, dkim_aligned = 0, spf_aligned = 0;
  std::int64_t quarantined = 0, rejected = 0;
  bool operator==(const Sums&) const = default;
};

enum class Sender : std::uint8_t { own_server, service, forwarder, mailing_list, stranger, unknown };

struct Part {  // of one policy domain, class and name
  std::string domain{};
  Sender sender = Sender::unknown;
  std::string name{};
  std::int64_t messages = 0, records = 0, sources = 0;
  Sums before{}, after{};
  std::array<std::int64_t, effect_count> by_effect{};
};

struct SourceLine {  // an address and what changes for its mail
  std::string domain{}, address{};
  Sender sender = Sender::unknown;
  std::string name{};
  Effect effect = Effect::none;
  std::int64_t messages = 0, records = 0, quarantined = 0, rejected = 0;
  std::int64_t days = 0;
  std::string first_day{}, last_day{};
  std::vector<std::string> reporters{};
  bool has_more_reporters = false;                 // the list is a part of them
  std::vector<std::string> header_froms{}, why{};  // distinct ones, most messages first
};

struct Assumption {
  Doubt doubt = Doubt::dns_time;
  std::int64_t messages = 0;
  std::int64_t deciding = 0;  // of these, messages for which something changes
};

struct SampleSums {  // failure samples, judged again with the sender that they name
  std::int64_t samples = 0, would_pass = 0, would_fail = 0, undecided = 0;
};

struct Simulation {
  std::string domain{};
  std::vector<std::string> changes{};  // "DMARC record of example.org: v=DMARC1; ...", one a change
  std::vector<std::string> notes{};    // what is wrong or remarkable about the change itself
  std::string first_day{}, last_day{};
  std::int64_t messages = 0, records = 0, sources = 0, reporters = 0, days = 0;
  std::vector<Part> parts{};        // by domain; the owner's senders first, then by messages
  std::vector<SourceLine> lines{};  // by effect, sender, messages
  std::vector<Assumption> assumptions{};
  SampleSums samples{};
};

}  // namespace ruaudit::model::simulation

namespace ruaudit::model {

template <>
inline constexpr EnumText<simulation::Verdict> enum_table<simulation::Verdict>[] = {
    {simulation::Verdict::pass, "pass"},
    {simulation::Verdict::fail, "fail"},
    {simulation::Verdict::not_covered, "not_covered"},
    {simulation::Verdict::undecided, "undecided"}};
template <>
inline constexpr EnumText<simulation::Doubt> enum_table<simulation::Doubt>[] = {
    {simulation::Doubt::dns_time, "dns_time"},
    {simulation::Doubt::local_part, "local_part"},
    {simulation::Doubt::helo, "helo"},
    {simulation::Doubt::dns_failed, "dns_failed"},
    {simulation::Doubt::no_identifier, "no_identifier"},
    {simulation::Doubt::receiver_override, "receiver_override"},
    {simulation::Doubt::may_be_overridden, "may_be_overridden"},
    {simulation::Doubt::receiver_choice, "receiver_choice"},
    {simulation::Doubt::sampled, "sampled"},
    {simulation::Doubt::dialect, "dialect"},
    {simulation::Doubt::policy_then, "policy_then"},
    {simulation::Doubt::receiver_temperror, "receiver_temperror"},
    {simulation::Doubt::signature_assumed, "signature_assumed"}};
template <>
inline constexpr EnumText<simulation::Effect> enum_table<simulation::Effect>[] = {
    {simulation::Effect::newly_fails, "newly_fails"},
    {simulation::Effect::stricter, "stricter"},
    {simulation::Effect::no_policy, "no_policy"},
    {simulation::Effect::undecided, "undecided"},
    {simulation::Effect::newly_passes, "newly_passes"},
    {simulation::Effect::milder, "milder"},
    {simulation::Effect::none, "none"}};
template <>
inline constexpr EnumText<simulation::Sender> enum_table<simulation::Sender>[] = {
    {simulation::Sender::own_server, "own_server"}, {simulation::Sender::service, "service"},
    {simulation::Sender::forwarder, "forwarder"},   {simulation::Sender::mailing_list, "mailing_list"},
    {simulation::Sender::stranger, "stranger"},     {simulation::Sender::unknown, "unknown"}};

}  // namespace ruaudit::model
