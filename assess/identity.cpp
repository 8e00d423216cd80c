#include "assess/identity.hpp"

#include <algorithm>
#include <unordered_map>

#include "assess/domain_text.hpp"

namespace ruaudit::assess {
namespace {

// Votes of messages for services.
using Votes = std::map<const Service*, std::pair<std::int64_t, std::string>>;

// `why()` tells what names it.
template <class Why>
void vote(Votes& votes, const Service* service, std::int64_t messages, const Why& why) {
  if (service == nullptr || service->is_network_only()) return;
  auto& entry = votes[service];
  entry.first += messages;
  if (entry.second.empty()) entry.second = why();
}

// The one with most messages; a service in front of a carrier that has votes too wins over the carrier.
Naming winner(const Votes& votes) {
  Naming best;
  std::int64_t most = -1;
  for (const auto& [service, entry] : votes) {
    const bool is_front = best.service != nullptr && service->rides_on(*best.service);
    const bool is_carrier = best.service != nullptr && best.service->rides_on(*service);
    if (is_carrier || (!is_front && entry.first <= most)) continue;
    best = {service, entry.second};
    most = std::max(most, entry.first);
  }
  return best;
}

std::string include_of(std::string_view term) {
  for (const std::string_view head : {"include:", "redirect="})
    if (const auto at = term.find(head); at != std::string_view::npos)
      return std::string(term.substr(at + head.size()));
  return {};
}

// "static-192-0-2-7.example.net": all four octets of the address stand in the name, in either order.
bool is_named_after(std::string_view host, const std::string& address) {
  if (address.find(':') != std::string::npos) return false;
  std::vector<std::string> octets(1), numbers(1);
  for (const char c : address) {
    if (c == '.')
      octets.emplace_back();
    else
      octets.back() += c;
  }
  for (const char c : host)
    if (c >= '0' && c <= '9')
      numbers.back() += c;
    else if (!numbers.back().empty())
      numbers.emplace_back();
  std::sort(octets.begin(), octets.end());
  std::sort(numbers.begin(), numbers.end());
  return std::includes(numbers.begin(), numbers.end(), octets.begin(), octets.end());
}

class Identifier {
 public:
  explicit Identifier(Scene& scene) : scene_(scene) {}

  void run() {
    const auto count = scene_.facts.sources.size();
    scene_.identities.resize(count);
    network_.resize(count);
    signer_.resize(count);
    foreign_.resize(count);
    read_owner_hosts();
    for (const Stream& stream : scene_.streams) take_stream(stream);
    for (std::uint32_t source = 0; source < count; ++source) settle(source);
  }

 private:
  // Addresses of hosts in the owner's zones: what his MX and domain names lead to.
  void read_owner_hosts() {
    for (const auto& record : scene_.facts.records) {
      if (record.type != model::DnsRecordType::address || !owner_of(record.name, scene_.owner_domains)) continue;
      std::string_view rest = record.text;
      while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        owner_hosts_.try_emplace(std::string(line), record.name);
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      }
    }
  }

  void take_stream(const Stream& stream) {
    const PatternView& view = scene_.views[stream.pattern];
    Identity& identity = scene_.identities[stream.source];
    identity.messages += stream.trusted;
    if (view.spf_aligned) identity.spf_aligned += stream.trusted;
    if (!view.spf_pass.empty()) {
      foreign_[stream.source][view.spf_pass] += stream.trusted;
      vote(network_[stream.source], view.spf_pass_service, stream.trusted,
           [&] { return "SPF passes for its return path " + view.spf_pass; });
    }
    for (std::size_t i = 0; i < view.foreign_pass.size(); ++i)
      vote(signer_[stream.source], view.foreign_pass_services[i], stream.trusted,
           [&] { return "DKIM passes for its domain " + view.foreign_pass[i]; });
    for (std::size_t i = 0; i < view.own_pass.size(); ++i)
      vote(signer_[stream.source], view.own_pass_services[i], stream.trusted, [&] {
        const auto& key = view.own_pass[i];
        return "DKIM passes with the key " + key.selector + "._domainkey." + key.domain +
               ", which your DNS points into it";
      });
  }

