// The BIMI record of a domain (draft-brand-indicators-for-message-identification-10), at its default selector.
#pragma once
#include "assess/records/answers.hpp"
#include "assess/records/dmarc/dmarc.hpp"
#include "assess/records/inquiry.hpp"

namespace ruaudit::assess::records {

[[nodiscard]] Findings check_bimi(const Inquiry& inquiry, const DmarcState& dmarc, Answers& answers);

}  // namespace ruaudit::assess::records
