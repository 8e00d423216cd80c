#include "verify/dkim/key_record.hpp"

#include <algorithm>

#include "verify/dkim/encoding.hpp"
#include "verify/dkim/tag_list.hpp"

namespace ruaudit::verify::dkim {
namespace {

std::optional<std::vector<std::string>> list_of(const Tag* tag) {
  if (tag == nullptr) return std::nullopt;
  std::vector<std::string> items;
  for (const std::string_view item : split_colons(tag->value)) items.emplace_back(item);
#ifdef RUAUDIT_PLANTED_BUG  // reads past a list that ends in a colon
  if (items.size() > 2 && items.back().empty() && tag->value.data()[tag->value.size()] == 'X') items.pop_back();
#endif
  return items;
}

bool has(const std::optional<std::vector<std::string>>& list, std::string_view item) {
  return list && std::ranges::find(*list, item) != list->end();
}

std::string_view name_of(HashAlgorithm hash) { return hash == HashAlgorithm::sha1 ? "sha1" : "sha256"; }
std::string_view name_of(KeyType type) { return type == KeyType::rsa ? "rsa" : "ed25519"; }

Fault malformed(std::string why) { return {Reason::key_malformed, "the key record is malformed: " + std::move(why)}; }

// v= if present: the first tag, exactly DKIM1 (RFC 6376 section 3.6.1).
std::optional<Fault> check_version(const TagList& tags) {
  const Tag* version = tags.find("v");
  if (version == nullptr) return std::nullopt;
  if (version->value != "DKIM1") return malformed("v= is not DKIM1");
  if (version != tags.tags().data()) return malformed("v= is not the first tag");
  return std::nullopt;
}

std::optional<Fault> read_key(KeyRecord& record, const Tag* p) {
  if (p == nullptr) return malformed("p= is missing");
  if (p->value.empty()) return Fault{Reason::key_revoked, "the key was revoked: p= is empty"};
  auto key = decode_base64(p->value);
  if (!key || key->empty()) return malformed("p= is not base64");
  record.key = std::move(*key);
  return std::nullopt;
}

// g= of RFC 4871 section 3.6.1: one "*" stands for any characters; empty matches nothing.
bool matches(std::string_view granularity, std::string_view local_part) {
  if (granularity.empty()) return false;
  const std::size_t star = granularity.find('*');
  if (star == std::string_view::npos) return granularity == local_part;
  const auto before = granularity.substr(0, star), after = granularity.substr(star + 1);
  return local_part.size() >= before.size() + after.size() && local_part.starts_with(before) &&
         local_part.ends_with(after);
}

}  // namespace

KeyRecord parse_key_record(std::string_view text) {
  KeyRecord record;
  const auto tags = TagList::parse(text);
  if (!tags) {
    record.fault = malformed(tags.error().message);
    return record;
  }
  if (const Tag* k = tags->find("k")) record.key_type = k->value;
  if (const Tag* n = tags->find("n")) record.notes = n->value;
  if (const Tag* g = tags->find("g")) record.granularity = g->value;
  record.hashes = list_of(tags->find("h"));
  record.services = list_of(tags->find("s"));
  const auto flags = list_of(tags->find("t"));
  record.is_testing = has(flags, "y");
  record.is_strict = has(flags, "s");
  record.fault = check_version(*tags);
  auto key_fault = read_key(record, tags->find("p"));
  if (!record.fault) record.fault = std::move(key_fault);
  return record;
}

std::optional<Fault> unsuitable_for(const KeyRecord& record, const Signature& signature, Service service) {
  const std::string_view hash = name_of(signature.hash), type = name_of(signature.key_type);
  if (record.hashes && !has(record.hashes, hash))
    return Fault{Reason::key_hash_not_allowed, "the key's h= does not allow " + std::string(hash)};
  if (record.key_type != type)
    return Fault{Reason::key_type_mismatch, "the key is of type k=" + record.key_type.substr(0, 40) +
                                                ", the signature needs " + std::string(type)};
  const std::string_view wanted = service == Service::email ? "email" : "tlsrpt";
  if (record.services && !has(record.services, "*") && !has(record.services, wanted))
    return Fault{Reason::key_not_for_email, "the key's s= does not include " + std::string(wanted)};
  if (record.is_strict && signature.identity_domain && *signature.identity_domain != *signature.ascii_domain)
    return Fault{Reason::key_strict_identity, "the key has t=s, but the domain of i= is not d= itself"};
  // RFC 6376 dropped g=; it still binds signatures with the algorithm that RFC 8301 retired, whose signers meant it.
  const std::string_view local_part = std::string_view(signature.identity).substr(0, signature.identity.rfind('@'));
  if (signature.hash == HashAlgorithm::sha1 && record.granularity && !matches(*record.granularity, local_part))
    return Fault{Reason::key_granularity, "the key's g= (RFC 4871) does not match the local part of i="};
  return std::nullopt;
}

}  // namespace ruaudit::verify::dkim
