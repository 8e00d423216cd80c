// What a program that runs unattended says on standard error: one line per event, as text or as a JSON object, from
// the chosen level on. Usable from several threads. Nothing is said twice: an event that repeats the last one of its
// source is left out until something else happens to that source.
#pragma once
#include <map>
#include <mutex>
#include <ostream>
#include <string>
#include <string_view>

#include "config/configuration.hpp"

namespace ruaudit::jobs {

class Log {
 public:
  Log(std::ostream& out, config::LogFormat format, config::LogLevel level)
      : out_(out), format_(format), level_(level) {}

  // source: the mailbox concerned; empty for the program as a whole.
  void write(config::LogLevel level, std::string_view source, std::string_view text);
  // After a reload of the configuration.
  void change(config::LogFormat format, config::LogLevel level);
  // Lines shown on a terminal are told from a bar that shares it.
  [[nodiscard]] bool is_shown(config::LogLevel level) const { return level <= level_; }

 private:
  std::mutex mutex_;
  std::ostream& out_;
  config::LogFormat format_;
  config::LogLevel level_;
  std::map<std::string, std::string, std::less<>> last_;
};

}  // namespace ruaudit::jobs
