// The trace fields of a mail: one of them, and a whole header that a session is told from.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "verify/message/message.hpp"
#include "verify/trace/received.hpp"
#include "verify/trace/session_facts.hpp"

using namespace ruaudit::verify;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(trace::parse_received(text));
  static_cast<void>(trace::parse_received_spf(text));
  static_cast<void>(trace::parse_return_path(text));
  static_cast<void>(trace::parse_client_ip(text));
  if (const auto mail = message::Message::view(text)) static_cast<void>(trace::session_facts(mail->fields()));
  return 0;
}
