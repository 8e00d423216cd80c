// One failure report in full: what was concluded and why, claim beside result, every signature, the way through SPF,
// the ARC chain, evidence and differences. As text of 80 columns, as JSON, and as the members of an evidence bundle.
// Stored values enter, text leaves; text of reports, of mails and of DNS in it is made harmless. Pure.
#pragma once
#include <string>
#include <vector>

#include "model/failure_result.hpp"
#include "report/bundle.hpp"

namespace ruaudit::report {

struct FailureInFull {
  model::FailureRow row;
  std::vector<model::FailureClaimRow> claims{};
  std::vector<model::KeptEvidenceLine> evidence{};
  std::vector<std::string> answers{};  // of DNS, JSON
  std::string sample{};                // octets as far as they are kept
};

std::string failure_text(const FailureInFull& full);
std::string failure_json_text(const FailureInFull& full);
std::vector<BundleMember> bundle_members(const FailureInFull& full);

}  // namespace ruaudit::report
