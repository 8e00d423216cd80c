#include "ingest/mbox.hpp"
#include "tests/fuzz/strict_sink.hpp"

using namespace ruaudit::ingest;
using namespace ruaudit::ingest::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text(data, size);
  MboxReader reader(Bytes::from_string(std::string(text)), 64, "/tmp");
  std::size_t total = 0;
  std::size_t next = 0;
  while (const auto member = reader.next()) {
    if (!*member) return 0;  // no room for a spool file
    require((*member)->offset >= next);
    next = (*member)->offset + 1;
    total += (*member)->mail.size();
  }
  require(total <= size);
  if (starts_mbox_member(text)) unpack_strictly(text, ItemKind::file);
  return 0;
}
