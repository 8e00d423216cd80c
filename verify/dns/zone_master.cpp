// The master file reader of RFC 1035 section 5.
#include <charconv>
#include <limits>
#include <unordered_set>

#include "verify/dns/name.hpp"
#include "verify/dns/type_spf.hpp"
#include "verify/dns/zone_detail.hpp"

namespace ruaudit::verify::dns {
namespace {

using model::IpAddress;
using model::Result;
using Tokens = std::span<const MasterToken>;

constexpr std::size_t max_string = 255;  // RFC 1035 section 3.3
constexpr std::uint32_t max_ttl = std::numeric_limits<std::int32_t>::max();

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

std::uint32_t seconds_of(char unit) {
  switch (unit) {
    case 'S':
      return 1;
    case 'M':
      return 60;
    case 'H':
      return 3600;
    case 'D':
      return 86400;
    case 'W':
      return 604800;
    default:
      return 0;
  }
}

// A TTL: seconds, or numbers with units. Above 2^31 - 1 it counts as 0 (RFC 2181 section 8).
std::optional<std::uint32_t> parse_ttl(std::string_view raw) {
  const std::string text = upper(raw);
  std::uint64_t total = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  if (at == end) return std::nullopt;
  while (at != end) {
    std::uint32_t number = 0;
    const auto [rest, error] = std::from_chars(at, end, number);
    if (error != std::errc{} || rest == at) return std::nullopt;
    const std::uint32_t unit = rest == end ? 1 : seconds_of(*rest);
    if (unit == 0) return std::nullopt;
    total += std::uint64_t{number} * unit;
    at = rest == end ? end : rest + 1;
  }
  return total > max_ttl ? 0 : static_cast<std::uint32_t>(total);
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

// Decodes the escapes of a name; a dot inside a label stays "\.".
std::optional<std::string> decode_name(std::string_view raw) {
  std::string name;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      name += raw[i];
      continue;
    }
    const bool is_number = i + 1 < raw.size() && raw[i + 1] >= '0' && raw[i + 1] <= '9';
    const auto piece = raw.substr(i, is_number ? 4 : 2);
    const auto decoded = decode_escapes(piece);
    if (!decoded) return std::nullopt;
    name += *decoded == "." ? std::string("\\.") : *decoded;
    i += piece.size() - 1;
  }
  return name;
}

class MasterReader {
 public:
  MasterReader(std::string_view text, const ZoneLimits& limits) : lexer_(text), builder_(limits) {}

  Result<Zone> read() {
    for (;;) {
      TRY(const auto entry, lexer_.next());
      if (entry.tokens.empty()) return builder_.take();
      line_ = entry.line;
      TRY_VOID(entry.tokens.front().raw.starts_with('$') && !entry.begins_with_blank ? directive(entry.tokens)
                                                                                     : record(entry));
    }
  }

 private:
  tl::unexpected<model::Error> fail(std::string_view what) const { return zone_failure(line_, what); }

  Result<void> directive(Tokens tokens) {
    const auto word = upper(tokens.front().raw);
    if (tokens.size() != 2 || (word != "$ORIGIN" && word != "$TTL"))
      return fail("only \"$ORIGIN name\" and \"$TTL seconds\" are read, not " + tokens.front().raw.substr(0, 40));
    if (word == "$ORIGIN") {
      TRY(origin_, absolute(tokens[1].raw));
      return {};
    }
    default_ttl_ = parse_ttl(tokens[1].raw);
    if (!default_ttl_) return fail("$TTL is not a number of seconds");
    return {};
  }

  // The name of a token, canonical, "" for the root. RFC 1035 section 5.1: no final dot means below the origin.
  Result<std::string> absolute(std::string_view raw) const {
    if (raw == ".") return std::string{};
    if (raw == "@") return origin_;
    auto name = decode_name(raw);
    if (!name) return fail("bad escape in a name");
    const bool is_absolute = name->ends_with('.') && !name->ends_with("\\.");
    if (!is_absolute && !origin_.empty()) *name += "." + origin_;
    auto canonical = canonical_name(*name);
    if (!canonical) return fail("not a domain name: " + std::string(raw.substr(0, 80)));
    return *canonical;
  }

  Result<void> record(const MasterEntry& entry) {
    Tokens tokens(entry.tokens);
    if (!entry.begins_with_blank) {
      TRY(owner_, absolute(tokens.front().raw));
      has_owner_ = true;
      tokens = tokens.subspan(1);
    }
    if (!has_owner_) return fail("the first record has no owner name");
    ttl_ = default_ttl_.value_or(last_ttl_);
    for (bool is_option = true; is_option && !tokens.empty();) {
      const auto word = upper(tokens.front().raw);
      const auto ttl = parse_ttl(word);
      if (word == "CH" || word == "HS" || word == "CS") return fail("only class IN is read");
      is_option = ttl.has_value() || word == "IN";
      if (ttl) ttl_ = last_ttl_ = *ttl;
      if (is_option) tokens = tokens.subspan(1);
    }
    if (tokens.empty()) return fail("a record without a type");
    return typed(upper(tokens.front().raw), tokens.subspan(1));
  }

