#include "verify/arc/chain.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "model/ascii.hpp"
#include "verify/arc/set_fields.hpp"
#include "verify/dkim/header_input.hpp"
#include "verify/dkim/keys.hpp"

namespace ruaudit::verify::arc {
namespace {

using model::DkimResult;

constexpr std::string_view aar_name = "ARC-Authentication-Results";
constexpr std::string_view ams_name = "ARC-Message-Signature";
constexpr std::string_view seal_name = "ARC-Seal";

struct Fields {  // of one instance, as positions in message.fields()
  std::optional<std::size_t> aar, ams, seal_position;
  Seal seal;
  dkim::Signature ams_signature;
};

struct Fault {
  Reason reason = Reason::ok;
  std::string text;
};
using MaybeFault = std::optional<Fault>;

struct Collected {
  std::vector<Fields> fields;  // [0] is instance 1; as long as the highest instance seen
  MaybeFault fault;            // the first of step 3 that collecting meets
};

std::string of_instance(std::uint32_t instance) { return " of instance " + std::to_string(instance); }

class Collector {
 public:
  explicit Collector(const message::Message& message) : message_(message) {}

  Collected collect() {
    for (const auto i : message_.positions(aar_name)) take_aar(i);
    for (const auto i : message_.positions(ams_name)) take_ams(i);
    for (const auto i : message_.positions(seal_name)) take_seal(i);
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string where(std::size_t position) const {
    return " in line " + std::to_string(message_.fields()[position].line);
  }
  void note(Reason reason, std::string text) {
    if (!out_.fault) out_.fault = Fault{reason, std::move(text)};
  }
  Fields& at(std::uint32_t instance) {
    if (out_.fields.size() < instance) out_.fields.resize(instance);
#ifdef RUAUDIT_PLANTED_BUG  // one past the end
    if (instance % 7 == 0) return out_.fields[instance];
#endif
    return out_.fields[instance - 1];
  }
  // Step 3.1: exactly one of each.
  void place(std::optional<std::size_t>& slot, std::size_t position, std::string_view name) {
    if (slot) return note(Reason::repeated_field, std::string(name) + where(position) + " repeats an instance");
    slot = position;
  }
  void take_aar(std::size_t position) {
    const auto parsed = parse_authentication_results(message_.fields()[position].value);
    if (!parsed) return note(Reason::malformed_field, std::string(aar_name) + where(position) + " has no i=N;");
    place(at(parsed->instance).aar, position, aar_name);
  }
  void take_ams(std::size_t position) {
    auto parsed = dkim::parse_signature(message_.fields()[position].value, dkim::SignatureKind::arc_message);
    if (parsed.signature.instance == 0)
      return note(Reason::malformed_field,
                  std::string(ams_name) + where(position) + ": " + (parsed.fault ? parsed.fault->text : "no instance"));
    Fields& fields = at(parsed.signature.instance);
    place(fields.ams, position, ams_name);
    fields.ams_signature = std::move(parsed.signature);
  }
  void take_seal(std::size_t position) {
    Seal seal = parse_seal(message_.fields()[position].value);
    if (seal.signature.instance == 0)
      return note(Reason::malformed_field,
                  std::string(seal_name) + where(position) + ": " + (seal.fault ? seal.fault->text : "no instance"));
    Fields& fields = at(seal.signature.instance);
    place(fields.seal_position, position, seal_name);
    fields.seal = std::move(seal);
  }

  const message::Message& message_;
  Collected out_;
};

// Section 4.1.2: these MUST NOT be covered by an AMS.
std::vector<std::string> remarks_on(const dkim::Signature& ams) {
  std::vector<std::string> remarks;
  for (const std::string_view name : {std::string_view("Authentication-Results"), aar_name, ams_name}) {
    const auto covers = [name](const std::string& listed) { return ascii::equal_folded(listed, name); };
    if (std::ranges::any_of(ams.signed_fields, covers))
      remarks.push_back("the message signature covers " + std::string(name));
  }
  if (ams.signed_fields.empty()) remarks.emplace_back("the message signature covers no header field");
  return remarks;
}

Set describe(std::uint32_t instance, const Fields& fields, const message::Message& message) {
  Set set;
  set.instance = instance;
  set.domain = fields.seal.signature.domain;
  set.selector = fields.seal.signature.selector;
  set.chain_value = fields.seal.chain_value;
  set.timestamp = fields.seal.signature.timestamp;
  if (fields.seal_position) set.line = message.fields()[*fields.seal_position].line;
  if (fields.aar)
    if (auto parsed = parse_authentication_results(message.fields()[*fields.aar].value))
      set.authentication_results = std::move(parsed->payload);
  if (fields.ams) set.remarks = remarks_on(fields.ams_signature);
  return set;
}

// Step 3; the words of section 4.4.
MaybeFault check_structure(const Collected& collected) {
  if (collected.fault) return collected.fault;
  std::uint32_t instance = 0;
  for (const Fields& fields : collected.fields) {
    ++instance;
    if (!fields.aar || !fields.ams || !fields.seal_position) {
      const std::string_view name = !fields.aar ? aar_name : !fields.ams ? ams_name : seal_name;
      return Fault{Reason::incomplete_set, std::string(name) + of_instance(instance) + " is missing"};
    }
    if (fields.seal.fault)
      return Fault{Reason::malformed_field, "ARC-Seal" + of_instance(instance) + ": " + fields.seal.fault->text};
    const std::string_view wanted = instance == 1 ? "none" : "pass";
    if (fields.seal.chain_value != wanted)
      return Fault{Reason::wrong_chain_value, "ARC-Seal" + of_instance(instance) + " has cv=" +
                                                  fields.seal.chain_value + ", must be " + std::string(wanted)};
  }
  return std::nullopt;
}

bool is_covered(const dkim::Signature& ams, std::string_view name) {
  return std::ranges::any_of(ams.signed_fields,
                             [name](const std::string& listed) { return ascii::equal_folded(listed, name); });
}

class Validator {
 public:
  Validator(const message::Message& message, dns::Resolver& resolver, dkim::KeyCache& cache)
      : message_(message), resolver_(resolver), cache_(cache) {}

