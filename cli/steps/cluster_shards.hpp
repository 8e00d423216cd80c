// What the commands about the cluster have in common: the place and the database, one server of each shard in turn,
// months.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "cli/exit_code.hpp"
#include "cli/options/options.hpp"
#include "cli/steps/cluster_place.hpp"
#include "cluster/server/client.hpp"

namespace ruaudit::cli {

struct Opened {
  cluster::Place place;
  std::string path;
};

// Errors: those of load_configuration(), place_of() and database_path().
model::Result<Opened> opened(const Options& options, jobs::Console& console);

// Prints what a server says, or what is wrong with it.
ExitCode tell_shard(jobs::Console& console, std::size_t shard, const std::string& url,
                    const model::Result<std::string>& done);

// Calls use(client, shard) for one server of each shard, by `connect`; what is wrong with one shard does not keep the
// others from being asked.
template <class Connect, class Use>
ExitCode each_shard(const cluster::Place& place, jobs::Console& console, const Connect& connect, const Use& use) {
  auto code = ExitCode::success;
  for (std::size_t shard = 0; shard < place.shards.size(); ++shard) {
    auto client = connect(place, shard);
    const auto done = client ? use(*client, shard) : model::Result<std::string>(model::failure(client.error()));
    if (tell_shard(console, shard, client ? client->url() : "", done) != ExitCode::success) code = ExitCode::failure;
  }
  return code;
}

// "2026-09" as 202609; else "usage", which names the option.
model::Result<std::uint32_t> month_number(std::string_view option, std::string_view text);
std::uint32_t current_month();

}  // namespace ruaudit::cli
