#include "tests/fuzz/strict_sink.hpp"

using namespace ruaudit::ingest;
using namespace ruaudit::ingest::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  unpack_strictly(as_text(data, size), ItemKind::file);
  return 0;
}
