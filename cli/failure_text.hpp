// One failure report in full: what was concluded and why, claim beside result, every signature, the way through SPF,
// the ARC chain, evidence and differences. As text of 80 columns, as JSON, and as the members of an evidence bundle.
// Stored values enter, text leaves; text of reports, of mails and of DNS in it is made harmless. Pure.
#pragma once
#include <string>
#include <vector>

#include "report/bundle.hpp"
#include "store/failure/queries.hpp"

namespace ruaudit::cli {

struct FailureInFull {
  store::FailureRow row;
  std::vector<store::FailureClaimRow> claims{};
  std::vector<store::KeptEvidenceLine> evidence{};
  std::vector<std::string> answers{};  // of DNS, JSON
  std::string sample{};                // octets as far as they are kept
};

std::string failure_text(const FailureInFull& full);
std::string failure_json_text(const FailureInFull& full);
std::vector<report::BundleMember> bundle_members(const FailureInFull& full);

}  // namespace ruaudit::cli
