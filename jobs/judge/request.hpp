// What `ruaudit verify` takes from an option or from a member of a batch line, read as values: times, checks, rules.
// And the step both share: octets of a mail and an envelope in, its evaluation out.
#pragma once
#include <istream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "verify/dns/limited_resolver.hpp"
#include "verify/evaluate/evaluate.hpp"

namespace ruaudit::jobs {

// Seconds since the epoch, or ISO 8601: 2024-02-29, 2024-02-29T12:00:00Z, 2024-02-29T12:00+01:00; without a zone UTC.
// Error code "usage".
model::Result<std::int64_t> parse_instant(std::string_view text);
// Names out of spf, dkim, arc, dmarc. Error code "usage".
model::Result<verify::evaluate::Checks> parse_checks(std::span<const std::string> names);
std::vector<std::string> split_at_commas(std::string_view text);
// rfc9989 or rfc7489. Error code "usage".
model::Result<verify::dmarc::Rules> parse_rules(std::string_view text);

struct VerifyRequest {
  std::optional<std::string> message{};  // octets; absent: only SPF can be asked for
  verify::evaluate::Envelope envelope{};
  verify::evaluate::Options options{};
};

// `clock`: what bounds the time that it may ask DNS for goes by it. Errors: of the message's form; "verify-request"
// where what is asked for cannot be done with what is given.
model::Result<verify::evaluate::MessageEvaluation> judge(
    const VerifyRequest& request, verify::dns::Resolver& resolver, verify::evaluate::Caches& caches,
    const verify::dns::SteadyClock& clock = std::chrono::steady_clock::now);

// A file, or standard input for "-"; at most `limit` octets. Error code "verify-input".
model::Result<std::string> read_octets(const std::string& path, std::size_t limit);
// A file of lines. Error code "verify-input".
model::Result<std::unique_ptr<std::istream>> open_lines(const std::string& path);

}  // namespace ruaudit::jobs
