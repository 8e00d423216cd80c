// What the rules of conclude.cpp look at: the facts of a sample with the questions that several rules ask answered
// once. Borrows the facts.
#pragma once
#include "verify/failure/conclusion.hpp"
#include "verify/failure/sample_facts.hpp"

namespace ruaudit::verify::failure {

struct Grounds {
  const SampleFacts& facts;
  const SignatureFacts* intact = nullptr;        // an aligned signature that verifies, RSA before Ed25519
  const SignatureFacts* most_telling = nullptr;  // of the aligned ones that do not: the one that tells most
  bool passes_spf = false;                       // aligned, and not because everyone may send
  bool passes_only_ed25519 = false;
  bool is_own_source = false;  // authorised by SPF then or today, or seen aligned by SPF
  bool is_srs = false;         // rewritten from the author's domain by a forwarder that SPF vouches for
  bool is_arc = false;         // the chain holds, and its sealer saw the author's domain pass
  bool is_list = false;        // a list's fields, and SPF or a signature that vouches for the list
  bool has_traces = false;     // any of these, also where nothing vouches for them

  [[nodiscard]] bool is_forwarded() const { return is_srs || is_arc || is_list; }
  [[nodiscard]] bool is_authorised() const {
    return facts.authorised_then == Authorisation::yes || facts.authorised_today == Authorisation::yes;
  }
  [[nodiscard]] const SignatureFacts* find(Damage damage) const;  // among the aligned
};

[[nodiscard]] Grounds grounds_of(const SampleFacts& facts);

// The outcome of the rules before it is worded.
struct Ruling {
  Verdict verdict = Verdict::indeterminate;
  Reason reason = Reason::sample_missing;
  Mechanism mechanism = Mechanism::none;
  Confidence confidence = Confidence::low;
  const SignatureFacts* signature = nullptr;  // the one that decided
};

}  // namespace ruaudit::verify::failure
