#include "assess/overview/trust.hpp"

namespace ruaudit::assess {

std::vector<std::string> trust_remedies(const model::TrustShare& trust) {
  std::vector<std::string> remedies;
  if (trust.unchecked > 0)
    remedies.emplace_back(
        "reports that were not checked: run 'ruaudit authenticate'; reports read as bare files prove nothing, so read "
        "the mails that carried them");
  if (trust.unauthenticated > 0)
    remedies.emplace_back(
        "mails without proof of their sender: name your receiving server in trusted_authserv_ids, so that its "
        "Authentication-Results count, then run 'ruaudit authenticate'");
  if (trust.indeterminate > 0)
    remedies.emplace_back("DNS did not answer when the mails were checked: run 'ruaudit authenticate' again");
  if (trust.contradicting > 0)
    remedies.emplace_back(
        "rows that contradict themselves: 'ruaudit query --name contradictions' names the reporters; ask them");
  if (trust.unaddressed > 0)
    remedies.emplace_back(
        "rows without a readable address: nobody can say whose mail this is, and no figure counts it; ask the "
        "reporter");
  if (trust.conflicting_reports > 0)
    remedies.emplace_back(
        "reports of which two versions differ: the first counts; ask the reporter which one is right");
  return remedies;
}

}  // namespace ruaudit::assess
