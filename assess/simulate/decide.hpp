// One stored row under a change of DNS records: what the receiver said, and what it would have said. All answers that
// it needs (SPF evaluated again, the policy that applies, which identifiers align) enter as values; an Outcome before
// and after leaves, with what had to be assumed. What the change does not touch stays as it was reported. Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "model/replay.hpp"
#include "model/simulation.hpp"

namespace ruaudit::assess::simulate {

namespace simulation = model::simulation;

// Whether an identifier is aligned with the author's domain, in either mode.
struct Aligned {
  bool is_strict = false;
  std::optional<bool> is_relaxed = false;  // nothing: DNS did not tell the Organizational Domains
  // Nothing: it cannot be known. An unknown mode counts as relaxed, its default.
  [[nodiscard]] std::optional<bool> in(model::AlignmentMode mode) const {
    return mode == model::AlignmentMode::s ? std::optional<bool>(is_strict) : is_relaxed;
  }
};

struct NewSpf {  // what SPF says under the change
  model::SpfResult result = model::SpfResult::unknown;
  std::string because{};          // the term that decides, or the problem
  bool is_of_local_part = false;  // it would depend on the local part or HELO name
  [[nodiscard]] bool is_known() const {
    return result != model::SpfResult::unknown && result != model::SpfResult::temperror && !is_of_local_part;
  }
};

// What the DMARC record that would apply says of messages that fail.
struct Policy {
  enum class State : std::uint8_t { applies, absent, unknown };
  State state = State::applies;
  model::Policy policy = model::Policy::none;        // p, sp or np, before t and pct
  bool is_policy_known = true;                       // false: sp or np, DNS did not tell which
  model::Policy other_policy = model::Policy::none;  // what receivers of the other RFC would take (np)
  model::AlignmentMode adkim = model::AlignmentMode::r, aspf = model::AlignmentMode::r;
  bool is_testing = false;
  int pct = 100;
  bool is_of_change = false;  // the changed record is the one that applies
  bool is_last = true;        // false: another policy was reported later
};

struct Row {
  const model::AuthPattern& pattern;
  const model::ReplayPolicy& published;  // when it came
  const Policy& policy;
  simulation::Sender sender = simulation::Sender::unknown;
  // One each of pattern.signatures and pattern.spf_results. Where the report names no SPF result, one SPF identity of
  // its envelope_from.
  std::span<const Aligned> signatures, spf;
  std::span<const std::uint8_t> removed_keys;      // of signatures: not 0 where the change removes its key
  std::span<const std::optional<NewSpf>> new_spf;  // nothing: the change does not touch it
  bool gains_signature = false;                    // --align-service names its sender
};

[[nodiscard]] simulation::Decision decide(const Row& row);

}  // namespace ruaudit::assess::simulate
