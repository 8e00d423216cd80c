#include "cli/options/now_option.hpp"

#include "jobs/judge/request.hpp"
#include "jobs/process/clock.hpp"

#include <fmt/format.h>

#include <ctime>

namespace ruaudit::cli {
namespace {

constexpr std::int64_t end_of_year_9999 = 253'402'300'799;  // days are kept with four digits of the year

std::string instant_text(std::int64_t epoch) {
  const std::time_t time = epoch;
  std::tm parts{};
  gmtime_r(&time, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace

model::Result<std::optional<std::int64_t>> instant_option(const Options& options, std::string_view name) {
  const auto text = options.value(name);
  if (!text) return std::optional<std::int64_t>();
  const auto instant = jobs::parse_instant(*text);
  if (!instant) return model::failure(instant.error().in(fmt::format("--{}", name)));
  return std::optional<std::int64_t>(*instant);
}

model::Result<void> follow_now_option(const Options& options, jobs::Console& console) {
  jobs::set_clock(std::nullopt);
  const auto now = options.value("now");
  if (!now) return {};
  const auto instant = jobs::parse_instant(*now);
  if (!instant) return model::failure(instant.error().in("--now"));
  if (*instant < 0 || *instant > end_of_year_9999)
    return model::failure("usage", "--now: '" + jobs::printable(*now) + "' lies outside the years 1970 to 9999");
  jobs::set_clock(*instant);
  if (!options.has("quiet")) console.err << "the clock stands at " << instant_text(*instant) << " (--now)\n";
  return {};
}

}  // namespace ruaudit::cli
