// Local midnights and local days of a time zone. The C library's zones depend on the process's environment, so their
// use is confined to this file: TZ is set for the duration of one call and restored. Not to be called while other
// threads use local time.
#pragma once
#include <cstdint>
#include <string>

#include "model/result.hpp"

namespace ruaudit::report {

class TimeZone {
 public:
  // "UTC" or an IANA name such as "Europe/Berlin" that the system's zone information has. Error code "timezone".
  static model::Result<TimeZone> find(const std::string& name);

  [[nodiscard]] const std::string& name() const { return name_; }
  // The first second of a local day (days since 1970-01-01), also where midnight is skipped by summer time.
  [[nodiscard]] std::int64_t start_of_day(std::int64_t day) const;
  // The local day of a time.
  [[nodiscard]] std::int64_t day_of(std::int64_t epoch) const;
  // "YYYY-MM-DD HH:MM" there.
  [[nodiscard]] std::string minute_text(std::int64_t epoch) const;

 private:
  explicit TimeZone(std::string name) : name_(std::move(name)) {}
  [[nodiscard]] bool is_utc() const { return name_ == "UTC"; }
  [[nodiscard]] std::int64_t offset_at(std::int64_t epoch) const;  // seconds east of UTC
  std::string name_;
};

}  // namespace ruaudit::report
