#include "report/local_time.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <optional>

#include "model/ascii.hpp"
#include "model/calendar.hpp"

namespace ruaudit::report {
namespace {

using model::seconds_per_day;

// Sets TZ and puts it back.
class ZoneScope {
 public:
  explicit ZoneScope(const std::string& name) {
    if (const char* former = std::getenv("TZ")) former_ = former;
    ::setenv("TZ", (":" + name).c_str(), 1);
    ::tzset();
  }
  ~ZoneScope() {
    if (former_)
      ::setenv("TZ", former_->c_str(), 1);
    else
      ::unsetenv("TZ");
    ::tzset();
  }
  ZoneScope(const ZoneScope&) = delete;
  ZoneScope& operator=(const ZoneScope&) = delete;

 private:
  std::optional<std::string> former_;
};

std::string zone_folder() {
  const char* folder = std::getenv("TZDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/usr/share/zoneinfo";
}

bool is_zone_name(const std::string& name) {
  return !name.empty() && name.size() <= 64 && name.front() != '/' && name.find("..") == std::string::npos &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return ascii::is_letter_or_digit(c) || c == '/' || c == '_' || c == '-' || c == '+';
         });
}

}  // namespace

model::Result<TimeZone> TimeZone::find(const std::string& name) {
  if (name == "UTC" || name == "Etc/UTC" || name == "Z") return TimeZone("UTC");
  std::error_code ignored;
  if (!is_zone_name(name) || !std::filesystem::is_regular_file(zone_folder() + "/" + name, ignored))
    return model::failure("timezone", "unknown time zone '" + name.substr(0, 64) + "'",
                          "give an IANA name such as Europe/Berlin; Debian's package tzdata contains them");
  return TimeZone(name);
}

std::int64_t TimeZone::offset_at(std::int64_t epoch) const {
  if (is_utc()) return 0;
  const ZoneScope scope(name_);
  const std::time_t when = epoch;
  std::tm local{};
  if (::localtime_r(&when, &local) == nullptr) return 0;
  return local.tm_gmtoff;
}

std::int64_t TimeZone::day_of(std::int64_t epoch) const { return model::day_number(epoch + offset_at(epoch)); }

std::int64_t TimeZone::start_of_day(std::int64_t day) const {
  const std::int64_t wall = day * seconds_per_day;
  // Midnight by the clock that shows it: the offset before or after a change in this night.
  for (const std::int64_t guess : {wall - offset_at(wall - seconds_per_day), wall - offset_at(wall + seconds_per_day)})
    if (guess + offset_at(guess) == wall) return guess;
  // Summer time skips midnight: the day begins with the change, found by halving.
  std::int64_t before = wall - 2 * seconds_per_day, after = wall + 2 * seconds_per_day;
  while (after - before > 1) {
    const auto middle = before + (after - before) / 2;
    (day_of(middle) < day ? before : after) = middle;
  }
  return after;
}

std::string TimeZone::minute_text(std::int64_t epoch) const {
  const auto local = epoch + offset_at(epoch);
  const auto second = local - model::day_number(local) * seconds_per_day;
  char text[24];
  std::snprintf(text, sizeof text, " %02d:%02d", static_cast<int>(second / 3600), static_cast<int>(second % 3600 / 60));
  return model::day_text(local) + text;
}

}  // namespace ruaudit::report
