// Any bytes as a mail: fields and body must be exactly the bytes, the index complete, the limits hold.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "verify/message/message.hpp"

using namespace ruaudit::verify::message;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const Message& mail) {
  std::string raws;
  std::size_t named = 0;
  for (const HeaderField& field : mail.fields()) {
    raws.append(field.raw);
    if (!field.name.empty()) ++named;
  }
  require(raws == mail.header_block());
  require(named == mail.index_size());
  for (std::size_t i = 0; i < mail.fields().size(); ++i) {
    const HeaderField& field = mail.fields()[i];
    if (field.name.empty()) continue;
    bool is_found = false;
    for (const std::uint32_t position : mail.positions(field.name)) is_found = is_found || position == i;
    require(is_found);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto mail =
          Message::view(bytes, {.message_bytes = 100'000, .header_bytes = 20'000, .header_fields = 200})) {
    require(mail->fields().size() <= 200 && mail->header_block().size() <= 20'000);
    check(*mail);
  }
  return 0;
}
