// The records about encryption on the way to a domain: MTA-STS with its policy file (RFC 8461),
// TLS-RPT (RFC 8460), and the TLSA records of the mail hosts (DANE; RFC 6698, 7671, 7672).
#pragma once
#include <string>

#include "assess/records/answers.hpp"
#include "assess/records/finding.hpp"
#include "assess/records/hosts.hpp"
#include "assess/records/inquiry.hpp"

namespace ruaudit::assess::records {

// `takes_mail`: an absent record is told only where mail is accepted.
[[nodiscard]] Findings check_mta_sts(const Inquiry& inquiry, const MxState& mx, bool takes_mail, Answers& answers);
[[nodiscard]] Findings check_tls_rpt(const Inquiry& inquiry, bool takes_mail, Answers& answers);

struct DaneState {
  Findings findings{};
  bool is_published = false;  // some mail host has TLSA records
};
// Whether the records fit the certificate that a host shows is not looked at: nothing but DNS is asked.
[[nodiscard]] DaneState check_dane(const Inquiry& inquiry, const MxState& mx, Answers& answers);

}  // namespace ruaudit::assess::records
