// The answer of a token endpoint: the first octet chooses the status. A token is one line, and no error tells a secret.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "ingest/mailbox/auth/token_post_detail.hpp"

using namespace ruaudit::ingest::mailbox;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const PostAnswer answer{data[0] % 4 == 0   ? 400L
                          : data[0] % 4 == 1 ? 503L
                                             : 200L,
                          std::string(reinterpret_cast<const char*>(data) + 1, size - 1)};
  const std::string secret = "s3cret-of-the-client";
  const auto token = read_answer(answer, {secret}, 1'767'225'600);
  if (token && token->text.find_first_of("\r\n\0 ") != std::string::npos) std::abort();
  if (!token && (token.error().message + token.error().hint).find(secret) != std::string::npos) std::abort();
  return 0;
}
