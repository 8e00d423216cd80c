// ruaudit query: one read-only SQL statement, or a named one, as table, CSV or JSON.
#include <unistd.h>

#include <fmt/format.h>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string_view>
#include <thread>

#include "cli/commands.hpp"
#include "cli/options/configuration_options.hpp"
#include "cli/options/database_path.hpp"
#include "cli/options/output_format.hpp"
#include "cli/steps/cluster_answer.hpp"
#include "cli/steps/cluster_place.hpp"
#include "cluster/read/queries.hpp"
#include "report/table.hpp"
#include "store/care/query.hpp"

namespace ruaudit::cli {
namespace {

constexpr OptionSpec options_table[] = {
    db_option,
    {"name", OptionKind::value, "NAME", "run this named query; --list shows the names"},
    {"list", OptionKind::flag, "", "list the named queries"},
    {"format", OptionKind::value, "FORMAT", "text (default), json or csv"},
    {"cluster", OptionKind::flag, "", "ask the cluster of the configuration, with --name"},
    {"time-limit", OptionKind::value, "SECONDS", "default 60"},
};
constexpr CommandSpec spec = {
    "query", "[OPTIONS] ['SQL']", "Runs read-only SQL over the documented views.", options_table, 0, 1};

void list_queries(jobs::Console& console) {
  for (const auto& query : store::named_queries())
    console.out << fmt::format("{:24}{}\n", query.name, query.description);
}

model::Result<std::string> chosen_sql(const Options& options) {
  const auto name = options.value("name");
  if (name.has_value() == !options.arguments().empty())
    return model::failure("usage", "give either SQL or --name NAME", "`ruaudit query --list` shows the names");
  if (!name) return options.arguments()[0];
  auto sql = store::named_query(*name);
  if (!sql) return model::failure("usage", sql.error().message, sql.error().hint);
  return std::string(*sql);
}

// SQLite looks at the clock only between the instructions of its virtual machine, and one function may take hours: then
// the process is ended, and with it the query, which only reads.
class TimeLimit {
 public:
  explicit TimeLimit(std::chrono::milliseconds limit) : thread_([this, limit] { watch(limit); }) {}
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;
  ~TimeLimit() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    ended_.notify_all();
    thread_.join();
  }

 private:
  void watch(std::chrono::milliseconds limit) {
    constexpr std::chrono::milliseconds grace{500};  // for the error that says more
    constexpr std::string_view message =
        "ruaudit: the query took longer than its time limit, inside one function\n  raise --time-limit or ask for "
        "less\n";
    std::unique_lock lock(mutex_);
    if (ended_.wait_for(lock, limit + grace, [this] { return is_over_; })) return;
    static_cast<void>(::write(STDERR_FILENO, message.data(), message.size()) == 0);
    ::_exit(static_cast<int>(ExitCode::failure));
  }

  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_over_ = false;
  std::thread thread_;
};

// What rests on classes and on DNS is known to the database that judges.
model::Result<model::ResultTable> ask_judging_database(const Options& options, jobs::Console& console,
                                                       std::chrono::seconds limit) {
  TRY(const auto sql, chosen_sql(options));
  if (options.value("name") == "rejected")
    return model::failure("usage",
                          "what could not be read is known where it came in: a cluster has no answer to 'rejected'",
                          "ask each ingester: `ruaudit query --name rejected`");
  TRY(const auto path, pull_cluster(options, console, AfterPull::enrich));
  const TimeLimit watch(limit);
  return store::run_query(path, sql, {.time = limit});
}

model::Result<model::ResultTable> ask_cluster(const Options& options, jobs::Console& console) {
  const auto name = options.value("name");
  if (!name || !options.arguments().empty())
    return model::failure("usage", "--cluster answers --name NAME",
                          "SQL of your own: clickhouse-client, over the same views (docs/cluster.md)");
  TRY(const auto loaded, load_configuration(options));
  TRY(auto place, place_of(loaded.configuration.cluster, console));
  TRY(const auto seconds, options.number("time-limit", 1, 86'400));
  const std::chrono::seconds limit(seconds.value_or(60));
  place.timeout_seconds = static_cast<std::uint32_t>(limit.count());
  auto table = cluster::run_cluster_query(place, *name);
  if (table || table.error().code != "query-name") return table;
  return ask_judging_database(options, console, limit);
}

model::Result<ExitCode> run(const Options& options, jobs::Console& console) {
  if (options.has("cluster")) {
    TRY(const auto format, output_format(options));
    TRY(const auto table, ask_cluster(options, console));
    console.out << report::render_table(table, format);
    return ExitCode::success;
  }
  if (options.has("list")) {
    list_queries(console);
    return ExitCode::success;
  }
  TRY(const auto sql, chosen_sql(options));
  TRY(const auto format, output_format(options));
  TRY(const auto path, readable_database(options));
  TRY(const auto seconds, options.number("time-limit", 1, 86'400));
  const store::QueryLimits limits{.time = std::chrono::seconds(seconds.value_or(60))};
  const TimeLimit watch(limits.time);
  TRY(const auto table, store::run_query(path, sql, limits));
  console.out << report::render_table(table, format);
  return ExitCode::success;
}

}  // namespace

const Command query_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
