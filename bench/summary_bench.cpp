// summary_bench DATABASE [RECORDS [DOMAINS DAYS REPORTERS]]: wall and CPU seconds of the summary of all days against
// the same totals by plain SQL over the records. Builds DATABASE where it does not exist, through the store's own
// writer: RECORDS records (10 million unless told otherwise) of 50,000 sources, and of 20 domains, 400 days and 30
// reporters unless told otherwise; every source sends for one domain mostly, and for the others now and then. A
// reporter sends one report a day and domain. With DAYS the database is built only.
#include <sqlite3.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

#include "report/summary.hpp"
#include "store/aggregate/report_encoder.hpp"
#include "store/summary/queries.hpp"
#include "store/writer.hpp"

namespace {

using namespace ruaudit;

constexpr int sources = 50'000;
constexpr std::int64_t first_day = 1'672'531'200;  // 2023-01-01

struct Shape {
  std::int64_t records = 10'000'000;
  int domains = 20, days = 400, reporters = 30;
};

struct Clocks {
  double wall, cpu;
};

Clocks now() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  const auto wall = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  return {wall, seconds(usage.ru_utime) + seconds(usage.ru_stime)};
}

template <class Work>
Clocks timed(Work work) {
  const auto before = now();
  work();
  const auto after = now();
  return {after.wall - before.wall, after.cpu - before.cpu};
}

template <class T>
T require(model::Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "summary_bench: %s\n", result.error().message.c_str());
  std::exit(1);
}

void require(const model::Result<void>& result) {
  if (result) return;
  std::fprintf(stderr, "summary_bench: %s\n", result.error().message.c_str());
  std::exit(1);
}

class Maker {
 public:
  explicit Maker(int domains) : domains_(domains) {}
  model::Record record(int domain, std::uint32_t number) {
    const std::string own = "example" + std::to_string(domain) + ".com";
    model::Record record;
    record.row_number = number;
    record.count = 1 + static_cast<std::int64_t>(below(20));
    const int source = pick_source(domain);
    record.source_ip = model::IpAddress::v4(0x0a000000U + static_cast<std::uint32_t>(source));
    record.identifiers.header_from = own;
    const auto kind = source % 10;
    const std::string service = "mailer" + std::to_string(source % 97) + ".net";
    const bool is_own = kind < 6, is_service = kind < 9;
    const std::string as = is_own ? own : service;
    record.identifiers.envelope_from = as;
    if (is_service)
      record.auth_results.dkim.push_back({as, "s" + std::to_string(source % 3), model::DkimResult::pass, std::nullopt});
    record.auth_results.spf.push_back(
        {as, model::SpfScope::mfrom, is_service ? model::SpfResult::pass : model::SpfResult::fail, std::nullopt});
    const auto result = is_own ? model::AlignedResult::pass : model::AlignedResult::fail;
    record.policy_evaluated = {model::Disposition::none, result, result, {}};
    return record;
  }
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

 private:
  // Nine of ten rows come from the domain's own part of the sources, few of which send the most; the rest from
  // anywhere.
  int pick_source(int domain) {
    if (below(10) == 0) return static_cast<int>(below(sources));
    const double u = static_cast<double>(below(1'000'000)) / 1e6;
    return domain + domains_ * static_cast<int>(u * u * u * (sources / domains_));
  }
  int domains_;
  std::mt19937_64 random_{7};
};

