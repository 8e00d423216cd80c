// store_bench [FOLDER_OF_XML_GZ [BATCH_RECORDS [REPEATS]]] | distinct N: CPU seconds of storing reports that are
// already parsed: encoding, writing, roll-ups, commit and final checkpoint, without originals. Without a folder the
// reports are synthetic, in the shape of a large mailbox: 10,000 reports of nine domains, 38 records each, one report
// in seventy with thousands.
#include <sys/resource.h>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "parser/aggregate_report_parser.hpp"
#include "store/aggregate/report_encoder.hpp"
#include "store/writer.hpp"

namespace {

using namespace ruaudit;
namespace fs = std::filesystem;

struct Parsed {
  model::AggregateReport report;
  std::vector<model::Record> records;
  std::vector<model::Defect> defects;
};

struct Keep : model::RecordSink {
  Parsed parsed;
  void policy(const model::PolicyPublished&) override {}
  void record(const model::Record& record) override { parsed.records.push_back(record); }
  void defect(const model::Defect& defect) override { parsed.defects.push_back(defect); }
};

std::vector<Parsed> load(const char* folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<Parsed> all;
  for (const auto& path : files) {
    Keep keep;
    parser::AggregateReportParser reader(keep);
    gzFile file = gzopen(path.c_str(), "rb");
    std::string chunk(65536, '\0');
    for (int n = 0; (n = gzread(file, chunk.data(), 65536)) > 0;)
      if (!reader.feed(std::string_view(chunk).substr(0, static_cast<std::size_t>(n)))) break;
    gzclose(file);
    auto report = reader.finish();
    if (!report) continue;
    keep.parsed.report = *report;
    all.push_back(std::move(keep.parsed));
  }
  return all;
}

struct Maker {
  std::mt19937_64 random{1};
  std::uint64_t below(std::uint64_t n) { return random() % n; }
  std::string numbered(const char* prefix, std::uint64_t n, const char* suffix) {
    return prefix + std::to_string(n) + suffix;
  }

  model::Record record(std::uint32_t row, const std::string& domain) {
    model::Record record;
    record.row_number = row;
    const std::uint64_t squared = below(270) * below(270);
    record.source_ip = model::IpAddress::v4(static_cast<std::uint32_t>((squared + 1) * 57119U));
    record.count = static_cast<std::int64_t>(1 + below(20));
    const bool passes = below(2) == 0;
    record.policy_evaluated = {passes ? model::Disposition::none : model::Disposition::reject,
                               passes ? model::AlignedResult::pass : model::AlignedResult::fail,
                               model::AlignedResult::fail,
                               {}};
    record.identifiers.header_from = below(7) == 0 ? numbered("sub", below(10), ".") + domain : domain;
    record.identifiers.envelope_from = numbered("bounce", below(60), ".mailer.example");
    if (below(4) == 0) record.identifiers.envelope_to = numbered("customer", below(300), ".example");
    record.auth_results.dkim.push_back(
        {domain, numbered("selector", below(30), ""), passes ? model::DkimResult::pass : model::DkimResult::fail, {}});
    record.auth_results.spf.push_back(
        {*record.identifiers.envelope_from, model::SpfScope::mfrom, model::SpfResult::pass, {}});
    return record;
  }

  Parsed report(std::uint64_t i) {
    Parsed parsed;
    auto& header = parsed.report.header;
    header.metadata.org_name = numbered("Reporter ", below(14), "");
    header.metadata.email = "dmarc@reporter.example";
    header.metadata.report_id = numbered("report-", i, "");
    header.metadata.date_range.begin = 1'700'000'000 + static_cast<std::int64_t>(below(540)) * 86'400;
    header.metadata.date_range.end = *header.metadata.date_range.begin + 86'399;
    header.policy_published.domain = numbered("domain", below(9), ".example");
    header.policy_published.p = model::Policy::reject;
    const auto rows = static_cast<std::uint32_t>(below(70) == 0 ? 1'000 + below(1'300) : 1 + below(30));
    for (std::uint32_t row = 1; row <= rows; ++row)
      parsed.records.push_back(record(row, header.policy_published.domain));
    return parsed;
  }
};

