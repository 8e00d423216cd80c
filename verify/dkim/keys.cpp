#include "verify/dkim/keys.hpp"

#include <algorithm>

namespace ruaudit::verify::dkim {
namespace {

std::shared_ptr<const CachedKey> parse_key(const std::string& text) {
  auto cached = std::make_shared<CachedKey>();
  cached->record = parse_key_record(text);
  KeyRecord& record = cached->record;
  const bool is_rsa = record.key_type == "rsa";
  if (record.fault || (!is_rsa && record.key_type != "ed25519")) return cached;
  cached->key = PublicKey::parse(is_rsa ? KeyType::rsa : KeyType::ed25519, record.key);
  if (!cached->key)
    record.fault = Fault{Reason::key_malformed, "the key record is malformed: p= holds no " + record.key_type + " key"};
  return cached;
}

Keys keys_from(const dns::Answer& answer, KeyCache& cache) {
  Keys keys;
  const std::string& name = answer.question.name;
  if (answer.is_void()) {  // step 3
    keys.fault =
        Fault{Reason::no_key, "there is no key at " + name + " (" + std::string(model::to_text(answer.status)) + ")"};
  } else if (!answer.is_found()) {  // step 2
    keys.fault = Fault{Reason::dns_failure, "the key at " + name + " could not be fetched (" +
                                                std::string(model::to_text(answer.status)) + ")"};
  } else {
    for (const dns::TxtRecord& txt : answer.txt)
      if (keys.records.size() < max_records) keys.records.push_back(cache.get(txt.text()));
    if (keys.records.empty()) keys.fault = Fault{Reason::no_key, "there is no TXT record at " + name};
  }
  return keys;
}

}  // namespace

std::shared_ptr<const CachedKey> KeyCache::get(const std::string& record_text) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = keys_.find(record_text); found != keys_.end()) return found->second;
  }
  auto parsed = parse_key(record_text);
  const std::lock_guard lock(mutex_);
  if (keys_.size() >= capacity_) keys_.clear();
  keys_.emplace(record_text, parsed);
  return parsed;
}

std::vector<Keys> look_up_keys(dns::Resolver& resolver, KeyCache& cache, std::span<const std::string> names) {
  std::vector<std::string> distinct(names.begin(), names.end());
  std::ranges::sort(distinct);
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::vector<dns::Question> questions;
  questions.reserve(distinct.size());
  for (const std::string& name : distinct) questions.push_back({name, dns::RecordType::TXT});
  const std::vector<dns::Answer> answers =
      questions.empty() ? std::vector<dns::Answer>{} : resolver.query_all(questions);
  std::vector<Keys> of_distinct;
  of_distinct.reserve(answers.size());
  for (const dns::Answer& answer : answers) of_distinct.push_back(keys_from(answer, cache));
  std::vector<Keys> out;
  for (const std::string& name : names) {
    const auto at = std::ranges::lower_bound(distinct, name) - distinct.begin();
    out.push_back(of_distinct[static_cast<std::size_t>(at)]);
  }
  return out;
}

UsableKeys usable_keys(const Keys& keys, const Signature& signature, Service service) {
  UsableKeys usable;
  usable.fault = keys.fault;
  for (const auto& cached : keys.records) {
    auto fault = cached->record.fault;
    // Section 6.1.2 has h= (step 6) before a revoked key (step 7); both end the same way, the stronger word is told.
    if (!fault) fault = unsuitable_for(cached->record, signature, service);
    if (!fault) {
      usable.keys.push_back(cached);
    } else if (!usable.fault) {
      usable.fault = std::move(fault);
    }
  }
  if (!usable.keys.empty()) usable.fault.reset();
  return usable;
}

Fault retired_hash() { return {Reason::weak_hash, "rsa-sha1 must not be used any more (RFC 8301 section 3.1)"}; }

std::optional<Fault> weakness_of(const PublicKey& key, HashAlgorithm hash) {
  const bool is_rsa = key.type() == KeyType::rsa;
  const std::string bits = std::to_string(key.bits());
  if (is_rsa && key.bits() > max_rsa_bits)
    return Fault{Reason::key_too_large,
                 "the RSA key has " + bits + " bits, the limit is " + std::to_string(max_rsa_bits)};
  if (hash == HashAlgorithm::sha1) return retired_hash();
  if (is_rsa && key.bits() < min_rsa_bits)
    return Fault{Reason::weak_key, "the RSA key has " + bits + " bits, fewer than 1024 (RFC 8301 section 3.2)"};
  return std::nullopt;
}

}  // namespace ruaudit::verify::dkim
