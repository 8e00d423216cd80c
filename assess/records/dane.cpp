#include <algorithm>

#include "assess/records/text.hpp"
#include "assess/records/transport.hpp"

namespace ruaudit::assess::records {
namespace {

constexpr unsigned pkix_ee = 1, dane_ta = 2, dane_ee = 3;  // RFC 6698 section 2.1.1, RFC 7671 section 2
constexpr unsigned certificate = 0, public_key = 1;        // selectors, RFC 6698 section 2.1.2
constexpr unsigned full = 0, sha256 = 1, sha512 = 2;       // matching types, RFC 6698 section 2.1.3
constexpr std::size_t octets_of_sha256 = 32, octets_of_sha512 = 64;
constexpr std::size_t shown_digits = 16;

std::string hex_of(std::string_view octets) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    out += digits[octet >> 4U];
    out += digits[octet & 0x0FU];
  }
  return out;
}

std::string parameters_of(const dns::TlsaRecord& record) {
  return std::to_string(record.usage) + " " + std::to_string(record.selector) + " " +
         std::to_string(record.matching_type);
}

std::string text_of(const dns::TlsaRecord& record) { return parameters_of(record) + " " + hex_of(record.data); }

std::string start_of(const dns::TlsaRecord& record) {
  return text_of(record).substr(0, parameters_of(record).size() + 1 + shown_digits);
}

// A DER SEQUENCE that ends where the data end: what a whole certificate or public key is.
bool is_sequence(std::string_view data) {
  constexpr unsigned char sequence = 0x30, long_form = 0x80;
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(data[i]); };
  if (data.size() < 2 || octet(0) != sequence) return false;
  if (octet(1) < long_form) return data.size() == 2U + octet(1);
  const std::size_t count = octet(1) & 0x7FU;
  if (count == 0 || count > 4 || data.size() < 2 + count) return false;
  std::size_t length = 0;
  for (std::size_t i = 0; i < count; ++i) length = (length << 8U) | octet(2 + i);
  return data.size() == 2 + count + length;
}

// Why nobody can use the record, whatever the certificate; empty: it can be used. RFC 6698 section 2.1
std::string malformed(const dns::TlsaRecord& record) {
  const auto size = record.data.size();
  if (record.usage > dane_ee) return "there is no certificate usage " + std::to_string(record.usage);
  if (record.selector > public_key) return "there is no selector " + std::to_string(record.selector);
  if (record.matching_type > sha512) return "there is no matching type " + std::to_string(record.matching_type);
  if (record.matching_type == sha256 && size != octets_of_sha256)
    return "a SHA-256 digest has 32 octets, not " + std::to_string(size);
  if (record.matching_type == sha512 && size != octets_of_sha512)
    return "a SHA-512 digest has 64 octets, not " + std::to_string(size);
  if (record.matching_type == full && !is_sequence(record.data))
    return "the data are no whole " + std::string(record.selector == certificate ? "certificate" : "public key");
  return {};
}

// What works today and breaks or weighs tomorrow; empty: nothing. RFC 7671 sections 5.1, 9 and 10.1.2
std::string advice(const dns::TlsaRecord& record) {
  if (record.matching_type == full) return "the full data in DNS makes large answers: publish the SHA-256 digest (1)";
  if (record.usage == dane_ee && record.selector == certificate)
    return "every renewal of the certificate needs a new record first; 3 1 1 stays valid as long as the key is kept";
  return {};
}

enum class Signed : std::uint8_t { yes, no, unknown };

class DaneCheck {
 public:
  DaneCheck(const Inquiry& inquiry, const MxState& mx, Answers& answers)
      : domain_(inquiry.domain.text()), mx_(mx), answers_(answers) {}

  DaneState run() {
    for (const auto& host : mx_.hosts) one_host(host);
    if (with_.empty())
      nowhere();
    else
      others();
    state_.is_published = !with_.empty();
    return std::move(state_);
  }

 private:
  void add(Finding finding) { state_.findings.push_back(std::move(finding)); }
  static std::string name_of(const std::string& host) { return "_25._tcp." + host; }

  void one_host(const Host& host) {
    const auto name = name_of(host.name);
    const auto answer = answers_.query(name, dns::RecordType::TLSA);
    if (answer.status == dns::Status::not_recorded) return void(is_open_ = true);
    if (answer.is_temporary_error()) return unanswered(host, answer);
    if (!answer.is_found()) return without_.push_back(host.name);
    with_.push_back(host.name);
    records(name, answer.tlsa);
    signature(host, answer);
  }

  // RFC 7672 sections 2.1.2 and 2.2: whoever asks and gets no answer must not deliver. Who knows that the host's
  // addresses are not signed does not ask.
  void unanswered(const Host& host, const dns::Answer& answer) {
    has_unknown_ = true;
    const auto said = std::string(model::to_text(answer.status));
    if (answer.dnssec == dns::Dnssec::bogus || addresses_signed(host) == Signed::yes)
      return add(found("dane-unanswered", at_name(name_of(host.name)), "the answer was: " + said));
    if (addresses_signed(host) == Signed::unknown)
      add(found("dns-error", Severity::info, at_name(name_of(host.name)),
                "the TLSA records were looked up here: " + said));
  }

