// The JSON zone reader: the shape of the openspf test suites.
#include <algorithm>
#include <charconv>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "verify/dns/name.hpp"
#include "verify/dns/type_spf.hpp"
#include "verify/dns/zone_detail.hpp"

namespace ruaudit::verify::dns {
namespace {

using model::IpAddress;
using model::Result;
using nlohmann::json;

tl::unexpected<model::Error> fail(const std::string& name, std::string_view what) {
  return model::failure("zone-file", "name '" + name.substr(0, 80) + "': " + std::string(what),
                        "each name needs a list of {\"TYPE\": value}, \"TIMEOUT\" or \"SERVFAIL\"");
}

std::optional<Status> failure_word(const json& value) {
  if (!value.is_string()) return std::nullopt;
  const auto& word = value.get_ref<const std::string&>();
  if (word == "TIMEOUT") return Status::timeout;
  if (word == "SERVFAIL") return Status::servfail;
  return std::nullopt;
}

std::optional<TxtRecord> parse_txt(const json& value) {
  if (value.is_string()) return TxtRecord{{value.get<std::string>()}};
  if (!value.is_array()) return std::nullopt;
  TxtRecord record;
  for (const auto& part : value) {
    if (!part.is_string()) return std::nullopt;
    record.strings.push_back(part.get<std::string>());
  }
  return record;
}

std::optional<std::uint16_t> parse_preference(const json& value) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() <= 65535) return value.get<std::uint16_t>();
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  std::uint16_t preference = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), preference);
  if (error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
  return preference;
}

// A type that exists and that nothing here asks for (also "TYPE99", RFC 3597 section 5): as in a master file, it only
// makes its name exist.
bool is_other_type(std::string_view type) {
  constexpr std::string_view others[] = {"CAA", "DNSKEY", "DS",  "HINFO", "HTTPS", "LOC",  "NAPTR", "NS", "NSEC",
                                         "RP",  "RRSIG",  "SOA", "SRV",   "SSHFP", "SVCB", "URI",   "WKS"};
  if (std::find(std::begin(others), std::end(others), type) != std::end(others)) return true;
  const auto digits = type.substr(std::min<std::size_t>(type.size(), 4));
  return type.starts_with("TYPE") && !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos;
}

struct Names {  // the entries of one name, keys that differ in case joined
  std::vector<const json*> entries;
  bool has_explicit_txt = false;
};

bool has_txt(const json& entry) { return entry.is_object() && entry.contains("TXT"); }

class JsonReader {
 public:
  explicit JsonReader(const ZoneLimits& limits) : builder_(limits) {}

  Result<Zone> read(const json& document) {
    std::map<std::string, Names> names;
    for (const auto& [key, list] : document.items()) {
      if (!list.is_array()) return fail(key, "the value is not a list");
      auto& joined = names[folded_name(key)];
      for (const auto& entry : list) {
        joined.entries.push_back(&entry);
        joined.has_explicit_txt = joined.has_explicit_txt || has_txt(entry);
      }
    }
    for (const auto& [name, joined] : names) TRY_VOID(read_name(name, joined));
    return builder_.take();
  }

 private:
  Result<void> read_name(const std::string& name, const Names& joined) {
    if (!canonical_name(name)) return {};  // can never be asked for
    if (!builder_.add_name(name)) return fail(name, "more names than the limit allows");
    for (const auto* entry : joined.entries) {
      if (const auto failed = failure_word(*entry)) {  // every type not listed before it
        builder_.set_otherwise(name, *failed);
        return {};
      }
      if (!entry->is_object() || entry->size() != 1) return fail(name, "an entry is not one {\"TYPE\": value}");
      const auto only = entry->begin();
      TRY_VOID(read_record(name, only.key(), only.value(), joined.has_explicit_txt));
    }
    return {};
  }

  Result<void> read_record(const std::string& name, std::string type, const json& value, bool has_explicit_txt) {
    if (type == "SPF") {
      if (!failure_word(value)) {
        TRY_VOID(add(name, type_spf, value));
      }
      if (has_explicit_txt) return {};
      type = "TXT";
    }
    const auto known = model::parse_enum<RecordType>(type);
    if (!known && is_other_type(type)) return {};
    if (!known) return fail(name, "unknown record type " + type.substr(0, 20));
    if (*known == RecordType::TXT && value == "NONE") return {};
    if (const auto failed = failure_word(value)) {
      if (!builder_.has_set(name, *known)) builder_.set(name, *known, Zone::default_ttl).status = *failed;
      return {};
    }
    return add(name, *known, value);
  }

  Result<void> add(const std::string& name, RecordType type, const json& value) {
    auto& set = builder_.set(name, type, Zone::default_ttl);
    if (set.status != Status::noerror) return {};  // this type failed first
    if (holds_text(type)) {
      auto record = parse_txt(value);
      if (!record) return fail(name, "TXT is neither a string nor a list of strings");
      set.txt.push_back(std::move(*record));
    } else if (type == RecordType::MX) {
      const bool is_pair = value.is_array() && value.size() == 2 && value[1].is_string();
      const auto preference = is_pair ? parse_preference(value[0]) : std::nullopt;
      if (!preference) return fail(name, "MX is not [preference, \"name\"]");
      set.mx.push_back({*preference, folded_name(value[1].get_ref<const std::string&>())});
    } else {
      return add_texts(name, type, value);
    }
    return {};
  }

  // One text, or a list of them: one record each.
  Result<void> add_texts(const std::string& name, RecordType type, const json& value) {
    const auto texts = value.is_array() ? value : json::array({value});
    for (const auto& text : texts) {
      if (!text.is_string()) return fail(name, "the value is not a string");
      TRY_VOID(add_text(name, type, text.get_ref<const std::string&>()));
    }
    return {};
  }

  Result<void> add_text(const std::string& name, RecordType type, const std::string& text) {
    auto& set = builder_.set(name, type, Zone::default_ttl);
    if (type == RecordType::TLSA) {
      std::istringstream words(text);
      const auto record = tlsa_of({std::istream_iterator<std::string>(words), {}});
      if (!record) return fail(name, "TLSA is not \"USAGE SELECTOR MATCHING-TYPE HEX\"");
      set.tlsa.push_back(*record);
      return {};
    }
    if (type == RecordType::PTR || type == RecordType::CNAME) {
      if (type == RecordType::CNAME && !set.names.empty()) return fail(name, "a second CNAME");
      set.names.push_back(folded_name(text));
      return {};
    }
    const auto address = IpAddress::parse(text);
    if (!address) return fail(name, "not an address: " + text.substr(0, 60));
    set.addresses.push_back(*address);
    return {};
  }

  ZoneBuilder builder_;
};

std::size_t line_of(std::string_view text, std::size_t byte) {
  const auto before = text.substr(0, std::min(byte, text.size()));
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

}  // namespace

Result<Zone> Zone::parse_json(std::string_view text, const ZoneLimits& limits) {
  if (text.size() > limits.max_bytes)
    return model::failure("zone-file", "larger than the limit", "split the zone file");
  try {
    const auto document = json::parse(text);
    if (!document.is_object()) return zone_failure(1, "the zone is not a JSON object");
    return JsonReader(limits).read(document);
  } catch (const json::parse_error& error) {
    return zone_failure(line_of(text, error.byte), "not JSON");
  } catch (const json::exception&) {
    return zone_failure(1, "not a zone in JSON");
  }
}

}  // namespace ruaudit::verify::dns
