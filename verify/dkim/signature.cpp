#include "verify/dkim/signature.hpp"

#include <algorithm>

#include "verify/dkim/encoding.hpp"
#include "verify/dkim/tag_list.hpp"

namespace ruaudit::verify::dkim {
namespace {

using MaybeFault = std::optional<Fault>;

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string shown(std::string_view text) {
  return "'" + std::string(text.substr(0, 60)) + (text.size() > 60 ? "...'" : "'");
}

Fault malformed(std::string_view tag, std::string_view value, std::string_view why) {
  return {Reason::malformed_tag, std::string(tag) + "=" + shown(value) + ": " + std::string(why)};
}

// Digits to a number that stops at the greatest value instead of overflowing.
std::uint64_t saturated(std::string_view digits) {
  std::uint64_t number = 0;
  for (const char c : digits) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (number > (UINT64_MAX - digit) / 10) return UINT64_MAX;
    number = number * 10 + digit;
  }
  return number;
}

std::optional<Canonicalization> parse_canonicalization(std::string_view text) {
  if (text == "simple") return Canonicalization::simple;
  if (text == "relaxed") return Canonicalization::relaxed;
  return std::nullopt;
}

// hdr-name = field-name = 1*ftext (RFC 5322 section 3.6.8).
bool is_field_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= 0x21 && c <= 0x7e && c != ':'; });
}

struct Reader {
  Signature& signature;
  SignatureKind kind;
  Drafts drafts;
  [[nodiscard]] bool is_ams() const { return kind != SignatureKind::dkim; }
};

MaybeFault read_algorithm(Reader& r, std::string_view value) {
  r.signature.algorithm = value;
  const auto algorithm = parse_algorithm(value);
  if (!algorithm)
    return Fault{Reason::unsupported_algorithm, "a=" + shown(value) + " is not an algorithm of RFC 6376 or RFC 8463"};
  r.signature.key_type = algorithm->key_type;
  r.signature.hash = algorithm->hash;
  return std::nullopt;
}

MaybeFault read_canonicalization(Reader& r, std::string_view value) {
  const std::size_t slash = value.find('/');
#ifdef RUAUDIT_PLANTED_BUG  // reads past a value that ends in a slash
  if (slash != std::string_view::npos && value.data()[slash + 1] == 'X') return std::nullopt;
#endif
  const auto header = parse_canonicalization(value.substr(0, slash));
  // RFC 6376 section 3.5: one name alone is the header's, the body is simple.
  const auto body =
      slash == std::string_view::npos ? Canonicalization::simple : parse_canonicalization(value.substr(slash + 1));
  if (!header || !body)
    return Fault{Reason::unsupported_canonicalization, "c=" + shown(value) + " names an unknown canonicalization"};
  r.signature.has_canonicalization = true;
  r.signature.header = *header;
  r.signature.body = *body;
  return std::nullopt;
}

MaybeFault read_domain(Reader& r, std::string_view value) {
  r.signature.domain = value;
  r.signature.ascii_domain = parse_name(value, 2);
  if (!r.signature.ascii_domain) return malformed("d", value, "not a domain name");
  return std::nullopt;
}

// RFC 6376 sections 3.1 and 3.6.2: the key is at SELECTOR._domainkey.DOMAIN.
MaybeFault read_selector(Reader& r, std::string_view value) {
  r.signature.selector = value;
  const auto selector = parse_name(value, 1);
  if (!selector) return malformed("s", value, "not a selector");
  if (r.signature.ascii_domain)
    r.signature.key_name = selector->text() + "._domainkey." + r.signature.ascii_domain->text();
  return std::nullopt;
}

MaybeFault read_signed_fields(Reader& r, std::string_view value) {
  // Deviation: RFC 6376 section 3.5 says that h= MUST NOT be empty and has no empty names; the ARC validation suite
  // takes both in an AMS (ams_fields_h_empty, ams_fields_h_mis_hdr), and deployed validators agree with it.
  const bool lenient = r.is_ams();
  for (const std::string_view name : split_colons(value)) {
    if (lenient && name.empty()) continue;
    if (!is_field_name(name)) return malformed("h", value, "not a list of header field names");
    if (r.signature.signed_fields.size() == max_signed_fields)
      return malformed("h", value, "more than " + std::to_string(max_signed_fields) + " names");
    r.signature.signed_fields.emplace_back(name);
  }
  return std::nullopt;
}