  void records(const std::string& name, const std::vector<dns::TlsaRecord>& records) {
    const auto is_usable = [](const dns::TlsaRecord& each) { return malformed(each).empty() && each.usage >= dane_ta; };
    const bool has_usable = std::any_of(records.begin(), records.end(), is_usable);
    const auto severity = has_usable ? Severity::warning : Severity::error;
    for (const auto& record : records) {
      const Place place{.name = name, .text = start_of(record)};
      if (auto why = malformed(record); !why.empty()) {
        add(found("dane-malformed", severity, place, std::move(why)));
      } else if (record.usage < dane_ta) {
        usage(severity, place, records, record);
      } else if (auto said = advice(record); !said.empty()) {
        add(found("dane-fragile", place, std::move(said)));
      }
    }
    const bool is_sha512_alone =
        has_usable && std::all_of(records.begin(), records.end(), [&](const dns::TlsaRecord& each) {
          return !is_usable(each) || each.matching_type == sha512;
        });
    if (is_sha512_alone)
      add(found("dane-fragile", at_name(name),
                "senders need not know SHA-512 (RFC 7671 section 9): add the SHA-256 digest (1)"));
  }

  // RFC 7672 section 3.1.3. The same data name the same certificate for usage 3; for usage 2 the authority's
  // certificate must be sent along, which DNS does not show.
  void usage(Severity severity, const Place& place, const std::vector<dns::TlsaRecord>& all, dns::TlsaRecord record) {
    const bool is_host = record.usage == pkix_ee;
    auto finding =
        found("dane-usage", severity, place,
              is_host ? "usage 1 (PKIX-EE); for mail use usage 3 with the same data"
                      : "usage 0 (PKIX-TA); for mail it is usage 2, and the server must send that authority's "
                        "certificate, too");
    record.usage = dane_ee;
    const bool is_there = std::find(all.begin(), all.end(), record) != all.end();
    if (is_host && !is_there) finding.fix = Fix{text_of(record), place.name, FixType::TLSA};
    add(std::move(finding));
  }

  // RFC 7672 section 2.2: what DNSSEC does not vouch for is as if it were not there.
  void signature(const Host& host, const dns::Answer& answer) {
    if (answer.dnssec == dns::Dnssec::unknown) return;
    const auto name = name_of(host.name);
    if (answer.dnssec != dns::Dnssec::secure) {
      if (can_validate(host))
        return add(found("dane-unsigned", at_name(name), "the zone of the TLSA records is not signed"));
      return add(found("dane-unsigned", Severity::info, at_name(name),
                       "the resolver " + answer.resolver +
                           " vouches for no signature at all: ask one that validates (--resolver) to know"));
    }
    if (addresses_signed(host) == Signed::no)
      return add(found("dane-unsigned", at_name(name), "the addresses of " + host.name + " are not signed"));
    const auto mx = answers_.query(domain_, dns::RecordType::MX);
    if (mx.is_found() && mx.dnssec == dns::Dnssec::insecure && !is_mx_told_) {
      is_mx_told_ = true;
      add(found("dane-unsigned", Severity::info, at_name(domain_),
                "the MX records are not signed: whoever can forge them can redirect mail to another host"));
    }
  }

  Signed addresses_signed(const Host& host) {
    const dns::Question questions[] = {{host.name, dns::RecordType::A}, {host.name, dns::RecordType::AAAA}};
    auto verdict = Signed::unknown;
    for (const auto& answer : answers_.query_all(questions)) {
      if (!answer.is_found() || answer.dnssec == dns::Dnssec::unknown) continue;
      if (answer.dnssec != dns::Dnssec::secure) return Signed::no;
      verdict = Signed::yes;
    }
    return verdict;
  }

  // Whether the resolver validates: it vouches for the host's top-level domain, of which nearly all are signed.
  bool can_validate(const Host& host) {
    const auto top = host.name.substr(host.name.rfind('.') + 1);
    const bool is_top_secure = answers_.query(top, dns::RecordType::TXT).dnssec == dns::Dnssec::secure;
    return is_top_secure || addresses_signed(host) == Signed::yes;
  }

  // A set at the domain itself, where senders ask only when the domain is its own mail host.
  void nowhere() {
    if (mx_.hosts.empty() || is_open_ || has_unknown_) return;
    const auto misplaced = answers_.query(name_of(domain_), dns::RecordType::TLSA);
    if (misplaced.is_found())
      return add(
          found("dane-wrong-name", at_name(name_of(domain_)), "they belong to " + name_of(mx_.hosts.front().name)));
    const bool could_have = answers_.query(domain_, dns::RecordType::MX).dnssec == dns::Dnssec::secure &&
                            std::all_of(mx_.hosts.begin(), mx_.hosts.end(),
                                        [&](const Host& host) { return addresses_signed(host) == Signed::yes; });
    if (could_have) add(found("dane-missing", at_name(name_of(mx_.hosts.front().name))));
  }

  void others() {
    for (const auto& host : without_)
      add(found("dane-partial", at_name(name_of(host)), with_.front() + " has TLSA records, this mail host has none"));
  }

  const std::string& domain_;
  const MxState& mx_;
  Answers& answers_;
  DaneState state_;
  std::vector<std::string> with_, without_;
  bool is_open_ = false, has_unknown_ = false, is_mx_told_ = false;
};

}  // namespace

DaneState check_dane(const Inquiry& inquiry, const MxState& mx, Answers& answers) {
  return DaneCheck(inquiry, mx, answers).run();
}

}  // namespace ruaudit::assess::records