  void settle(std::uint32_t source) {
    const auto& fact = scene_.facts.sources[source];
    Identity& identity = scene_.identities[source];
    for (const auto& name : fact.names) take_name(source, name);
    if (const auto own = owner_hosts_.find(fact.address); own != owner_hosts_.end() && identity.owner_host.empty())
      identity.owner_host = own->second;
    for (const auto& spf : fact.spf) take_spf(source, spf);
    identity.network = winner(network_[source]);
    identity.signer = winner(signer_[source]);
    const auto& foreign = foreign_[source];
    const auto most = std::max_element(foreign.begin(), foreign.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most != foreign.end()) identity.spf_pass = most->first;
  }

  void take_name(std::uint32_t source, const model::ReverseName& name) {
    if (!name.is_confirmed) return;
    Identity& identity = scene_.identities[source];
    if (identity.host.empty()) identity.host = name.name;
    if (identity.owner_host.empty() && owner_of(name.name, scene_.owner_domains)) identity.owner_host = name.name;
    if (is_named_after(name.name, scene_.facts.sources[source].address)) return;
    // Whose host it is weighs more than any return path.
    vote(network_[source], scene_.services.by_domain(name.name).service, identity.messages + 1,
         [&] { return "its reverse name " + name.name + " leads back to it"; });
  }

  void take_spf(std::uint32_t source, const model::SpfToday& spf) {
    if (spf.term.empty() || !owner_of(spf.domain, scene_.owner_domains)) return;
    Identity& identity = scene_.identities[source];
    const auto include = include_of(spf.term);
    if (include.empty()) {
      identity.direct_term = spf.term;
      return;
    }
    const auto match = scene_.services.by_domain(include);
    if (network_[source].empty())
      vote(network_[source], match.service, identity.spf_aligned,
           [&] { return "your SPF record includes " + include + ", which lists the address"; });
  }

  Scene& scene_;
  std::vector<Votes> network_, signer_;
  std::vector<std::map<std::string, std::int64_t>> foreign_;
  std::unordered_map<std::string, std::string> owner_hosts_;
};

}  // namespace

std::vector<Stream> streams_of(const model::SenderFacts& facts) {
  std::vector<std::int64_t> proved(facts.domains.size(), 0);  // rows that are, less those that are not
  for (const auto& day : facts.days) {
    if (day.trust == model::ReportTrust::authenticated) ++proved[day.domain];
    if (day.trust == model::ReportTrust::unauthenticated) --proved[day.domain];
  }
  std::vector<Stream> streams;
  streams.reserve(facts.days.streams().size());
  for (const auto& one : facts.days.streams()) {
    Stream& stream =
        streams.emplace_back(Stream{one.domain, one.source, one.pattern, static_cast<std::uint32_t>(streams.size())});
    for (const auto& day : facts.days.days(one)) {
      stream.messages += day.messages;
      const bool is_doubtful = day.trust == model::ReportTrust::unauthenticated && proved[day.domain] > 0;
      if (!is_doubtful) stream.trusted += day.messages;
      stream.reporters |= day.reporters;
    }
  }
  return streams;
}

namespace {

void name_services(const Scene& scene, PatternView& view) {
  if (!view.spf_pass.empty()) view.spf_pass_service = scene.services.by_domain(view.spf_pass).service;
  for (const auto& domain : view.foreign_pass)
    view.foreign_pass_services.push_back(scene.services.by_domain(domain).service);
  for (const auto& key : view.own_pass) {
    const auto found = scene.key_service.find(key);
    view.own_pass_services.push_back(found == scene.key_service.end() ? nullptr : found->second);
  }
}

}  // namespace

Scene scene_of(const model::SenderFacts& facts, const ServiceTable& services, std::vector<std::string> owner_domains) {
  Scene scene{.facts = facts,
              .services = services,
              .owner_domains = std::move(owner_domains),
              .views = {},
              .streams = streams_of(facts),
              .identities = {},
              .key_service = {}};
  for (const auto& domain : facts.domains) scene.owner_domains.push_back(domain);
  scene.views.reserve(facts.patterns.size());
  for (const auto& pattern : facts.patterns) scene.views.push_back(view_of(pattern, scene.owner_domains));
  for (const auto& record : facts.records) {
    const auto middle = record.name.find("._domainkey.");
    if (record.type != model::DnsRecordType::dkim || record.target.empty() || middle == std::string::npos) continue;
    const auto match = services.by_domain(record.target);
    if (match.service != nullptr)
      scene.key_service[{record.name.substr(middle + 12), record.name.substr(0, middle)}] = match.service;
  }
  for (auto& view : scene.views) name_services(scene, view);
  Identifier(scene).run();
  return scene;
}

}  // namespace ruaudit::assess