  Result<void> typed(const std::string& type, Tokens data) {
    if (!owner_.empty() && !builder_.add_name(owner_)) return fail("more names than the limit allows");
    if (!is_new(type, data)) return {};  // RFC 2181 section 5: an RRset holds no duplicates
    if (type == "SOA") return soa(data);
    const auto known = type == "SPF" ? std::optional(type_spf) : model::parse_enum<RecordType>(type);
    if (!known || owner_.empty()) return {};
    if (holds_text(*known)) return txt(*known, data);
    if (*known == RecordType::TLSA) return tlsa(data);
    if (data.size() != (*known == RecordType::MX ? 2U : 1U)) return fail("wrong number of fields in " + type);
    if (*known == RecordType::MX) return mx(data);
    if (*known == RecordType::A || *known == RecordType::AAAA) return address(*known, data[0].raw);
    return target(*known, data[0].raw);
  }

  bool is_new(const std::string& type, Tokens data) {
    std::string key = owner_ + '\n' + type;
    for (const auto& token : data) key += '\n' + token.raw;
    return seen_.insert(std::move(key)).second;
  }

  Result<void> txt(RecordType type, Tokens data) {
    if (data.empty()) return fail("TXT without a string");
    TxtRecord record;
    for (const auto& token : data) {
      auto text = decode_escapes(token.raw);
      if (!text) return fail("bad escape in a string");
      if (text->size() > max_string) return fail("a string of TXT is longer than 255 octets: split it");
      record.strings.push_back(std::move(*text));
    }
    builder_.set(owner_, type, ttl_).txt.push_back(std::move(record));
    return {};
  }

  Result<void> mx(Tokens data) {
    const auto preference = parse_number<std::uint16_t>(data[0].raw);
    if (!preference) return fail("the preference of MX is not a number up to 65535");
    TRY(auto exchange, absolute(data[1].raw));
    builder_.set(owner_, RecordType::MX, ttl_).mx.push_back({*preference, std::move(exchange)});
    return {};
  }

  Result<void> tlsa(Tokens data) {
    std::vector<std::string> fields;
    for (const auto& token : data) fields.push_back(token.raw);
    const auto record = tlsa_of(fields);
    if (!record) return fail("TLSA is three numbers up to 255 and hexadecimal digits in pairs");
    builder_.set(owner_, RecordType::TLSA, ttl_).tlsa.push_back(*record);
    return {};
  }

  Result<void> address(RecordType type, const std::string& text) {
    const bool is_v6_text = text.find(':') != std::string::npos;
    const auto parsed = IpAddress::parse(text);
    if (!parsed || is_v6_text != (type == RecordType::AAAA))
      return fail(std::string(model::to_text(type)) + " is not an address of its family: " + text.substr(0, 60));
    builder_.set(owner_, type, ttl_).addresses.push_back(*parsed);
    return {};
  }

  Result<void> target(RecordType type, const std::string& raw) {
    TRY(auto name, absolute(raw));
    auto& set = builder_.set(owner_, type, ttl_);
    if (type == RecordType::CNAME && !set.names.empty()) return fail("a second CNAME at one name");
    set.names.push_back(std::move(name));
    return {};
  }

  Result<void> soa(Tokens data) {
    if (data.size() != 7) return fail("SOA needs seven fields");
    const auto minimum = parse_ttl(data[6].raw);
    if (!minimum) return fail("the minimum of SOA is not a number of seconds");
    builder_.set_negative_ttl(owner_, std::min(*minimum, ttl_));
    return {};
  }

  MasterLexer lexer_;
  ZoneBuilder builder_;
  std::string origin_;
  std::string owner_;
  bool has_owner_ = false;
  std::optional<std::uint32_t> default_ttl_;
  std::uint32_t last_ttl_ = Zone::default_ttl;
  std::uint32_t ttl_ = 0;
  std::size_t line_ = 0;
  std::unordered_set<std::string> seen_;
};

}  // namespace

Result<Zone> Zone::parse_master(std::string_view text, const ZoneLimits& limits) {
  if (text.size() > limits.max_bytes)
    return model::failure("zone-file", "larger than the limit", "split the zone file");
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return MasterReader(text, limits).read();
}

}  // namespace ruaudit::verify::dns
