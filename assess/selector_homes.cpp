#include "assess/selector_homes.hpp"

#include "model/ip_address.hpp"

namespace ruaudit::assess {

std::string network_of(const std::string& address) {
  const auto parsed = model::IpAddress::parse(address);
  if (!parsed) return address;
  const auto& key = parsed->key();
  return {reinterpret_cast<const char*>(key.data()), parsed->is_v4() ? std::size_t{15} : std::size_t{8}};
}

SelectorHomes::SelectorHomes(const Scene& scene) : scene_(scene) {
  for (const Stream& stream : scene.streams) take(stream);
  for (auto& [key, home] : homes_) find_home(key, home);
}

void SelectorHomes::take(const Stream& stream) {
  const PatternView& view = scene_.views[stream.pattern];
  if (stream.trusted == 0) return;
  for (const auto& key : view.own_pass) {
    Home& home = homes_[key];
    home.messages += stream.trusted;
    home.by_source[stream.source] += stream.trusted;
    if (view.spf_aligned) with_spf_[key][stream.source] += stream.trusted;
  }
}

// The strongest proof that any source of the key has decides what proof its home needs.
void SelectorHomes::find_home(const KeyName& key, Home& home) {
  const auto add = [&](std::uint32_t source) {
    if (!home.sources.insert(source).second) return;
    home.home_messages += home.by_source[source];
    home.networks.insert(network_of(scene_.facts.sources[source].address));
    if (const auto* service = scene_.identities[source].network.service) home.services.insert(service);
  };
  for (const auto& [source, messages] : with_spf_[key]) add(source);
  const auto target = scene_.key_service.find(key);
  for (const auto& [source, messages] : home.by_source) {
    const Identity& identity = scene_.identities[source];
    const bool is_target = target != scene_.key_service.end() && identity.network.service == target->second;
    if (is_target || !identity.owner_host.empty()) add(source);
  }
  if (home.is_known()) return;
  // A key without aligned SPF anywhere: the service that sends most with it holds it.
  std::map<const Service*, std::int64_t> by_service;
  for (const auto& [source, messages] : home.by_source)
    if (const auto* service = scene_.identities[source].network.service) by_service[service] += messages;
  const Service* most = nullptr;
  for (const auto& [service, messages] : by_service)
    if (most == nullptr || messages > by_service[most]) most = service;
  if (most == nullptr || by_service[most] * 2 < home.messages) return;
  for (const auto& [source, messages] : home.by_source)
    if (scene_.identities[source].network.service == most) add(source);
}

const Home* SelectorHomes::find(const KeyName& key) const {
  const auto found = homes_.find(key);
  return found == homes_.end() ? nullptr : &found->second;
}

bool SelectorHomes::is_at_home(const Home& home, std::uint32_t source) const {
  if (home.sources.contains(source)) return true;
  const auto* service = scene_.identities[source].network.service;
  if (service != nullptr) return home.services.contains(service);
  return home.networks.contains(network_of(scene_.facts.sources[source].address));
}

bool SelectorHomes::has_known(const std::vector<KeyName>& keys) const {
  for (const auto& key : keys)
    if (homes_.contains(key)) return true;
  return false;
}

}  // namespace ruaudit::assess
