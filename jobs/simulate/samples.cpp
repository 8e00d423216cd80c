#include "jobs/simulate/samples.hpp"

#include "assess/domain_text.hpp"
#include "store/failure/queries.hpp"

namespace ruaudit::jobs {
namespace {

// Whether an aligned SPF pass is there: as verified, or again where the change may touch it. Nothing: not known.
std::optional<bool> spf_passes(const model::FailureRow& row, const model::FailureResult& result, PolicyReplay& policies,
                               const SpfReplay* spf, const assess::simulate::Policy& policy) {
  const auto mail_from = row.original_mail_from.value_or("");
  const auto domain =
      mail_from.empty() ? result.spf_domain.value_or("") : std::string(assess::domain_of_address(mail_from));
  const bool is_known = result.spf && *result.spf != "temperror";
  if (spf == nullptr && is_known && *result.spf != "pass") return false;
  if (domain.empty()) return std::nullopt;
  const auto aligned = policies.aligned(domain, *row.header_from, *row.header_from, true).in(policy.aspf);
  if (aligned == false) return false;
  if (spf == nullptr) return is_known ? aligned : std::nullopt;
  const auto ip = model::IpAddress::parse(row.source_ip.value_or(""));
  if (!ip) return std::nullopt;
  const auto anew = spf->check({.ip = *ip, .helo = domain, .mail_from = mail_from.empty() ? domain : mail_from},
                               mail_from.empty(), mail_from.find('@') != std::string::npos);
  if (!anew.is_known()) return std::nullopt;
  return anew.result != model::SpfResult::pass ? std::optional<bool>(false) : aligned;
}

std::optional<bool> dkim_passes(const model::FailureRow& row, const model::FailureResult& result,
                                PolicyReplay& policies, bool removes_keys, const assess::simulate::Policy& policy) {
  if (!result.dkim || *result.dkim == "temperror") return std::nullopt;
  if (*result.dkim != "pass") return false;
  if (removes_keys || !result.dkim_domain) return std::nullopt;  // several signatures may stand behind the best one
  return policies.aligned(*result.dkim_domain, *row.header_from, *row.header_from, true).in(policy.adkim);
}

}  // namespace

model::Result<model::simulation::SampleSums> replay_samples(const SampleRequest& request, PolicyReplay& policies,
                                                            const SpfReplay* spf) {
  model::simulation::SampleSums sums;
  TRY(auto database, store::Database::open({.path = request.database, .access = store::Access::read_only}));
  TRY(const auto rows, store::read_failures(database, {.domains = {request.domain}}));
  for (const auto& row : rows) {
    if (!row.is_judged() || row.day < request.first_day || row.day > request.last_day) continue;
    ++sums.samples;
    if (!row.result || !row.header_from) {
      ++sums.undecided;
      continue;
    }
    const auto policy = policies.policy(*row.header_from, *row.header_from, {.is_rfc9990 = true});
    const auto spf_pass = spf_passes(row, *row.result, policies, spf, policy);
    const auto dkim_pass = dkim_passes(row, *row.result, policies, request.removes_keys, policy);
    if (policy.state != assess::simulate::Policy::State::applies)
      ++sums.undecided;
    else if (spf_pass == true || dkim_pass == true)
      ++sums.would_pass;
    else
      ++(spf_pass && dkim_pass ? sums.would_fail : sums.undecided);
  }
  return sums;
}

}  // namespace ruaudit::jobs
