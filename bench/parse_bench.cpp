// parse_bench [--scanner] FILE-OR-FOLDER... [repetitions]: parses all .xml and .xml.gz given, held in memory, into a
// sink that only counts, with both engines, in chunks of 64 KiB as the unpacker yields them. Prints MB per second of
// CPU of the best run.
#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "parser/aggregate_report_parser.hpp"

namespace {

using namespace ruaudit;

class CountingSink : public model::RecordSink {
 public:
  void policy(const model::PolicyPublished&) override {}
  void record(const model::Record& record) override {
    ++records;
    messages += record.count.value_or(0);
  }
  void defect(const model::Defect&) override { ++defects; }
  std::uint64_t records = 0;
  std::int64_t messages = 0;
  std::uint64_t defects = 0;
};

std::string load(const std::filesystem::path& path) {
  // gzread passes plain files through unchanged.
  gzFile file = gzopen(path.c_str(), "rb");
  std::string text;
  std::string buffer(1 << 20, '\0');
  for (int n = 0; file != nullptr && (n = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0;)
    text.append(buffer, 0, static_cast<std::size_t>(n));
  if (file != nullptr) gzclose(file);
  return text;
}

double parse_all(const std::vector<std::string>& texts, parser::XmlEngine engine, CountingSink& sink,
                 std::size_t& handed_over) {
  constexpr std::size_t chunk = 64 * 1024;
  const std::clock_t begin = std::clock();  // CPU time: other work on the machine does not count
  for (const std::string& text : texts) {
    parser::AggregateReportParser parser(sink, {}, engine);
    for (std::size_t at = 0; at < text.size(); at += chunk)
      if (!parser.feed(std::string_view(text).substr(at, chunk))) break;
    if (!parser.finish()) std::printf("refused\n");
    if (!parser.is_scanning()) ++handed_over;
  }
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> texts;
  std::size_t bytes = 0;
  int repetitions = 5;
  bool is_scanner_only = false;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--scanner") {
      is_scanner_only = true;
    } else if (std::filesystem::is_directory(argument)) {
      for (const auto& entry : std::filesystem::directory_iterator(argument)) texts.push_back(load(entry.path()));
    } else if (std::filesystem::exists(argument)) {
      texts.push_back(load(argument));
    } else {
      repetitions = std::stoi(argument);
    }
  }
  for (const auto& text : texts) bytes += text.size();
  for (const auto engine : {parser::XmlEngine::automatic, parser::XmlEngine::libxml2}) {
    if (is_scanner_only && engine == parser::XmlEngine::libxml2) continue;
    double best = 1e9;
    std::size_t handed_over = 0;
    CountingSink sink;
    for (int i = 0; i < repetitions; ++i) {
      sink.records = sink.defects = 0;
      sink.messages = 0;
      handed_over = 0;
      best = std::min(best, parse_all(texts, engine, sink, handed_over));
    }
    std::printf(
        "%-8s %zu reports %.1f MB: %.3f s, %.0f MB/s, %llu records, %lld messages, %llu defects, %zu by libxml2\n",
        engine == parser::XmlEngine::automatic ? "scanner" : "libxml2", texts.size(), static_cast<double>(bytes) / 1e6,
        best, static_cast<double>(bytes) / 1e6 / best, static_cast<unsigned long long>(sink.records),
        static_cast<long long>(sink.messages), static_cast<unsigned long long>(sink.defects), handed_over);
  }
  return 0;
}