  Chain run(std::int64_t at);

 private:
  void verify_message_signatures(std::int64_t at);
  void retry_without_canonicalization(const std::vector<std::size_t>& positions, std::int64_t at,
                                      std::vector<dkim::SignatureResult>& results);
  void find_oldest_pass();
  MaybeFault verify_seals();
  void verify_seal(const Fields& fields, Set& set, const dkim::Keys& keys, std::string input) const;
  [[nodiscard]] bool is_message_signature_good(std::size_t index) const {
    return chain_.sets[index].message_signature->result == DkimResult::pass;
  }
  Chain fail(Fault fault) {
    chain_.result = ChainResult::fail;
    chain_.reason = fault.reason;
    chain_.text = std::move(fault.text);
    return std::move(chain_);
  }

  const message::Message& message_;
  dns::Resolver& resolver_;
  dkim::KeyCache& cache_;
  std::vector<Fields> fields_;
  Chain chain_;
};

Chain Validator::run(std::int64_t at) {
  // Step 1.
  const std::array<std::size_t, 3> counts = {message_.positions(aar_name).size(), message_.positions(ams_name).size(),
                                             message_.positions(seal_name).size()};
  const std::size_t most = *std::ranges::max_element(counts);
  if (most == 0) return chain_;
  if (most > max_sets) return fail({Reason::too_many_sets, "more than 50 ARC sets"});
  Collected collected = Collector(message_).collect();
  std::uint32_t instance = 0;
  for (const Fields& fields : collected.fields) chain_.sets.push_back(describe(++instance, fields, message_));
  // Step 2.
  if (!chain_.sets.empty() && chain_.sets.back().chain_value == "fail")
    return fail({Reason::marked_failed, "the newest seal says that the chain had failed before (cv=fail)"});
  // Step 3.
  if (auto fault = check_structure(collected)) return fail(std::move(*fault));
  fields_ = std::move(collected.fields);
  // Steps 4 and 5; all message signatures share one pass over the body.
  verify_message_signatures(at);
  if (!is_message_signature_good(fields_.size() - 1))
    return fail({Reason::message_signature,
                 "the newest message signature does not verify: " + chain_.sets.back().message_signature->text});
  find_oldest_pass();
  // Step 6.
  if (auto fault = verify_seals()) return fail(std::move(*fault));
  chain_.result = ChainResult::pass;  // step 7
  return std::move(chain_);
}

void Validator::verify_message_signatures(std::int64_t at) {
  std::vector<std::size_t> positions;
  for (const Fields& fields : fields_) positions.push_back(*fields.ams);
  auto results = dkim::Verifier(resolver_, cache_)
                     .verify_fields(message_, positions, dkim::SignatureKind::arc_message, {.at = at});
  retry_without_canonicalization(positions, at, results);
  for (std::size_t i = 0; i < results.size(); ++i) {
    // A signature over a seal is one over a field that only exists later: section 4.1.2.
    if (is_covered(results[i].signature, seal_name)) {
      results[i].result = DkimResult::permerror;
      results[i].reason = dkim::Reason::malformed_tag;
      results[i].text = "h= covers ARC-Seal (RFC 8617 section 4.1.2)";
    }
    chain_.sets[i].message_signature = std::move(results[i]);
  }
}

// Deviation: without c= RFC 6376 section 3.5 means simple/simple. The ARC validation suite (ams_fields_c_na) and
// deployed sealers mean relaxed/relaxed; such an AMS is tried in that form when the first fails.
void Validator::retry_without_canonicalization(const std::vector<std::size_t>& positions, std::int64_t at,
                                               std::vector<dkim::SignatureResult>& results) {
  std::vector<std::size_t> indexes, again;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i].result != DkimResult::fail || results[i].signature.has_canonicalization) continue;
    indexes.push_back(i);
    again.push_back(positions[i]);
  }
  auto second = dkim::Verifier(resolver_, cache_)
                    .verify_fields(message_, again, dkim::SignatureKind::arc_message_relaxed, {.at = at});
  for (std::size_t k = 0; k < second.size(); ++k) {
    if (second[k].result != DkimResult::pass) continue;
    results[indexes[k]] = std::move(second[k]);
    chain_.sets[indexes[k]].remarks.emplace_back("c= is missing; the message signature verifies as relaxed/relaxed");
  }
}

