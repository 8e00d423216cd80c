#include "jobs/judge/request.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <fstream>
#include <iostream>

#include "jobs/process/console.hpp"
#include "model/calendar.hpp"
#include "verify/dns/limited_resolver.hpp"

namespace ruaudit::jobs {
namespace {

namespace evaluate = verify::evaluate;

std::optional<int> two_digits(std::string_view text, std::size_t at, int most) {
  if (text.size() < at + 2) return std::nullopt;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!is_digit(text[at]) || !is_digit(text[at + 1])) return std::nullopt;
  const int value = (text[at] - '0') * 10 + (text[at + 1] - '0');
  return value <= most ? std::optional<int>(value) : std::nullopt;
}

// "Z", "+01:00", "-0530" or nothing: seconds east of UTC.
std::optional<std::int64_t> zone_offset(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return 0;
  if ((text[0] != '+' && text[0] != '-') || text.size() < 3) return std::nullopt;
  const auto hours = two_digits(text, 1, 23);
  std::string_view rest = text.substr(3);
  if (rest.starts_with(':')) rest.remove_prefix(1);
  const auto minutes = rest.empty() ? std::optional<int>(0) : two_digits(rest, 0, 59);
  if (!hours || !minutes || rest.size() > 2) return std::nullopt;
  const std::int64_t offset = *hours * 3600 + *minutes * 60;
  return text[0] == '-' ? -offset : offset;
}

// "12:00", "12:00:30", "12:00:30.5", each with a zone: seconds since midnight UTC.
std::optional<std::int64_t> time_of_day(std::string_view text) {
  const auto hours = two_digits(text, 0, 23);
  const auto minutes = text.size() > 2 && text[2] == ':' ? two_digits(text, 3, 59) : std::nullopt;
  if (!hours || !minutes) return std::nullopt;
  std::string_view rest = text.substr(5);
  std::optional<int> seconds = 0;
  if (rest.starts_with(':')) {
    seconds = two_digits(rest, 1, 60);
    if (!seconds) return std::nullopt;
    rest.remove_prefix(3);
    if (rest.starts_with('.')) rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
  }
  const auto offset = zone_offset(rest);
  if (!offset) return std::nullopt;
  return *hours * 3600 + *minutes * 60 + *seconds - *offset;
}

std::optional<std::int64_t> iso_instant(std::string_view text) {
  const auto day = model::parse_day(text.substr(0, std::min<std::size_t>(text.size(), 10)));
  if (!day) return std::nullopt;
  if (text.size() == 10) return day;
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return std::nullopt;
  const auto seconds = time_of_day(text.substr(11));
  return seconds ? std::optional<std::int64_t>(*day + *seconds) : std::nullopt;
}

model::Result<void> check_request(const VerifyRequest& request) {
  const auto& checks = request.options.checks;
  if (!checks.spf && !checks.dkim && !checks.arc && !checks.dmarc)
    return model::failure("verify-request", "nothing is asked for", "ask for spf, dkim, arc or dmarc");
  if (request.message) return {};
  if (checks.dkim || checks.arc || checks.dmarc)
    return model::failure("verify-request", "dkim, arc and dmarc need the message",
                          "give message or message_file, or ask only for spf");
  if (!request.envelope.ip) return model::failure("verify-request", "spf needs the address of the client", "give ip");
  if (!request.envelope.mail_from && !request.envelope.helo)
    return model::failure("verify-request", "spf needs the envelope sender or the HELO name",
                          "give mail_from, or helo for a null sender");
  return {};
}

model::Result<std::string> read_stream(std::istream& in, const std::string& name, std::size_t limit) {
  std::string octets;
  std::string part(std::size_t{64} << 10U, '\0');
  while (in.read(part.data(), static_cast<std::streamsize>(part.size())) || in.gcount() > 0) {
    octets.append(part.data(), static_cast<std::size_t>(in.gcount()));
    if (octets.size() > limit)
      return model::failure("verify-input", fmt::format("{} has more than {} octets", name, limit));
  }
  if (in.bad()) return model::failure("verify-input", fmt::format("{} cannot be read completely", name));
  return octets;
}

}  // namespace

model::Result<std::int64_t> parse_instant(std::string_view text) {
  std::int64_t epoch = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, epoch);
  if (!text.empty() && fault == std::errc{} && stop == end) return epoch;
  if (const auto instant = iso_instant(text)) return *instant;
  return model::failure("usage", fmt::format("'{}' is not a time", printable(text)),
                        "give a day (2024-02-29), a time (2024-02-29T12:00:00Z) or seconds since the epoch");
}

model::Result<evaluate::Checks> parse_checks(std::span<const std::string> names) {
  evaluate::Checks checks{.spf = false, .dkim = false, .arc = false, .dmarc = false};
  for (const auto& name : names) {
    if (name == "spf")
      checks.spf = true;
    else if (name == "dkim")
      checks.dkim = true;
    else if (name == "arc")
      checks.arc = true;
    else if (name == "dmarc")
      checks.dmarc = true;
    else
      return model::failure("usage", fmt::format("there is no check '{}'", printable(name)),
                            "the checks are spf, dkim, arc and dmarc");
  }
  return checks;
}

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> words;
  while (true) {
    const auto comma = text.find(',');
    words.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return words;
    text.remove_prefix(comma + 1);
  }
}

model::Result<verify::dmarc::Rules> parse_rules(std::string_view text) {
  if (const auto rules = model::parse_enum<verify::dmarc::Rules>(text)) return *rules;
  return model::failure("usage", fmt::format("the policy is rfc9989 or rfc7489, not '{}'", printable(text)));
}

model::Result<evaluate::MessageEvaluation> judge(const VerifyRequest& request, verify::dns::Resolver& resolver,
                                                 evaluate::Caches& caches, const verify::dns::SteadyClock& clock) {
  TRY_VOID(check_request(request));
  verify::dns::LimitedResolver limited(resolver, {}, clock);
  if (!request.message) return evaluate::evaluate(nullptr, request.envelope, request.options, limited, caches);
  TRY(const auto message, verify::message::Message::view(*request.message));
  return evaluate::evaluate(&message, request.envelope, request.options, limited, caches);
}

model::Result<std::unique_ptr<std::istream>> open_lines(const std::string& path) {
  errno = 0;
  std::unique_ptr<std::istream> file = std::make_unique<std::ifstream>(path, std::ios::binary);
  if (!*file)
    return model::failure("verify-input",
                          fmt::format("{} cannot be opened: {}", printable(path), std::strerror(errno)));
  return file;
}

model::Result<std::string> read_octets(const std::string& path, std::size_t limit) {
  if (path == "-") return read_stream(std::cin, "standard input", limit);
  TRY(const auto file, open_lines(path));
  return read_stream(*file, printable(path), limit);
}

}  // namespace ruaudit::jobs
