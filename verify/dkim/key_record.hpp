// A DKIM key record as values (RFC 6376 section 3.6.1, RFC 8463 section 4). In: the text of one TXT record, its strings
// concatenated. Out: the tags, and the Fault that makes the record unusable for every signature (steps 5 and 7 of
// section 6.1.2); whether it suits one signature is said by unsuitable_for().
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verify/dkim/signature.hpp"

namespace ruaudit::verify::dkim {

// What the mail is for: a key whose s= names other services only is not for it (RFC 6376 section 3.6.1; RFC 8460
// section 3 for SMTP TLS reports).
enum class Service : std::uint8_t { email, tlsrpt };

struct KeyRecord {
  std::string key_type = "rsa";                      // k= as written
  std::optional<std::vector<std::string>> hashes;    // h=; absent: all
  std::optional<std::vector<std::string>> services;  // s=; absent: all
  std::optional<std::string> granularity;            // g= of RFC 4871
  std::string notes;                                 // n= as written
  std::string key;                                   // p= decoded
  bool is_testing = false;                           // t=y
  bool is_strict = false;                            // t=s
  std::optional<Fault> fault;
};

[[nodiscard]] KeyRecord parse_key_record(std::string_view text);

// Why the record does not suit the signature (steps 6 and 8, s=, t=s), or nothing.
[[nodiscard]] std::optional<Fault> unsuitable_for(const KeyRecord& record, const Signature& signature,
                                                  Service service = Service::email);

}  // namespace ruaudit::verify::dkim
