// What each address proves about itself, whatever it sends: whose host it is, and which service its network belongs to.
// A service is named by what a sender cannot make up alone: a reverse name that leads back, SPF that passes for the
// service's return path, the owner's SPF include of a service that lists the address, DKIM that passes for the service
// or with a key that the owner's DNS points into the service.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "assess/pattern.hpp"
#include "assess/services.hpp"

namespace ruaudit::assess {

// Messages of one policy domain, source and pattern over all days.
struct Stream {
  std::uint32_t domain = 0, source = 0, pattern = 0;
  std::uint32_t place = 0;  // in the streams of the facts' days
  std::int64_t messages = 0;
  std::int64_t trusted = 0;  // of these, in reports that weigh: see streams_of()
  std::uint64_t reporters = 0;
};
// Where most rows of a domain come from reports that proved whose they are, those that did not prove it weigh nothing:
// a forged report may claim millions of messages.
std::vector<Stream> streams_of(const model::SenderFacts& facts);

struct Naming {  // a service and what names it
  const Service* service = nullptr;
  std::string why{};
};

struct Identity {
  std::string host{};  // first confirmed reverse name
  std::string
      owner_host{};  // a confirmed one below a domain of the owner, or a host of the owner's that has this address
  Naming network;    // by reverse name, return path or SPF listing: whose the address is
  Naming signer;     // by DKIM: whose mail it is
  std::int64_t spf_aligned = 0, messages = 0;
  std::string direct_term{};  // of the owner's SPF record that lists the address itself; ""
  std::string spf_pass{};     // domain of others that passed SPF from here most often
};

// Everything that the rules look at, made once.
struct Scene {
  const model::SenderFacts& facts;
  const ServiceTable& services;
  std::vector<std::string> owner_domains;
  std::vector<PatternView> views;  // by pattern
  std::vector<Stream> streams;
  std::vector<Identity> identities;               // by source
  std::map<KeyName, const Service*> key_service;  // keys that the owner's DNS points into a service
};
Scene scene_of(const model::SenderFacts& facts, const ServiceTable& services, std::vector<std::string> owner_domains);

}  // namespace ruaudit::assess
