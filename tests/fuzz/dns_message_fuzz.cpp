// The decoder of DNS messages: the first octet chooses the type asked for, the rest is the response. Checked: records
// only where the status says so, and a chain that ends.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "verify/dns/wire.hpp"

namespace {

using namespace ruaudit::verify::dns;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array types{RecordType::A,   RecordType::AAAA, RecordType::CNAME,
                             RecordType::PTR, RecordType::MX,   RecordType::TXT};
  if (size == 0) return 0;
  Answer answer;
  answer.question = {"a.test", types[data[0] % types.size()]};
  decode_response({data + 1, size - 1}, answer);
  const auto records = answer.txt.size() + answer.addresses.size() + answer.mx.size() + answer.names.size();
  require((records > 0) == answer.is_found());
  require(answer.cname_chain.size() <= 17);
  require(answer.status != Status::timeout && answer.status != Status::bad_name);
  return 0;
}