void write_report(store::Writer& writer, store::ReportEncoder& encoder, Maker& maker, const Shape& shape, int number,
                  std::int64_t records) {
  const int day = number / (shape.domains * shape.reporters), domain = number / shape.reporters % shape.domains,
            reporter = number % shape.reporters;
  model::AggregateReport report;
  report.header.metadata.org_name = "reporter" + std::to_string(reporter) + ".example";
  report.header.metadata.report_id = std::to_string(number);
  report.header.metadata.date_range = {first_day + day * 86'400LL, first_day + day * 86'400LL + 86'399};
  report.header.policy_published.domain = "example" + std::to_string(domain) + ".com";
  report.header.policy_published.p = model::Policy::none;
  store::Item item;
  item.source = "bench";
  item.locator = std::to_string(number);
  for (std::size_t i = 0; i < 4; ++i) item.content_hash[i] = static_cast<std::uint8_t>(number >> (8 * i));
  item.received = item.now = *report.header.metadata.date_range.end;
  require(writer.begin_item(item));
  require(writer.begin_report({store::PartKind::aggregate, "1"}));
  encoder.begin();
  for (std::int64_t i = 0; i < records; ++i) {
    const auto record = maker.record(domain, static_cast<std::uint32_t>(i + 1));
    encoder.record(record, {});
    report.messages += *record.count;
    if (!encoder.is_batch_full()) continue;
    auto batch = encoder.take_batch();
    require(writer.append(batch));
    encoder.recycle(std::move(batch));
  }
  report.records = static_cast<std::uint64_t>(records);
  const auto header = encoder.finish(report, {});
  auto batch = encoder.take_batch();
  require(writer.append(batch));
  encoder.recycle(std::move(batch));
  require(writer.end_report(header));
  require(writer.end_item());
}

void build(const std::string& path, const Shape& shape) {
  store::DatabaseOptions options;
  options.path = path;
  options.cache_octets = 256LL << 20;
  auto database = require(store::Database::open(options));
  auto writer = require(store::Writer::create(database));
  auto encoder = require(store::ReportEncoder::create());
  Maker maker(shape.domains);
  const int reports = shape.days * shape.domains * shape.reporters;
  constexpr int per_transaction = 3'000;
  require(writer.begin());
  for (int i = 0; i < reports; ++i) {
    write_report(writer, encoder, maker, shape, i, shape.records * (i + 1) / reports - shape.records * i / reports);
    if (i % per_transaction != per_transaction - 1) continue;
    require(writer.commit());
    require(database.checkpoint_if_due());
    require(writer.begin());
  }
  require(writer.commit());
}

// The totals of the first screen, as an analyst would write them over the records.
constexpr const char* totals_sql =
    "SELECT d.name, v.disposition, v.dkim, v.spf, v.dkim_auth, v.spf_auth, v.overridden, r.self_check, count(*), "
    "sum(r.count) FROM record r JOIN report p ON p.id = r.report_id JOIN domain d ON d.id = p.domain_id "
    "JOIN verdict v ON v.id = r.verdict_id WHERE p.counted = 1 AND r.source_id IS NOT NULL AND r.count > 0 "
    "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8";
constexpr const char* sources_sql =
    "SELECT d.name, r.source_id, sum(r.count), sum(CASE WHEN v.dkim = 'pass' OR v.spf = 'pass' THEN r.count ELSE 0 "
    "END) "
    "FROM record r JOIN report p ON p.id = r.report_id JOIN domain d ON d.id = p.domain_id "
    "JOIN verdict v ON v.id = r.verdict_id WHERE p.counted = 1 AND r.source_id IS NOT NULL AND r.count > 0 GROUP BY 1, "
    "2";

std::int64_t run_sql(const std::string& path, const char* sql, int sum_column) {
  sqlite3* handle = nullptr;
  sqlite3_stmt* statement = nullptr;
  std::int64_t sum = 0;
  if (sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK &&
      sqlite3_exec(handle, "PRAGMA cache_size = -262144", nullptr, nullptr, nullptr) == SQLITE_OK &&
      sqlite3_prepare_v2(handle, sql, -1, &statement, nullptr) == SQLITE_OK)
    while (sqlite3_step(statement) == SQLITE_ROW) sum += sqlite3_column_int64(statement, sum_column);
  sqlite3_finalize(statement);
  sqlite3_close(handle);
  return sum;
}

std::int64_t run_summary(const std::string& path) {
  const auto facts = require(store::read_summary_facts(path, {}));
  report::SummaryContext context;
  context.period.timezone = "UTC";
  context.period.label = "all days";
  context.now = first_day + 400 * 86'400LL;
  const auto text = report::summary_text(facts, context);
  std::int64_t sum = 0;
  for (const auto& domain : facts.domains)
    for (const auto& total : domain.totals) sum += total.messages;
  return text.empty() ? 0 : sum;
}

void print(const char* what, const Clocks& clocks, std::int64_t sum) {
  std::printf("%-34s %8.3f s wall %8.3f s CPU   %lld messages\n", what, clocks.wall, clocks.cpu,
              static_cast<long long>(sum));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3 && argc != 6) {
    std::fprintf(stderr, "usage: summary_bench DATABASE [RECORDS [DOMAINS DAYS REPORTERS]]\n");
    return 2;
  }
  const std::string path = argv[1];
  Shape shape;
  // NOLINTBEGIN(cert-err34-c)
  if (argc > 2) shape.records = std::atoll(argv[2]);
  if (argc > 3) shape = {shape.records, std::atoi(argv[3]), std::atoi(argv[4]), std::atoi(argv[5])};
  // NOLINTEND(cert-err34-c)
  if (!std::filesystem::exists(path)) {
    const auto built = timed([&] { build(path, shape); });
    std::printf("built %lld records: %.1f s wall, %.1f s CPU, %.0f MiB\n", static_cast<long long>(shape.records),
                built.wall, built.cpu, static_cast<double>(std::filesystem::file_size(path)) / 1048576.0);
  }
  if (argc > 3) return 0;
  std::int64_t sum = 0;
  Clocks best{1e9, 1e9};
  for (int round = 0; round < 3; ++round) {
    const auto took = timed([&] { sum = run_summary(path); });
    if (took.cpu < best.cpu) best = took;
  }
  print("summary of all days, as text", best, sum);
  const auto totals = timed([&] { sum = run_sql(path, totals_sql, 9); });
  print("the same totals over the records", totals, sum);
  const auto by_source = timed([&] { sum = run_sql(path, sources_sql, 2); });
  print("the same sources over the records", by_source, sum);
  std::printf("ratio: totals %.1f (wall %.1f), totals and sources %.1f (wall %.1f)\n", totals.cpu / best.cpu,
              totals.wall / best.wall, (totals.cpu + by_source.cpu) / best.cpu,
              (totals.wall + by_source.wall) / best.wall);
  return 0;
}
