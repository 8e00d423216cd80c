// All that judgement rests on at one moment: the facts, what every address is, what the owner configured, and the day
// that is judged. A value made by `jobs`; the rules of this folder read it and nothing else.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/facts/intake_facts.hpp"
#include "model/facts/sender_facts.hpp"
#include "model/facts/tls_facts.hpp"

namespace ruaudit::assess {

using Day = std::int32_t;

// What an address is for one policy domain (docs/conclusions.md).
enum class SenderClass : std::uint8_t { own_server, service, forwarder, mailing_list, stranger };

struct ClassedSource {
  std::uint32_t domain = 0, source = 0;  // places in SenderFacts
  SenderClass of = SenderClass::stranger;
  std::string name;  // of the service, forwarder or list; "" where not known
  std::string host;  // a host name that leads back to the address; "" where there is none
  // The patterns that it is about; empty: all of the address that no other entry names.
  std::vector<std::uint32_t> patterns{};
};

struct Situation {
  const model::SenderFacts* facts = nullptr;
  const model::IntakeFacts* intake = nullptr;
  const model::TlsFacts* tls = nullptr;  // may be absent
  std::vector<ClassedSource> classes;  // per domain and source: what most of it is, and what else is proved to be in it
  std::vector<std::string> own_domains, parked_domains;  // as configured; no own ones: every reported domain
  std::vector<std::string> report_addresses;             // rua, as configured
  std::int64_t now = 0;
  std::int64_t told_until = 0;  // time of the last digest that was delivered; what came since is news
};

// The first day of news: of the last two nights, or of all since the last digest where nights were missed.
Day first_news(const Situation& situation);

// The last complete day before `now`.
Day judged_day(const Situation& situation);
// The day a snapshot or a visit at this time tells about: the one that was running half a day before.
Day day_seen_at(std::int64_t time);
std::string text_of_day(Day day);

}  // namespace ruaudit::assess