MaybeFault read_identity(Reader& r, std::string_view value) {
  if (r.is_ams()) {
    const auto instance = parse_instance(value);
    if (!instance) return malformed("i", value, "not an instance from 1 to 50");
    r.signature.instance = *instance;
    return std::nullopt;
  }
  const auto decoded = decode_quoted_printable(value);
  if (!decoded) return malformed("i", value, "not dkim-quoted-printable");
  r.signature.identity = *decoded;
  const std::size_t at = decoded->rfind('@');
  if (at == std::string::npos) return malformed("i", value, "no '@'");
  r.signature.identity_domain = parse_name(std::string_view(*decoded).substr(at + 1), 2);
  if (!r.signature.identity_domain) return malformed("i", value, "no domain name after '@'");
  return std::nullopt;
}

MaybeFault read_body_hash(Reader& r, std::string_view value) {
  const auto hash = decode_base64(value);
  if (!hash) return malformed("bh", value, "not base64");
  const std::size_t expected = r.signature.hash == HashAlgorithm::sha1 ? 20 : 32;
  if (hash->size() != expected)
    return malformed("bh", value,
                     "a hash of " + std::to_string(hash->size()) + " octets, " + r.signature.algorithm + " has " +
                         std::to_string(expected));
  r.signature.body_hash = *hash;
  return std::nullopt;
}

MaybeFault read_signature(Reader& r, std::string_view value) {
  const auto signature = decode_base64(value);
  if (!signature || signature->empty()) return malformed("b", value, value.empty() ? "empty" : "not base64");
  r.signature.signature = *signature;
  r.signature.signature_text = remove_fws(value);
  return std::nullopt;
}

MaybeFault read_body_length(Reader& r, std::string_view value) {
  if (!is_digits(value) || value.size() > 76) return malformed("l", value, "not 1 to 76 digits");
  r.signature.body_length = saturated(value);
  return std::nullopt;
}

MaybeFault read_timestamp(Reader& r, std::string_view value) {
  r.signature.timestamp = parse_time(value);
  if (!r.signature.timestamp) return malformed("t", value, "not a number of seconds");
  return std::nullopt;
}

MaybeFault read_expiration(Reader& r, std::string_view value) {
  r.signature.expiration = parse_time(value);
  if (!r.signature.expiration) return malformed("x", value, "not a number of seconds");
  // RFC 6376 section 3.5: x= MUST be greater than t=. Two times that are taken as infinite cannot be compared.
  if (r.signature.timestamp && *r.signature.expiration <= *r.signature.timestamp && *r.signature.expiration != max_time)
    return malformed("x", value, "not later than t=");
  return std::nullopt;
}

MaybeFault read_query(Reader& r, std::string_view value) {
  for (const std::string_view method : split_colons(value)) {
    if (method == "dns/txt") return std::nullopt;
    if (method == "dns" && r.signature.is_draft) return std::nullopt;
  }
  return Fault{Reason::unsupported_query, "q=" + shown(value) + " does not offer dns/txt"};
}

struct TagRule {
  std::string_view name;
  bool is_required;
  MaybeFault (*read)(Reader&, std::string_view);
};

// In this order: bh= needs a=, s= needs d=, x= needs t=. RFC 6376 sections 3.5 and 6.1.1.
constexpr TagRule rules[] = {{"d", true, read_domain},
                             {"s", true, read_selector},
                             {"a", true, read_algorithm},
                             {"h", true, read_signed_fields},
                             {"b", true, read_signature},
                             {"bh", true, read_body_hash},
                             {"c", false, read_canonicalization},
                             {"q", false, read_query},
                             {"t", false, read_timestamp},
                             {"x", false, read_expiration},
                             {"l", false, read_body_length},
                             {"i", false, read_identity}};

// RFC 6376 section 6.1.1 lets a verifier take signatures of older versions. Without v= and with the bare q=dns of
// draft-ietf-dkim-base-01 a signature can only be of that age; other draft forms need the legacy option.
MaybeFault read_version(Reader& r, const TagList& tags) {
  if (r.is_ams()) return std::nullopt;  // RFC 8617 section 4.1.2: ignored
  const Tag* version = tags.find("v");
  if (version != nullptr && version->value == "1") return std::nullopt;
  r.signature.is_draft = true;
  const Tag* query = tags.find("q");
  const bool is_accepted = r.drafts == Drafts::accepted;
  if (version == nullptr) {
    if (is_accepted || (query != nullptr && query->value == "dns")) return std::nullopt;
    return Fault{Reason::missing_tag, "the required tag v= is missing"};
  }
  if (is_accepted && version->value.starts_with("0.") && is_digits(version->value.substr(2))) return std::nullopt;
  return Fault{Reason::incompatible_version, "v=" + shown(version->value) + " is not version 1"};
}

