#include "cli/steps/cluster_shards.hpp"

#include <fmt/format.h>

#include "cli/options/configuration_options.hpp"
#include "cluster/schema/shard_map.hpp"
#include "jobs/process/clock.hpp"
#include "model/calendar.hpp"

namespace ruaudit::cli {

model::Result<Opened> opened(const Options& options, jobs::Console& console) {
  TRY(const auto loaded, load_configuration(options));
  TRY(auto place, place_of(loaded.configuration.cluster, console));
  TRY(auto path, database_path(options, loaded));
  return Opened{std::move(place), std::move(path)};
}

ExitCode tell_shard(jobs::Console& console, std::size_t shard, const std::string& url,
                    const model::Result<std::string>& done) {
  if (done) {
    console.out << jobs::printable(fmt::format("shard {}: {}: {}", shard + 1, url, *done)) << '\n';
    return ExitCode::success;
  }
  jobs::print_error(console, done.error().in(fmt::format("shard {}", shard + 1)));
  return ExitCode::failure;
}

model::Result<std::uint32_t> month_number(std::string_view option, std::string_view text) {
  const auto day = model::parse_day(std::string(text) + "-01");
  if (text.size() == 7 && day) return cluster::month_of_day(std::string(text));
  return model::failure("usage", fmt::format("{}: '{}' is not a month", option, jobs::printable(text.substr(0, 80))),
                        "for example 2026-09");
}

std::uint32_t current_month() { return cluster::month_of_day(model::day_text(jobs::epoch_now())); }

}  // namespace ruaudit::cli
