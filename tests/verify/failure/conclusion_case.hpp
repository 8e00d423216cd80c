// A case of the rules of docs/failure-conclusions.md: what is different from a stranger's mail, and what is concluded.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "verify/failure/conclude.hpp"

namespace ruaudit::verify::failure::test {

using Edit = std::function<void(SampleFacts&)>;

inline SpfFacts spf(model::SpfResult result, const std::string& domain, bool is_aligned) {
  SpfFacts facts;
  facts.result = result;
  facts.domain = domain;
  facts.is_aligned = is_aligned;
  return facts;
}

inline SignatureFacts signature(Damage damage, bool is_aligned = true) {
  SignatureFacts facts;
  facts.domain = is_aligned ? "example.com" : "esp.example";
  facts.selector = "s1";
  facts.is_aligned = is_aligned;
  facts.damage = damage;
  return facts;
}

// An unknown host sends as example.com; SPF is aligned and fails; nothing is signed.
inline SampleFacts stranger() {
  SampleFacts facts;
  facts.extent = model::SampleExtent::full;
  facts.author = "example.com";
  facts.source = *model::IpAddress::parse("203.0.113.9");
  facts.spf = spf(model::SpfResult::fail, "example.com", true);
  facts.authorised_then = Authorisation::no;
  return facts;
}

inline Edit signed_with(Damage damage) {
  return [damage](SampleFacts& f) { f.signatures = {signature(damage)}; };
}
inline void authorised(SampleFacts& f) {
  f.authorised_then = Authorisation::yes;
  f.spf = spf(model::SpfResult::pass, "esp.example", false);
}
inline void seen_by_spf(SampleFacts& f) { f.history = {.messages = 9, .spf_aligned = 5, .last_day = "2026-09-01"}; }
inline void seen_by_dkim(SampleFacts& f) { f.history = {.messages = 9, .dkim_aligned = 5, .last_day = "2026-09-01"}; }
inline void by_srs(SampleFacts& f) {
  f.spf = spf(model::SpfResult::pass, "fwd.example", false);
  f.forwarding = {.srs_forwarder = "fwd.example", .srs_is_of_author = true, .srs_passes_spf = true};
}
inline void by_arc(SampleFacts& f) {
  f.spf = spf(model::SpfResult::pass, "fwd.example", false);
  f.forwarding.arc_passes = true;
  f.forwarding.arc_sealer = "fwd.example";
  f.forwarding.arc_tells_author_passed = true;
}
inline void by_list(SampleFacts& f) {
  f.spf = spf(model::SpfResult::pass, "lists.example", false);
  f.forwarding.list = "talk.lists.example";
  f.forwarding.is_list_vouched_for = true;
}
inline void spf_passes(SampleFacts& f) { f.spf = spf(model::SpfResult::pass, "example.com", true); }

struct Case {
  const char* rule;
  std::vector<Edit> changes;
  Verdict verdict;
  Reason reason;
  Confidence confidence;
};

// What passes, and what is broken of a signature.
const std::vector<Case>& signature_cases();
// What cannot be judged, who vouches for the mail, and where it comes from.
const std::vector<Case>& source_cases();

}  // namespace ruaudit::verify::failure::test