MaybeFault read_tag(Reader& r, const TagList& tags, const TagRule& rule) {
  const Tag* tag = tags.find(rule.name);
  if (tag != nullptr) return rule.read(r, tag->value);
  if (rule.name == "bh" && r.drafts == Drafts::accepted && r.signature.is_draft) {
    r.signature.has_body_hash = false;
    return std::nullopt;
  }
  const bool is_required = rule.is_required || (rule.name == "i" && r.is_ams());
  if (is_required) return Fault{Reason::missing_tag, "the required tag " + std::string(rule.name) + "= is missing"};
  return std::nullopt;
}

// What holds between tags.
MaybeFault check_signature(Reader& r) {
  const auto is_from = [](std::string_view name) {
    return name.size() == 4 && (name[0] | 0x20) == 'f' && (name[1] | 0x20) == 'r' && (name[2] | 0x20) == 'o' &&
           (name[3] | 0x20) == 'm';
  };
  Signature& s = r.signature;
  const bool is_empty_ams = r.is_ams() && s.signed_fields.empty();
  if (!is_empty_ams && std::ranges::none_of(s.signed_fields, is_from))
    return Fault{Reason::from_not_signed, "h= does not include the From field"};
  if (r.is_ams()) return std::nullopt;
  if (!s.identity_domain) {
    s.identity = "@" + s.domain;
    s.identity_domain = s.ascii_domain;
  }
  // RFC 6376 sections 3.5 and 3.10: a parent signs for its subdomains, never the other way round.
  if (!s.identity_domain->is_at_or_below(*s.ascii_domain))
    return Fault{Reason::domain_mismatch, "i=" + shown(s.identity) + " is not in the domain of d=" + shown(s.domain)};
  return std::nullopt;
}

}  // namespace

std::optional<Algorithm> parse_algorithm(std::string_view text) {
  if (text == "rsa-sha256") return Algorithm{KeyType::rsa, HashAlgorithm::sha256};
  if (text == "ed25519-sha256") return Algorithm{KeyType::ed25519, HashAlgorithm::sha256};  // RFC 8463 section 3
  if (text == "rsa-sha1") return Algorithm{KeyType::rsa, HashAlgorithm::sha1};
  return std::nullopt;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  if (!is_digits(text)) return std::nullopt;
  if (text.size() > 12) return max_time;
  return static_cast<std::int64_t>(saturated(text));
}

std::optional<std::uint32_t> parse_instance(std::string_view text) {
  if (!is_digits(text) || text.size() > 2) return std::nullopt;
  const std::uint64_t number = saturated(text);
  if (number < 1 || number > 50) return std::nullopt;
  return static_cast<std::uint32_t>(number);
}

std::optional<model::Domain> parse_name(std::string_view text, std::size_t labels) {
  if (text.ends_with('.')) return std::nullopt;
  auto domain = model::Domain::parse(text);
  if (!domain || domain->label_count() < labels) return std::nullopt;
  return std::move(*domain);
}

ParsedSignature parse_signature(std::string_view value, SignatureKind kind, Drafts drafts) {
  ParsedSignature parsed;
  Reader reader{parsed.signature, kind, drafts};
  if (kind == SignatureKind::arc_message_relaxed)
    parsed.signature.header = parsed.signature.body = Canonicalization::relaxed;
  std::string uncommented;
  if (reader.is_ams()) value = uncommented = blank_instance_comments(value);
  const auto tags = TagList::parse(value);
  if (!tags) {
    parsed.fault = Fault{Reason::malformed_tag_list, tags.error().message};
    return parsed;
  }
  if (const Tag* b = tags->find("b")) {
    parsed.signature.b_begin = b->begin;
    parsed.signature.b_end = b->end;
  }
  // All tags are read even after a fault, so that a report can name domain and selector.
  parsed.fault = read_version(reader, *tags);
  for (const TagRule& rule : rules) {
    auto fault = read_tag(reader, *tags, rule);
    if (!parsed.fault) parsed.fault = std::move(fault);
  }
  if (!parsed.fault) parsed.fault = check_signature(reader);
  return parsed;
}

}  // namespace ruaudit::verify::dkim
