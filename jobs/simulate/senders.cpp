#include "jobs/simulate/senders.hpp"

#include <algorithm>
#include <unordered_map>

#include "assess/services.hpp"
#include "assess/source_class.hpp"
#include "jobs/digest/source_roles.hpp"
#include "store/facts/replay.hpp"
#include "store/facts/sender_facts.hpp"

namespace ruaudit::jobs {
namespace {

using assess::simulate::SenderName;
using simulation = model::simulation::Sender;
using Senders = assess::simulate::Sum::Senders;
using Places = std::unordered_map<std::string, std::uint32_t>;

simulation sender_of(assess::Role role) {
  switch (role) {
    case assess::Role::own_server:
      return simulation::own_server;
    case assess::Role::service:
      return simulation::service;
    case assess::Role::forwarder:
      return simulation::forwarder;
    case assess::Role::mailing_list:
      return simulation::mailing_list;
    case assess::Role::stranger:
      break;
  }
  return simulation::stranger;
}

simulation sender_of(assess::SenderClass is) {
  switch (is) {
    case assess::SenderClass::own_server:
      return simulation::own_server;
    case assess::SenderClass::service:
      return simulation::service;
    case assess::SenderClass::forwarder:
      return simulation::forwarder;
    case assess::SenderClass::mailing_list:
      return simulation::mailing_list;
    case assess::SenderClass::stranger:
      break;
  }
  return simulation::stranger;
}

Places places_of(const std::vector<std::string>& texts) {
  Places places;
  for (std::size_t i = 0; i < texts.size(); ++i) places[texts[i]] = static_cast<std::uint32_t>(i);
  return places;
}

class Finder {
 public:
  explicit Finder(const model::Replay& replay)
      : domains_(places_of(replay.domains)), sources_(places_of(replay.sources)) {}

  void take(const std::string& domain, const std::string& address, SenderName name) {
    const auto in = domains_.find(domain);
    const auto at = sources_.find(address);
    if (in == domains_.end() || at == sources_.end()) return;
    senders[std::uint64_t{in->second} << 32U | at->second] = std::move(name);
  }
  Senders senders;

 private:
  Places domains_, sources_;
};

std::string shown_name(simulation sender, const std::string& service, const std::string& name) {
  if (sender == simulation::service && !service.empty()) return service;
  return sender == simulation::stranger || sender == simulation::own_server ? std::string() : name;
}

bool is_complete(const model::Replay& replay, const Senders& senders) {
  return std::all_of(replay.groups.begin(), replay.groups.end(), [&](const auto& group) {
    return senders.contains(std::uint64_t{group.domain} << 32U | group.source);
  });
}

}  // namespace

bool is_service_named(const assess::ServiceTable& services, const std::string& service, const std::string& word) {
  const auto* row = services.by_name(service);
  if (row != nullptr && row->is_known_as(word)) return true;
  return std::equal(service.begin(), service.end(), word.begin(), word.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

model::Result<Senders> senders_of(const model::Replay& replay, const SimulateRequest& request,
                                  const assess::ServiceTable& services) {
  Finder finder(replay);
  TRY(const auto judged, store::judged_sources(request.database, replay.domains));
  for (const auto& source : judged)
    if (const auto is = model::parse_enum<assess::Class>(source.is)) {
      const auto sender = sender_of(assess::role_of(*is));
      finder.take(source.domain, source.address, {sender, shown_name(sender, source.service, source.name)});
    }
  if (is_complete(replay, finder.senders)) return std::move(finder.senders);
  TRY(auto database, store::Database::open({.path = request.database, .access = store::Access::read_only}));
  TRY(const auto facts,
      store::read_sender_facts(database, {.first_day = request.first_day, .last_day = request.last_day}));
  std::vector<assess::ClassedSource> roles;
  assess::classify(facts, services, {.domains = request.own_domains},
                   [&](const auto& classes) { add_source_roles(classes, roles); });
  for (const auto& role : roles) {
    if (!role.patterns.empty()) continue;  // a part of an address; what most of it is stands for it
    const auto sender = sender_of(role.of);
    finder.take(facts.domains[role.domain], facts.sources[role.source].address,
                {sender, shown_name(sender, role.name, role.name)});
  }
  return std::move(finder.senders);
}

}  // namespace ruaudit::jobs