// Step 5: from the newest but one down to the first that fails.
void Validator::find_oldest_pass() {
  std::size_t lowest = fields_.size() - 1;
  while (lowest > 0 && is_message_signature_good(lowest - 1)) --lowest;
  chain_.oldest_pass = lowest == 0 ? 0U : static_cast<std::uint32_t>(lowest + 1);
}

// Step 6 with section 5.1.1: the sets in increasing order, always relaxed, the own seal last, b= empty and no CRLF.
MaybeFault Validator::verify_seals() {
  std::vector<std::string> names;
  for (const Fields& fields : fields_) names.push_back(fields.seal.signature.key_name);
  const auto keys = dkim::look_up_keys(resolver_, cache_, names);
  std::string below;  // the complete sets before
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    for (const std::size_t position : {*fields_[i].aar, *fields_[i].ams})
      dkim::append_field(below, message_.fields()[position], dkim::Canonicalization::relaxed);
    verify_seal(fields_[i], chain_.sets[i], keys[i], below);
    dkim::append_field(below, message_.fields()[*fields_[i].seal_position], dkim::Canonicalization::relaxed);
  }
  for (std::size_t i = fields_.size(); i-- > 0;)
    if (!*chain_.sets[i].seal_verifies)
      return Fault{Reason::seal,
                   "the seal" + of_instance(chain_.sets[i].instance) + " does not verify: " + chain_.sets[i].seal_text};
  return std::nullopt;
}

void Validator::verify_seal(const Fields& fields, Set& set, const dkim::Keys& keys, std::string input) const {
  const dkim::Signature& s = fields.seal.signature;
  dkim::append_own_field(input, message_.fields()[*fields.seal_position], dkim::Canonicalization::relaxed,
                         {s.b_begin, s.b_end});
  set.seal_verifies = false;
  const auto usable = dkim::usable_keys(keys, s);
  if (usable.fault) set.seal_text = usable.fault->text;
  for (const auto& key : usable.keys) {
    if (const auto weakness = dkim::weakness_of(*key->key, s.hash)) {
      set.seal_text = weakness->text;
    } else if (key->key->verifies(s.hash, s.signature, input)) {
      set.seal_verifies = true;
      set.seal_text.clear();
      return;
    } else {
      set.seal_text = "the ARC fields were changed after sealing";
    }
  }
}

}  // namespace

Chain validate_chain(const message::Message& message, dns::Resolver& resolver, dkim::KeyCache& cache, std::int64_t at) {
  return Validator(message, resolver, cache).run(at);
}

}  // namespace ruaudit::verify::arc
