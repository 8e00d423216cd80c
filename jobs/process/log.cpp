#include "jobs/process/log.hpp"

#include <fmt/format.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "jobs/process/console.hpp"

namespace ruaudit::jobs {
namespace {

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string json_line(config::LogLevel level, std::string_view source, std::string_view text) {
  nlohmann::ordered_json line;
  line["time"] = utc_now();
  line["level"] = model::to_text(level);
  if (!source.empty()) line["source"] = printable(source);
  line["message"] = printable(text);
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string text_line(config::LogLevel level, std::string_view source, std::string_view text) {
  const bool is_plain = level == config::LogLevel::info || level == config::LogLevel::debug;
  return fmt::format("ruaudit: {}{}{}{}", is_plain ? "" : model::to_text(level), is_plain ? "" : ": ",
                     source.empty() ? "" : printable(source) + ": ", printable(text));
}

}  // namespace

void Log::write(config::LogLevel level, std::string_view source, std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (!is_shown(level)) return;
  std::string& last = last_[std::string(source)];
  if (last == text) return;
  last = text;
  out_ << (format_ == config::LogFormat::json ? json_line(level, source, text) : text_line(level, source, text)) << '\n'
       << std::flush;
}

void Log::change(config::LogFormat format, config::LogLevel level) {
  const std::lock_guard lock(mutex_);
  format_ = format;
  level_ = level;
}

}  // namespace ruaudit::jobs
