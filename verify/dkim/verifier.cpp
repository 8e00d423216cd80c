#include "verify/dkim/verifier.hpp"

#include <algorithm>

#include "verify/dkim/diagnosis.hpp"
#include "verify/dkim/header_input.hpp"

namespace ruaudit::verify::dkim {
namespace {

using model::DkimResult;

struct Candidate {
  SignatureResult out;
  std::vector<std::shared_ptr<const CachedKey>> keys;  // that may verify it
  bool is_decided = false;
};

void decide(Candidate& candidate, DkimResult result, Fault fault) {
  candidate.out.result = result;
  candidate.out.reason = fault.reason;
  candidate.out.text = std::move(fault.text);
  candidate.is_decided = true;
}

// Section 6.1.1.
Candidate read_candidate(const message::Message& message, std::size_t position, SignatureKind kind,
                         const Options& options) {
  Candidate candidate;
  const message::HeaderField& field = message.fields()[position];
  candidate.out.field = position;
  candidate.out.line = field.line;
  const Drafts drafts = options.legacy == Legacy::verify ? Drafts::accepted : Drafts::refused;
  auto parsed = parse_signature(field.value, kind, drafts);
  candidate.out.signature = std::move(parsed.signature);
  const Signature& s = candidate.out.signature;
  candidate.out.is_future = s.timestamp && *s.timestamp > options.at + options.clock_skew;
  if (parsed.fault)
    decide(candidate, DkimResult::permerror, std::move(*parsed.fault));
  else if (s.expiration && options.at > *s.expiration)
    decide(
        candidate, DkimResult::permerror,
        {Reason::expired, "the signature expired " + std::to_string(options.at - *s.expiration) + " seconds before"});
  return candidate;
}

// Section 6.1.2; then RFC 8301, which makes weak signatures a matter of policy unless legacy verification is asked for.
void take_keys(Candidate& candidate, const Keys& keys, const Options& options) {
  const Legacy legacy = options.legacy;
  UsableKeys usable = usable_keys(keys, candidate.out.signature, options.service);
  if (usable.fault) {
    const bool is_temporary = usable.fault->reason == Reason::dns_failure;
    // RFC 8301 section 3.1: such a signature has failed for good, whatever a later lookup would find.
    const bool is_retired = candidate.out.signature.hash == HashAlgorithm::sha1 && legacy == Legacy::refuse;
    if (is_temporary && is_retired) return decide(candidate, DkimResult::permerror, retired_hash());
    return decide(candidate, is_temporary ? DkimResult::temperror : DkimResult::permerror, std::move(*usable.fault));
  }
  std::optional<Fault> weakness;
  for (const auto& key : usable.keys) {
    auto weak = weakness_of(*key->key, candidate.out.signature.hash);
    const bool is_refused = weak && (legacy == Legacy::refuse || weak->reason == Reason::key_too_large);
    if (is_refused && !weakness) weakness = std::move(weak);
    if (!is_refused) candidate.keys.push_back(key);
  }
  const CachedKey& first = candidate.keys.empty() ? *usable.keys.front() : *candidate.keys.front();
  candidate.out.key_bits = first.key->bits();
  candidate.out.is_testing = first.record.is_testing;
  if (candidate.keys.empty()) decide(candidate, DkimResult::policy, std::move(*weakness));
}

void find_keys(std::vector<Candidate>& candidates, dns::Resolver& resolver, KeyCache& cache, const Options& options) {
  std::vector<std::string> names;
  for (const Candidate& candidate : candidates)
    if (!candidate.is_decided) names.push_back(candidate.out.signature.key_name);
  const std::vector<Keys> keys = look_up_keys(resolver, cache, names);
  std::size_t next = 0;
  for (Candidate& candidate : candidates)
    if (!candidate.is_decided) take_keys(candidate, keys[next++], options);
}

BodyHashRequest request_of(const Signature& s) { return {s.body, s.hash, s.body_length}; }

// Section 6.1.3 steps 1 to 3, the body's part.
void check_body(std::vector<Candidate>& candidates, std::string_view body) {
  std::vector<BodyHashRequest> requests;
  for (const Candidate& candidate : candidates)
    if (!candidate.is_decided) requests.push_back(request_of(candidate.out.signature));
  const std::vector<BodyHash> hashes = compute_body_hashes(body, requests);
  std::size_t next = 0;
  for (Candidate& candidate : candidates) {
    if (candidate.is_decided) continue;
    SignatureResult& out = candidate.out;
    const BodyHash& hash = hashes[next++];
    out.computed_body_hash = hash.hash;
    out.canonical_body_octets = hash.canonical_length;
    const std::uint64_t length = out.signature.body_length.value_or(hash.canonical_length);
    if (length > hash.canonical_length) {  // section 3.5, l=: MUST NOT be larger than the canonical body
      decide(candidate, DkimResult::permerror,
             {Reason::body_length_exceeds, "l= is larger than the body of " + std::to_string(hash.canonical_length) +
                                               " octets: the body was cut or changed"});
      continue;
    }
    out.unsigned_octets = hash.canonical_length - length;
    if (out.signature.has_body_hash) out.body_hash_matches = hash.hash == out.signature.body_hash;
  }
}

// A draft's form that only Legacy::verify lets through.
bool is_refused_draft(const SignatureResult& out, const message::Message& message) {
  return out.signature.is_draft &&
         parse_signature(message.fields()[out.field].value, SignatureKind::dkim).fault.has_value();
}

// Section 6.1.3 step 4, with each key that may be the one.
void check_header(Candidate& candidate, const message::Message& message) {
  SignatureResult& out = candidate.out;
  const std::string input = out.signature.has_body_hash ? header_input(message, out.signature, out.field)
                                                        : draft_input(message, out.signature, out.field);
  out.header_verifies = false;
  for (const auto& key : candidate.keys) {
    if (!key->key->verifies(out.signature.hash, out.signature.signature, input)) continue;
    out.header_verifies = true;
    out.key_bits = key->key->bits();
    out.is_testing = key->record.is_testing;
    out.is_legacy = weakness_of(*key->key, out.signature.hash).has_value() || is_refused_draft(out, message);
    return;
  }
}

// RFC 6376 section 4.2: every signature counts by itself, one that verifies is enough.
DkimResult best_of(const std::vector<SignatureResult>& results) {
  for (const DkimResult wanted : {DkimResult::pass, DkimResult::temperror, DkimResult::fail, DkimResult::policy,
                                  DkimResult::neutral, DkimResult::permerror})
    if (std::ranges::find(results, wanted, &SignatureResult::result) != results.end()) return wanted;
  return DkimResult::none;
}

SignatureResult not_evaluated(const message::Message& message, std::size_t position, std::size_t limit) {
  SignatureResult out;
  out.result = DkimResult::policy;
  out.reason = Reason::not_evaluated;
  out.text = "not evaluated: more than " + std::to_string(limit) + " signatures";
  out.field = position;
  out.line = message.fields()[position].line;
  return out;
}

}  // namespace

std::vector<SignatureResult> Verifier::verify_fields(const message::Message& message,
                                                     std::span<const std::size_t> positions, SignatureKind kind,
                                                     const Options& options) const {
  std::vector<Candidate> candidates;
  for (const std::size_t position : positions) candidates.push_back(read_candidate(message, position, kind, options));
  find_keys(candidates, resolver_, cache_, options);
  if (options.body == BodyPart::present) check_body(candidates, message.body());
  std::vector<SignatureResult> results;
  for (Candidate& candidate : candidates) {
    if (!candidate.is_decided) {
      check_header(candidate, message);
      conclude(candidate.out, message, options);
    }
    results.push_back(std::move(candidate.out));
  }
  return results;
}

Verification Verifier::verify(const message::Message& message, const Options& options) const {
  const auto found = message.positions("DKIM-Signature");
  const std::size_t evaluated = std::min(found.size(), options.max_signatures);
  const std::vector<std::size_t> positions(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(evaluated));
  Verification out;
  out.signatures = verify_fields(message, positions, SignatureKind::dkim, options);
  for (std::size_t i = evaluated; i < found.size(); ++i) {
    if (out.signatures.size() < max_listed)
      out.signatures.push_back(not_evaluated(message, found[i], options.max_signatures));
    else
      ++out.not_listed;
  }
  out.summary = best_of(out.signatures);
  return out;
}

}  // namespace ruaudit::verify::dkim
