// The SPF part of a check: the record of a domain and everything it leads to, judged without any message, and the mail
// hosts of the domain evaluated by the real engine (RFC 7208).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "assess/records/answers.hpp"
#include "assess/records/finding.hpp"
#include "assess/records/inquiry.hpp"
#include "assess/records/spf/tree.hpp"

namespace ruaudit::assess::records {

struct SpfState {
  Findings findings{};
  std::optional<Branch> root{};
  bool is_usable = false;   // some sender can pass
  bool is_parked = false;   // the record is exactly "v=spf1 -all"
  bool is_unknown = false;  // DNS did not tell
};

[[nodiscard]] SpfState check_spf(const Inquiry& inquiry, Answers& answers);

// spf_fix.cpp: what an owner's record must be so that it authorises what it was meant to.
struct SpfRepair {
  std::string domain{};              // owner of the record
  std::string mail_domain{};         // whose MX hosts send; the domain that is checked
  std::vector<RecordText> texts{};   // several are merged; empty: a new record
  std::vector<Network> additions{};  // to be authorised besides
  unsigned depth = 0;                // of records behind the one that is checked
};
// Nothing: no record can be offered.
[[nodiscard]] std::optional<std::string> repaired_spf(const SpfRepair& repair, Answers& answers);

}  // namespace ruaudit::assess::records
