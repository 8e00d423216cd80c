#include "ingest/mime_split.hpp"
#include "tests/fuzz/strict_sink.hpp"

using namespace ruaudit::ingest;
using namespace ruaudit::ingest::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text(data, size);
  const auto bytes = Bytes::from_string(std::string(text));
  const auto cut = split_mail(bytes, small_limits());
  std::size_t last = 0;
  for (const auto& part : cut.parts) {
    require(part.header.begin <= part.header.end && part.header.end <= part.body.begin);
    require(part.body.begin <= part.body.end && part.body.end <= size);
    require(part.body.begin >= last);  // no octet belongs to two parts
    last = part.body.end;
  }
  unpack_strictly(text, ItemKind::mbox_member);
  return 0;
}
