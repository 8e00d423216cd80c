#include "assess/co_signers.hpp"

#include <algorithm>

#include "assess/domain_text.hpp"

namespace ruaudit::assess {
namespace {

constexpr std::size_t enough_senders = 3;

}  // namespace

CoSigners::CoSigners(const Scene& scene) {
  for (const Stream& stream : scene.streams) take(scene, stream);
}

void CoSigners::take(const Scene& scene, const Stream& stream) {
  const PatternView& view = scene.views[stream.pattern];
  if (stream.trusted == 0) return;
  const Service* service = nullptr;
  for (const auto* one : view.foreign_pass_services)
    if (service == nullptr) service = one;
  if (service == nullptr) return;
  const bool is_owners = view.dkim_aligned && view.spf_aligned;  // either alone may have been passed on
  if (is_owners) for_owner_[service] += stream.trusted;
  for (const auto& domain : view.foreign_pass) {
    if (scene.services.by_domain(domain).service != nullptr) continue;
    Seen& seen = seen_[service][domain];
    if (is_owners) seen.for_owner += stream.trusted;
    const auto add = [&](const std::string& sender) {
      const bool is_other = !sender.empty() && !are_related(sender, domain) &&
                            scene.services.by_domain(sender).service == nullptr &&
                            std::none_of(seen.senders.begin(), seen.senders.end(),
                                         [&](const auto& one) { return are_related(one, sender); });
      if (is_other) seen.senders.insert(sender);
    };
    for (const auto& other : view.foreign_pass) add(other);
    add(view.spf_pass);
    for (const auto& key : view.own_pass) add(key.domain);
  }
}

bool CoSigners::has(const Service* service, std::string_view domain) const {
  const auto at = seen_.find(service);
  if (at == seen_.end()) return false;
  const auto found = at->second.find(domain);
  if (found == at->second.end()) return false;
  const Seen& seen = found->second;
  if (seen.senders.size() >= enough_senders) return true;
  const auto all = for_owner_.find(service);
  return seen.for_owner > 0 && all != for_owner_.end() && 2 * seen.for_owner >= all->second;
}

}  // namespace ruaudit::assess
