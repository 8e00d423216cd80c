#include "assess/selector_homes.hpp"

#include <algorithm>
#include <tuple>

#include "model/ip_address.hpp"

namespace ruaudit::assess {

std::string network_of(const std::string& address) {
  const auto parsed = model::IpAddress::parse(address);
  if (!parsed) return address;
  const auto& key = parsed->key();
  return {reinterpret_cast<const char*>(key.data()), parsed->is_v4() ? std::size_t{15} : std::size_t{8}};
}

void SourceSums::finish() {
  std::sort(sums_.begin(), sums_.end());
  std::size_t count = 0;
  for (const Sum& sum : sums_)
    if (count > 0 && sums_[count - 1].first == sum.first)
      sums_[count - 1].second += sum.second;
    else
      sums_[count++] = sum;
  sums_.resize(count);
  sums_.shrink_to_fit();
}

std::int64_t SourceSums::of(std::uint32_t source) const {
  const auto at = std::lower_bound(sums_.begin(), sums_.end(), source,
                                   [](const Sum& sum, std::uint32_t wanted) { return sum.first < wanted; });
  return at != sums_.end() && at->first == source ? at->second : 0;
}

SelectorHomes::SelectorHomes(const Scene& scene)
    : scene_(scene),
      of_pattern_(scene.views.size()),
      has_known_failure_(scene.views.size()),
      networks_(scene.facts.sources.size()) {
  for (const Stream& stream : scene.streams) take(stream);
  for (auto& [key, home] : homes_) find_home(key, home);
  for (std::size_t i = 0; i < scene.views.size(); ++i) {
    of_pattern_[i].clear();  // a key may have passed in other patterns only
    for (const auto& key : scene.views[i].own_pass)
      if (const auto found = homes_.find(key); found != homes_.end()) of_pattern_[i].push_back(&found->second);
    for (const auto& key : scene.views[i].own_fail)
      if (homes_.contains(key)) has_known_failure_[i] = true;
  }
}

void SelectorHomes::take(const Stream& stream) {
  const PatternView& view = scene_.views[stream.pattern];
  if (stream.trusted == 0) return;
  auto& homes = of_pattern_[stream.pattern];
  if (homes.empty())
    for (const auto& key : view.own_pass) homes.push_back(&homes_[key]);
  for (Home* home : homes) {
    home->messages += stream.trusted;
    home->by_source.add(stream.source, stream.trusted);
    if (view.spf_aligned) home->with_spf.add(stream.source, stream.trusted);
  }
}

// The strongest proof that any source of the key has decides what proof its home needs.
void SelectorHomes::find_home(const KeyName& key, Home& home) {
  const auto add = [&](std::uint32_t source) {
    if (!home.sources.insert(source).second) return;
    home.home_messages += home.by_source.of(source);
    home.networks.insert(network(source));
    if (const auto* service = scene_.identities[source].network.service) home.services.insert(service);
  };
  home.by_source.finish();
  home.with_spf.finish();
  home.busiest = *std::max_element(home.by_source.begin(), home.by_source.end(),
                                   [](const auto& a, const auto& b) { return a.second < b.second; });
  for (const auto& [source, messages] : home.with_spf) add(source);
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

const std::string& SelectorHomes::network(std::uint32_t source) const {
  auto& text = networks_[source];
  if (text.empty()) text = network_of(scene_.facts.sources[source].address);
  return text;
}

bool SelectorHomes::has_key(const Stream& stream, const Home& home) const {
  const auto& homes = of_pattern_[stream.pattern];
  return std::find(homes.begin(), homes.end(), &home) != homes.end();
}

namespace {

// As streams_of() has it: a report that proves nothing weighs nothing where others of the domain do.
bool weighs(const Stream& stream, const model::StreamDay& day) {
  return stream.trusted == stream.messages || day.trust != model::ReportTrust::unauthenticated;
}

}  // namespace

model::StreamDays::Days SelectorHomes::days_of(const Stream& stream) const {
  const auto& days = scene_.facts.days;
  return days.days(days.streams()[stream.place]);
}

const SelectorHomes::DaySums& SelectorHomes::days_at_home(const Home& home) const {
  const auto [found, is_new] = days_at_home_.try_emplace(&home);
  if (!is_new) return found->second;
  for (const Stream& stream : scene_.streams)
    if (home.sources.contains(stream.source) && has_key(stream, home))
      for (const auto& day : days_of(stream))
        if (weighs(stream, day)) found->second[day.day] += day.messages;
  return found->second;
}

SelectorHomes::Beside SelectorHomes::beside_home(const Home& home, const Stream& stream) const {
  const auto [found, is_new] = beside_.try_emplace({&home, stream.domain, stream.source});
  if (is_new) found->second = find_beside(home, stream);
  return found->second;
}

SelectorHomes::Beside SelectorHomes::find_beside(const Home& home, const Stream& stream) const {
  const auto& streams = scene_.streams;
  const auto of_source = std::equal_range(streams.begin(), streams.end(), stream, [](const Stream& a, const Stream& b) {
    return std::tie(a.domain, a.source) < std::tie(b.domain, b.source);
  });
  Beside beside;
  std::int64_t mine = 0, others = 0;
  std::set<std::int32_t> days;
  for (auto one = of_source.first; one != of_source.second; ++one) {
    if (!has_key(*one, home)) continue;
    beside.keeps_return_path = beside.keeps_return_path || scene_.views[one->pattern].is_envelope_own;
    for (const auto& day : days_of(*one)) {
      if (!weighs(*one, day)) continue;
      mine += day.messages;
      days.insert(day.day);
    }
  }
  const DaySums& at_home = days_at_home(home);
  for (const auto day : days)
    if (const auto found = at_home.find(day); found != at_home.end()) others += found->second;
  if (mine > 0) beside.share = static_cast<double>(mine) / static_cast<double>(mine + others);
  return beside;
}

bool SelectorHomes::is_at_home(const Home& home, std::uint32_t source) const {
  if (home.sources.contains(source)) return true;
  const auto* service = scene_.identities[source].network.service;
  if (service != nullptr) return home.services.contains(service);
  return home.networks.contains(network(source));
}

}  // namespace ruaudit::assess
