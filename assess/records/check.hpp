// All rules of `ruaudit check` over one domain: an Inquiry and the answers of DNS enter, findings, the SPF tree and a
// grade leave. Pure: what is not among the answers becomes an open question of `answers`; a result is final once none
// is open.
#pragma once
#include <string>
#include <vector>

#include "assess/records/answers.hpp"
#include "assess/records/inquiry.hpp"
#include "model/dns_check.hpp"

namespace ruaudit::assess::records {

[[nodiscard]] model::records::CheckReport check(const Inquiry& inquiry, Answers& answers);

}  // namespace ruaudit::assess::records
