#include "verify/arc/set_fields.hpp"

#include "verify/dkim/encoding.hpp"
#include "verify/dkim/tag_list.hpp"

namespace ruaudit::verify::arc {
namespace {

using dkim::Fault;
using dkim::TagList;
using MaybeFault = std::optional<Fault>;

Fault malformed(std::string text) { return {dkim::Reason::malformed_tag, std::move(text)}; }

MaybeFault read_instance(Seal& seal, std::string_view value) {
  const auto instance = dkim::parse_instance(value);
  if (!instance) return malformed("i= is not an instance from 1 to 50");
  seal.signature.instance = *instance;
  return std::nullopt;
}

MaybeFault read_algorithm(Seal& seal, std::string_view value) {
  seal.signature.algorithm = value;
  const auto algorithm = dkim::parse_algorithm(value);
  if (!algorithm) return Fault{dkim::Reason::unsupported_algorithm, "a= is not an algorithm of RFC 6376 or RFC 8463"};
  seal.signature.key_type = algorithm->key_type;
  seal.signature.hash = algorithm->hash;
  return std::nullopt;
}

MaybeFault read_signature(Seal& seal, std::string_view value) {
  const auto signature = dkim::decode_base64(value);
  if (!signature || signature->empty()) return malformed("b= is not base64");
  seal.signature.signature = *signature;
  seal.signature.signature_text = dkim::remove_fws(value);
  return std::nullopt;
}

MaybeFault read_domain(Seal& seal, std::string_view value) {
  seal.signature.domain = value;
  seal.signature.ascii_domain = dkim::parse_name(value, 2);
  if (!seal.signature.ascii_domain) return malformed("d= is not a domain name");
  return std::nullopt;
}

MaybeFault read_selector(Seal& seal, std::string_view value) {
  seal.signature.selector = value;
  const auto selector = dkim::parse_name(value, 1);
  if (!selector) return malformed("s= is not a selector");
  if (seal.signature.ascii_domain)
    seal.signature.key_name = selector->text() + "._domainkey." + seal.signature.ascii_domain->text();
  return std::nullopt;
}

MaybeFault read_chain_value(Seal& seal, std::string_view value) {
  seal.chain_value = value;
  if (value != "none" && value != "pass" && value != "fail") return malformed("cv= is none of none, pass, fail");
  return std::nullopt;
}

MaybeFault read_timestamp(Seal& seal, std::string_view value) {
  seal.signature.timestamp = dkim::parse_time(value);
  if (!seal.signature.timestamp) return malformed("t= is not a number of seconds");
  return std::nullopt;
}

// RFC 8617 section 4.1.3: h= MUST result in fail; bh= has no place in a seal either.
MaybeFault refuse(Seal& /*seal*/, std::string_view /*value*/) {
  return malformed("a seal must not have h= or bh= (RFC 8617 section 4.1.3)");
}

struct TagRule {
  std::string_view name;
  bool is_required;
  MaybeFault (*read)(Seal&, std::string_view);
};
constexpr TagRule rules[] = {{"i", true, read_instance},   {"d", true, read_domain},    {"s", true, read_selector},
                             {"a", true, read_algorithm},  {"b", true, read_signature}, {"cv", true, read_chain_value},
                             {"t", false, read_timestamp}, {"h", false, refuse},        {"bh", false, refuse}};

MaybeFault read_tag(Seal& seal, const TagList& tags, const TagRule& rule) {
  if (const auto* tag = tags.find(rule.name)) return rule.read(seal, tag->value);
  if (!rule.is_required) return std::nullopt;
  return Fault{dkim::Reason::missing_tag, "the required tag " + std::string(rule.name) + "= is missing"};
}

}  // namespace

// RFC 8617 section 4.1.1: arc-info = instance [CFWS] ";" authres-payload; instance = [CFWS] %s"i" [CFWS] "=" [CFWS]
// 1*2DIGIT [CFWS] ";"
std::optional<AuthenticationResults> parse_authentication_results(std::string_view value) {
  std::size_t at = dkim::skip_cfws(value, 0);
  if (at >= value.size() || value[at] != 'i') return std::nullopt;
  at = dkim::skip_cfws(value, at + 1);
  if (at >= value.size() || value[at] != '=') return std::nullopt;
  at = dkim::skip_cfws(value, at + 1);
  const std::size_t digits = at;
  while (at < value.size() && value[at] >= '0' && value[at] <= '9') ++at;
  const auto instance = dkim::parse_instance(value.substr(digits, at - digits));
  at = dkim::skip_cfws(value, at);
  if (!instance || at >= value.size() || value[at] != ';') return std::nullopt;
  return AuthenticationResults{*instance, std::string(dkim::trim_fws(value.substr(at + 1)))};
}

Seal parse_seal(std::string_view value) {
  Seal seal;
  const std::string text = dkim::blank_instance_comments(value);
  const auto tags = TagList::parse(text);
  if (!tags) {
    seal.fault = Fault{dkim::Reason::malformed_tag_list, tags.error().message};
    return seal;
  }
  if (const auto* b = tags->find("b")) {
    seal.signature.b_begin = b->begin;
    seal.signature.b_end = b->end;
  }
  for (const TagRule& rule : rules) {
    auto fault = read_tag(seal, *tags, rule);
    if (!seal.fault) seal.fault = std::move(fault);
  }
  return seal;
}

}  // namespace ruaudit::verify::arc
