// The records about encryption on the way to a domain: MTA-STS with its policy file (RFC 8461) and TLS-RPT (RFC 8460).
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

}  // namespace ruaudit::assess::records
