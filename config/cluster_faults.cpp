// What is wrong with [cluster].
#include <fmt/format.h>

#include <algorithm>

#include "config/validate.hpp"
#include "model/ascii.hpp"

namespace ruaudit::config {
namespace {

// It stands in SQL without quotes.
bool is_identifier(std::string_view name) {
  const auto is_letter = [](char c) { return ascii::is_letter(c) || c == '_'; };
  return !name.empty() && name.size() <= 64 && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace

std::vector<model::Error> cluster_faults(const Cluster& cluster) {
  std::vector<model::Error> errors;
  const auto need = [&errors](bool is_there, std::string_view key, const std::string& message, std::string hint) {
    if (!is_there) errors.push_back({"config", fmt::format("[cluster]: {}: {}", key, message), std::move(hint)});
  };
  if (cluster == Cluster{}) return errors;
  need(cluster.is_configured(), "shards", "is needed",
       "shards = https://HOST:8443, one URL per shard; a replica's URL beside it");
  need(is_identifier(cluster.database), "database", "is not a name of letters, digits and _", "database = ruaudit");
  need(is_identifier(cluster.name), "name", "is not a name of letters, digits and _", "as remote_servers names it");
  need(!cluster.user.empty(), "user", "is needed", "the login name at the ClickHouse servers");
  need(!std::holds_alternative<std::monostate>(cluster.password), "password_file", "is needed",
       "put the password into a private file");
  return errors;
}

}  // namespace ruaudit::config
