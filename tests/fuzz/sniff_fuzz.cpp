#include "ingest/sniff.hpp"
#include "tests/fuzz/strict_sink.hpp"

using namespace ruaudit::ingest;
using namespace ruaudit::ingest::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text(data, size);
  const auto whole = sniff(text, Prefix::whole);
  require(whole.decided && whole.skip <= size);
  const auto partial = sniff(text, Prefix::partial);
  require(partial.skip <= size);
  feedback_type(text);
  feedback_in_text(text);
  unpack_strictly(text, ItemKind::file);
  return 0;
}
