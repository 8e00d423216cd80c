// From the DNS name of a key to keys that can verify (RFC 6376 section 6.1.2). In: names; out: for each the parsed
// records, or why there are none. Records are parsed once and kept in a KeyCache by their text. Several TXT records are
// tried each (step 4), at most max_records of them. Weakness by RFC 8301 is distinguished, the caller decides on it.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "verify/dkim/crypto.hpp"
#include "verify/dkim/key_record.hpp"
#include "verify/dns/resolver.hpp"

namespace ruaudit::verify::dkim {

inline constexpr std::size_t max_records = 8;
inline constexpr int min_rsa_bits = 1024;  // RFC 8301 section 3.2
inline constexpr int max_rsa_bits = 8192;  // ours; 4096 must be supported

struct CachedKey {
  KeyRecord record;
  std::optional<PublicKey> key;  // where record.fault is none and k= is a known type
};

// Bounded by `capacity` records; when full it starts over. Safe for several threads.
class KeyCache {
 public:
  explicit KeyCache(std::size_t capacity = 4096) : capacity_(capacity) {}
  [[nodiscard]] std::shared_ptr<const CachedKey> get(const std::string& record_text);

 private:
  std::size_t capacity_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const CachedKey>> keys_;
};

struct Keys {
  std::vector<std::shared_ptr<const CachedKey>> records;
  std::optional<Fault> fault;  // no_key or dns_failure, where there are no records
};

// One answer for each name, in their order; equal names are asked once.
[[nodiscard]] std::vector<Keys> look_up_keys(dns::Resolver& resolver, KeyCache& cache,
                                             std::span<const std::string> names);

struct UsableKeys {
  std::vector<std::shared_ptr<const CachedKey>> keys;
  std::optional<Fault> fault;  // of the first record, where none is usable
};
[[nodiscard]] UsableKeys usable_keys(const Keys& keys, const Signature& signature, Service service = Service::email);

// weak_hash, of rsa-sha1.
[[nodiscard]] Fault retired_hash();
// weak_hash or weak_key (RFC 8301), key_too_large (our bound), or nothing.
[[nodiscard]] std::optional<Fault> weakness_of(const PublicKey& key, HashAlgorithm hash);

}  // namespace ruaudit::verify::dkim
