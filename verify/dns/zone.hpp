// DNS data in memory, read from a zone file, for tests, replay and `--zone FILE`. Two forms enter:
//  - a master file (RFC 1035 section 5): $ORIGIN, $TTL, "@", relative names, parentheses, quoted strings, escapes,
//    comments, TTLs as numbers or with units (1h30m), wildcards (RFC 4592). Served are A, AAAA, CNAME, MX, PTR, TLSA,
//    TXT and the SOA's negative TTL; records of other types only make their name exist. $INCLUDE and other classes are
//    refused.
//  - JSON, names to lists of {"TXT": "..." | [strings]}, {"SPF": ...}, {"A": "..."}, {"AAAA": "..."},
//    {"MX": [10, "..."]}, {"PTR": "..."}, {"CNAME": "..."}, {"TLSA": "3 1 1 HEX"}, "TIMEOUT", "SERVFAIL". SPF is served
//    as TXT unless the name has an explicit TXT ({"TXT": "NONE"}: no TXT at all); a bare TIMEOUT or SERVFAIL answers
//    every type not listed before it.
//    {"TYPE": "TIMEOUT"} and {"TYPE": "SERVFAIL"} do it for one type. A list of texts for A, AAAA or PTR is one record
//    each; other types only make their name exist.
// A missing name is NXDOMAIN, an empty non-terminal NODATA. A Zone never changes once read.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/result.hpp"
#include "verify/dns/resolver.hpp"

namespace ruaudit::verify::dns {

struct ZoneLimits {
  std::size_t max_bytes = std::size_t{32} << 20U;
  std::size_t max_names = 1'000'000;  // with the empty non-terminals above them
};

struct RecordSet {  // what one name has of one type
  Status status = Status::noerror;
  std::vector<TxtRecord> txt{};
  std::vector<model::IpAddress> addresses{};
  std::vector<MxRecord> mx{};
  std::vector<std::string> names{};
  std::vector<TlsaRecord> tlsa{};
  std::uint32_t ttl = 0;
};

class Zone {
 public:
  static constexpr std::uint32_t default_ttl = 300;          // of JSON, and of master files that say nothing
  static constexpr std::uint32_t default_negative_ttl = 60;  // where no SOA is above the name
  static constexpr std::size_t max_cname_chain = 16;

  // Either form: JSON when the first character that is no blank is "{". Error code "zone-file", with the line.
  static model::Result<Zone> parse(std::string_view text, const ZoneLimits& limits = {});
  static model::Result<Zone> parse_master(std::string_view text, const ZoneLimits& limits = {});
  static model::Result<Zone> parse_json(std::string_view text, const ZoneLimits& limits = {});

  // Follows CNAMEs up to max_cname_chain; a loop is SERVFAIL. `resolver` and `time` are left to the caller.
  [[nodiscard]] Answer answer(const Question& question) const;
  [[nodiscard]] std::size_t name_count() const { return nodes_.size(); }

 private:
  friend class ZoneBuilder;
  struct Node {
    std::map<RecordType, RecordSet> sets;
    std::optional<Status> otherwise;  // of every type not in sets
  };
  struct Found {
    Status status = Status::nodata;
    std::uint32_t ttl = 0;
    const RecordSet* records = nullptr;
    std::optional<std::string> alias{};
  };
  [[nodiscard]] const Node* find(const std::string& name) const;
  [[nodiscard]] Found look_up(const std::string& name, RecordType type) const;
  void walk(std::string name, Answer& answer) const;
  [[nodiscard]] std::uint32_t negative_ttl(std::string_view name) const;

  std::unordered_map<std::string, Node> nodes_;
  std::unordered_map<std::string, std::uint32_t> negative_ttls_;  // by apex
};

class ZoneResolver final : public Resolver {
 public:
  ZoneResolver(Zone zone, Clock clock, std::string id = "zone")
      : zone_(std::move(zone)), clock_(std::move(clock)), id_(std::move(id)) {}
  [[nodiscard]] std::vector<Answer> query_all(std::span<const Question> questions) override;

 private:
  Zone zone_;
  Clock clock_;
  std::string id_;
};

}  // namespace ruaudit::verify::dns
