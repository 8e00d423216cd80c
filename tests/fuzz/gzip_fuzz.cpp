#include "ingest/gunzip.hpp"
#include "tests/fuzz/strict_sink.hpp"

using namespace ruaudit::ingest;
using namespace ruaudit::ingest::fuzz;

namespace {
class Counter : public OctetReceiver {
 public:
  bool chunk(std::string_view octets) override {
    total += octets.size();
    return total < mebi;
  }
  std::uint64_t total = 0;
};
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text(data, size);
  Counter counter;
  gunzip(Bytes::from_string(std::string(text)), small_limits(), counter);
  require(inflate_head(text, DeflateForm::gzip).size() <= 512);
  unpack_strictly(text, ItemKind::file);
  return 0;
}
