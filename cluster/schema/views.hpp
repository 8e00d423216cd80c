// The documented views (docs/schema.md) as ClickHouse has them: the same names, columns and rows. Those over rows of
// reports are a view on each shard (`v_record_local`) and a Distributed table over them; those that sum up read all
// shards at once. Keys are text, since rows of several ingesters have no common numbers.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cluster/schema/counted.hpp"
#include "cluster/server/client.hpp"

namespace ruaudit::cluster {

struct ViewText {
  std::string name;    // "v_record"
  std::string select;  // of the shard's own tables where is_of_shard, else of the Distributed ones
  bool is_of_shard = false;
};
std::vector<ViewText> cluster_views(const std::string& database);

// `text` with its fragments filled in: {db}, {counted} and {counted_rows} of cluster/schema/views.cpp, {v_NAME} for the
// text of a view that sums up. `until`: cluster/schema/counted.hpp.
std::string view_text(std::string_view text, const std::string& database, Moment until = {});

// Makes them, in place of what is there: they hold nothing.
model::Result<void> make_views(Client& client, const Place& place);

}  // namespace ruaudit::cluster
