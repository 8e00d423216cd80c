// floor_bench CORPUS FILE [REPETITIONS]: what one ingest of the mails of CORPUS (made by bench/make-corpus) needs at
// least on this machine, now: CPU seconds of unpacking (read, base64, zlib, CRC), of libxml2's SAX2 with the fields
// extracted, and of a lean SQLite insertion into FILE, each with nothing around it, and their sum. One line of JSON per
// repetition.
#include <libxml/parser.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "bench/floor/lean_table.hpp"
#include "bench/floor/mails.hpp"

namespace {

using namespace floor_bench;

double cpu_now() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

class Counter : public FieldSink {
 public:
  void record(const Fields& fields) override {
    ++records;
    messages += fields.count;
  }
  void report(const Head&) override { ++reports; }
  std::int64_t reports = 0, records = 0, messages = 0;
};

double measure_unpacking(const std::vector<std::string>& mails) {
  const double begin = cpu_now();
  Unpacker unpacker;
  std::size_t octets = 0;
  for (const auto& mail : mails) octets += unpacker.unpack(mail).size();
  if (octets == 0) give_up("an empty corpus");
  return cpu_now() - begin;
}

// Unpacking lies between the timed stretches, so that memory holds one report at a time.
double measure_parsing(const std::vector<std::string>& mails, Counter& counter) {
  Unpacker unpacker;
  double total = 0;
  for (const auto& mail : mails) {
    const auto xml = unpacker.unpack(mail);
    const double begin = cpu_now();
    parse_fields(xml, counter);
    total += cpu_now() - begin;
  }
  return total;
}

double measure_inserting(const LeanTable& table, const std::string& path) {
  const double begin = cpu_now();
  table.insert_all(path);
  return cpu_now() - begin;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) give_up("usage: floor_bench CORPUS FILE [REPETITIONS]");
  const int repetitions = argc > 3 ? std::atoi(argv[3]) : 1;
  const auto mails = mails_below(argv[1]);
  xmlInitParser();
  LeanTable table;
  {
    Unpacker unpacker;
    for (const auto& mail : mails) parse_fields(unpacker.unpack(mail), table);
  }
  for (int i = 0; i < repetitions; ++i) {
    Counter counter;
    const double unpacking = measure_unpacking(mails), parsing = measure_parsing(mails, counter);
    const double inserting = measure_inserting(table, argv[2]);
    std::printf(
        "{\"unpack\": %.4f, \"parse\": %.4f, \"insert\": %.4f, \"sum\": %.4f, \"reports\": %lld, "
        "\"records\": %lld, \"messages\": %lld}\n",
        unpacking, parsing, inserting, unpacking + parsing + inserting, static_cast<long long>(counter.reports),
        static_cast<long long>(counter.records), static_cast<long long>(counter.messages));
    std::fflush(stdout);
  }
}
