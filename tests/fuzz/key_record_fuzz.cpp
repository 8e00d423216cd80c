// Any bytes as a DKIM key record, parsed and turned into a key, against a signature of each algorithm.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "verify/dkim/keys.hpp"

using namespace ruaudit::verify::dkim;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const KeyRecord record = parse_key_record(text);
  if (!record.fault && record.key.empty()) std::abort();
  KeyCache cache(2);
  const auto cached = cache.get(std::string(text));
  for (const char* a : {"rsa-sha256", "ed25519-sha256"}) {
    const auto parsed = parse_signature(std::string("v=1; d=a.b; s=s; h=from; b=QUJD; i=joe@x.a.b; a=") + a +
                                            "; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
                                        SignatureKind::dkim);
    if (parsed.fault) std::abort();
    const auto fault = unsuitable_for(record, parsed.signature);
    if (!cached->record.fault && !fault && !cached->key) std::abort();
    if (cached->key && cached->key->bits() <= max_rsa_bits)
      static_cast<void>(cached->key->verifies(HashAlgorithm::sha256, parsed.signature.signature, "input"));
  }
  return 0;
}
