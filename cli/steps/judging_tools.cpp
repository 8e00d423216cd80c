#include "cli/steps/judging_tools.hpp"

#include <chrono>

#include "cli/steps/authenticate_step.hpp"
#include "jobs/process/signals.hpp"

namespace ruaudit::cli {

model::Result<JudgingTools> judging_tools(const Options& options, DnsUse use) {
  TRY(const auto path, readable_database(options));
  TRY(auto list, suffix_list_of(options));
  TRY(const auto wait, options.number("wait", 0, 86'400));
  std::optional<jobs::DnsSource> source;
  if (use == DnsUse::asked) {
    TRY(source, open_dns(options));
  }
  TRY(auto database, store::Database::open({.path = path, .access = store::Access::read_write}));
  TRY(auto lock, store::IngestLock::acquire(path, std::chrono::seconds(wait.value_or(60))));
  jobs::catch_stop_signals();
  return JudgingTools{std::move(source), std::move(list), std::move(database), std::move(lock)};
}

}  // namespace ruaudit::cli
