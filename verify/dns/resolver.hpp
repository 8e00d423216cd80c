// What the protocols ask of DNS and get back. A Question (name, type) enters, an Answer leaves: a status that keeps
// NXDOMAIN, NODATA, SERVFAIL, timeout and bogus apart, typed records with the CNAME chain already followed, TTL,
// DNSSEC status, resolver and time (RFC 1035, 2308, 4035). Implementations: LiveResolver, ZoneResolver,
// RecordedResolver; decorators: CachingResolver, RecordingResolver, LimitedResolver. A Resolver blocks, never throws,
// and may be asked by several threads at once unless its header says otherwise.
//
// Names are text: labels separated by dots, bytes as they are (underscores, blanks and 8-bit bytes are legal; there are
// no escapes, only a dot inside a label of an answer is written "\."), compared without regard to ASCII case, with or
// without one trailing dot; names in answers are lower case. Callers convert U-labels first. A name that DNS cannot
// hold (empty label, label over 63, name over 253 octets) is answered `bad_name` and no query leaves.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/enum_text.hpp"
#include "model/ip_address.hpp"

namespace ruaudit::verify::dns {

// Values are those of the protocol (RFC 1035 section 3.2.2, RFC 3596, RFC 6698 section 7.1).
enum class RecordType : std::uint16_t { A = 1, CNAME = 5, PTR = 12, MX = 15, TXT = 16, AAAA = 28, TLSA = 52 };

enum class Status : std::uint8_t {
  noerror,       // at least one record of the type asked for
  nodata,        // the name exists, the type does not (RFC 2308 section 2.2)
  nxdomain,      // the name does not exist, nor anything below it (RFC 8020)
  servfail,      // rcode 2, also a CNAME loop
  timeout,       // no answer within the deadline, or no server could be reached
  refused,       // rcode 5
  bogus,         // SERVFAIL that vanishes when validation is switched off: DNSSEC is broken (RFC 4035 section 5.5)
  other,         // any other rcode or an answer that cannot be read; Answer::rcode and detail say which
  bad_name,      // DNS cannot hold the name; nothing was asked
  not_recorded,  // replay only: the evidence has no answer to this question
};

enum class Dnssec : std::uint8_t { unknown, insecure, secure, bogus };  // secure: the resolver set AD

struct Question {
  std::string name{};
  RecordType type = RecordType::TXT;
  bool operator==(const Question&) const = default;
};

struct TxtRecord {
  std::vector<std::string> strings{};
  [[nodiscard]] std::string text() const;  // concatenated without separator (RFC 7208 section 3.3)
  bool operator==(const TxtRecord&) const = default;
};

struct MxRecord {
  std::uint16_t preference = 0;
  std::string exchange{};  // "" is the root: a null MX (RFC 7505)
  bool operator==(const MxRecord&) const = default;
};

struct TlsaRecord {  // RFC 6698 section 2.1
  std::uint8_t usage = 0, selector = 0, matching_type = 0;
  std::string data{};  // certificate association data, octets
  bool operator==(const TlsaRecord&) const = default;
};

struct Answer {
  Question question{};  // as asked, without trailing dot
  Status status = Status::other;
  std::vector<TxtRecord> txt{};               // TXT
  std::vector<model::IpAddress> addresses{};  // A or AAAA
  std::vector<MxRecord> mx{};                 // MX, in the order received
  std::vector<std::string> names{};           // PTR or CNAME targets
  std::vector<TlsaRecord> tlsa{};             // TLSA
  std::vector<std::string> cname_chain{};     // names passed on the way to the records, first alias target first
  std::uint32_t ttl = 0;                      // seconds the answer may be kept: least TTL, or negative TTL from the SOA
  Dnssec dnssec = Dnssec::unknown;
  int rcode = 0;           // of the message received; 0 where there was none
  std::string resolver{};  // "127.0.0.1@53", "zone:FILE", ...
  std::int64_t time = 0;   // seconds since the epoch, UTC, when the answer came
  std::string detail{};    // for people: why, when the status alone does not say it
  bool operator==(const Answer&) const = default;

  [[nodiscard]] bool is_found() const { return status == Status::noerror; }
  // The void answers of RFC 7208 section 4.6.4; a bad name counts as absent.
  [[nodiscard]] bool is_void() const {
    return status == Status::nodata || status == Status::nxdomain || status == Status::bad_name;
  }
  // Neither found nor proven absent: the protocols' temperror.
  [[nodiscard]] bool is_temporary_error() const { return !is_found() && !is_void(); }
};

using Clock = std::function<std::int64_t()>;  // seconds since the epoch, UTC

class Resolver {
 public:
  Resolver() = default;
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  virtual ~Resolver() = default;

  // Answers in the order of the questions, asked in parallel where the implementation can.
  [[nodiscard]] virtual std::vector<Answer> query_all(std::span<const Question> questions) = 0;
  [[nodiscard]] Answer query(std::string_view name, RecordType type);
};

}  // namespace ruaudit::verify::dns

namespace ruaudit::model {

template <>
inline constexpr EnumText<verify::dns::RecordType> enum_table<verify::dns::RecordType>[] = {
    {verify::dns::RecordType::A, "A"},      {verify::dns::RecordType::CNAME, "CNAME"},
    {verify::dns::RecordType::PTR, "PTR"},  {verify::dns::RecordType::MX, "MX"},
    {verify::dns::RecordType::TXT, "TXT"},  {verify::dns::RecordType::AAAA, "AAAA"},
    {verify::dns::RecordType::TLSA, "TLSA"}};

template <>
inline constexpr EnumText<verify::dns::Status> enum_table<verify::dns::Status>[] = {
    {verify::dns::Status::noerror, "noerror"},   {verify::dns::Status::nodata, "nodata"},
    {verify::dns::Status::nxdomain, "nxdomain"}, {verify::dns::Status::servfail, "servfail"},
    {verify::dns::Status::timeout, "timeout"},   {verify::dns::Status::refused, "refused"},
    {verify::dns::Status::bogus, "bogus"},       {verify::dns::Status::other, "other"},
    {verify::dns::Status::bad_name, "bad-name"}, {verify::dns::Status::not_recorded, "not-recorded"}};

template <>
inline constexpr EnumText<verify::dns::Dnssec> enum_table<verify::dns::Dnssec>[] = {
    {verify::dns::Dnssec::unknown, "unknown"},
    {verify::dns::Dnssec::insecure, "insecure"},
    {verify::dns::Dnssec::secure, "secure"},
    {verify::dns::Dnssec::bogus, "bogus"}};

}  // namespace ruaudit::model
