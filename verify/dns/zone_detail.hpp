// Private to the zone readers: what both forms use to fill a Zone, and the tokens of a master file.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "verify/dns/zone.hpp"

namespace ruaudit::verify::dns {

class ZoneBuilder {
 public:
  explicit ZoneBuilder(const ZoneLimits& limits) : limits_(limits) {}

  // Makes `name` (canonical) and the names above it exist. False when the zone would hold too many.
  [[nodiscard]] bool add_name(const std::string& name);
  // The set of `name`, which exists; a new set takes `ttl`, an old one the lesser.
  RecordSet& set(const std::string& name, RecordType type, std::uint32_t ttl);
  [[nodiscard]] bool has_set(const std::string& name, RecordType type) const;
  void set_otherwise(const std::string& name, Status status);
  void set_negative_ttl(const std::string& apex, std::uint32_t ttl) { zone_.negative_ttls_[apex] = ttl; }
  [[nodiscard]] Zone take() { return std::move(zone_); }

 private:
  ZoneLimits limits_;
  Zone zone_;
};

struct MasterToken {
  std::string raw{};  // escapes not yet decoded
  bool is_quoted = false;
};

struct MasterEntry {  // one entry of a master file, its parentheses resolved
  std::size_t line = 0;
  bool begins_with_blank = false;
  std::vector<MasterToken> tokens{};
};

// Splits a master file into entries (RFC 1035 section 5.1).
class MasterLexer {
 public:
  explicit MasterLexer(std::string_view text) : text_(text) {}
  // The next entry that has tokens; an entry without tokens ends the file.
  [[nodiscard]] model::Result<MasterEntry> next();

 private:
  [[nodiscard]] model::Result<MasterToken> quoted();
  [[nodiscard]] MasterToken bare();
  void skip_comment();

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

// "\DDD" and "\X" decoded; nothing for an escape that is cut off or above 255.
[[nodiscard]] std::optional<std::string> decode_escapes(std::string_view raw);

// The fields of a TLSA record in its written form (RFC 6698 section 2.2), the data in any number of pieces.
[[nodiscard]] std::optional<TlsaRecord> tlsa_of(const std::vector<std::string>& fields);

tl::unexpected<model::Error> zone_failure(std::size_t line, std::string_view what);

}  // namespace ruaudit::verify::dns