// One report of that many records, each with an address of its own, made while it is stored: shows the peak memory.
model::Result<void> store_distinct(std::uint32_t rows, const std::string& path) {
  TRY(auto database, store::Database::open({.path = path}));
  TRY(auto encoder, store::ReportEncoder::create());
  TRY(auto writer, store::Writer::create(database));
  Maker maker;
  Parsed parsed = maker.report(0);
  TRY_VOID(writer.begin());
  TRY_VOID(writer.begin_item({.source = "bench", .locator = "1"}));
  TRY_VOID(writer.begin_report({store::PartKind::aggregate, "1"}));
  encoder.begin();
  for (std::uint32_t row = 1; row <= rows; ++row) {
    auto record = maker.record(row, "example.com");
    record.source_ip = model::IpAddress::v4(row * 2654435761U);
    encoder.record(record, {});
    if (!encoder.is_batch_full()) continue;
    auto batch = encoder.take_batch();
    TRY_VOID(writer.append(batch));
    encoder.recycle(std::move(batch));
  }
  auto batch = encoder.take_batch();
  TRY_VOID(writer.append(batch));
  TRY_VOID(writer.end_report(encoder.finish(parsed.report, {})));
  TRY_VOID(writer.end_item());
  return writer.commit();
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Times {
  double encode = 0, write = 0, commit = 0, close = 0;
};

struct Run {
  Times times;
  double mark = cpu_seconds();
  double lap() {
    const double now = cpu_seconds();
    return now - std::exchange(mark, now);
  }
};

model::Result<Times> store_all(const std::vector<Parsed>& all, const std::string& path, std::int64_t batch_records) {
  Run run;
  store::DatabaseOptions options;
  options.path = path;
  TRY(auto database, store::Database::open(options));
  TRY(auto encoder, store::ReportEncoder::create());
  {
    TRY(auto writer, store::Writer::create(database));
    TRY_VOID(writer.begin());
    TRY(auto hasher, store::Hasher::create());
    std::int64_t pending = 0;
    std::uint64_t n = 0;
    for (const Parsed& parsed : all) {
      store::Item item;
      item.source = "bench";
      item.locator = std::to_string(++n);
      item.content_hash = hasher.hash(item.locator);
      item.received = item.now = 1'700'000'000;
      TRY_VOID(writer.begin_item(item));
      TRY_VOID(writer.begin_report({store::PartKind::aggregate, "1"}));
      run.times.write += run.lap();
      encoder.begin();
      for (const auto& defect : parsed.defects) encoder.defect(defect);
      for (const auto& record : parsed.records) {
        encoder.record(record, {});
        if (!encoder.is_batch_full()) continue;
        auto batch = encoder.take_batch();
        run.times.encode += run.lap();
        TRY_VOID(writer.append(batch));
        encoder.recycle(std::move(batch));
        run.times.write += run.lap();
      }
      auto batch = encoder.take_batch();
      const auto header = encoder.finish(parsed.report, {});
      run.times.encode += run.lap();
      TRY_VOID(writer.append(batch));
      TRY_VOID(writer.end_report(header));
      TRY_VOID(writer.end_item());
      encoder.recycle(std::move(batch));
      run.times.write += run.lap();
      pending += header.records;
      if (pending < batch_records) continue;
      pending = 0;
      TRY_VOID(writer.commit());
      TRY_VOID(writer.begin());
      run.times.commit += run.lap();
    }
    TRY_VOID(writer.commit());
    run.times.commit += run.lap();
  }
  database = *store::Database::open({.path = path, .access = store::Access::read_only});
  run.times.close += run.lap();
  return run.times;
}

int show(const model::Error& error) {
  std::fprintf(stderr, "store_bench: %s: %s\n", error.code.c_str(), error.message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string path = (fs::temp_directory_path() / ("store_bench." + std::to_string(::getpid()) + ".db")).string();
  if (argc > 2 && std::string_view(argv[1]) == "distinct") {
    if (const auto stored = store_distinct(static_cast<std::uint32_t>(std::atoll(argv[2])), path); !stored)
      return show(stored.error());
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("store %s distinct addresses: cpu %.3f s peak %ld KiB\n", argv[2], cpu_seconds(), usage.ru_maxrss);
    for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(path + suffix);
    return 0;
  }
  std::vector<Parsed> all;
  if (argc > 1) {
    all = load(argv[1]);
  } else {
    Maker maker;
    for (std::uint64_t i = 0; i < 10'000; ++i) all.push_back(maker.report(i));
  }
  std::size_t records = 0;
  for (const auto& parsed : all) records += parsed.records.size();
  const std::int64_t batch = argc > 2 ? std::atoll(argv[2]) : 50'000;
  for (int repeat = 0; repeat < (argc > 3 ? std::atoi(argv[3]) : 3); ++repeat) {
    const double before = cpu_seconds();
    const auto started = std::chrono::steady_clock::now();
    const auto times = store_all(all, path, batch);
    if (!times) return show(times.error());
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - started;
    std::printf(
        "store %zu reports %zu records: cpu %.3f s (encode %.3f write %.3f commit %.3f close %.3f) wall %.3f s db %.1f "
        "MB\n",
        all.size(), records, cpu_seconds() - before, times->encode, times->write, times->commit, times->close,
        wall.count(), static_cast<double>(fs::file_size(path)) / 1e6);
    if (std::getenv("KEEP") == nullptr)
      for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(path + suffix);
  }
  return 0;
}
