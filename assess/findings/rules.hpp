// The rules about senders, one function a family of kinds, and what they share: the senders, the days that are covered
// and the wording. Rules and thresholds: docs/conclusions.md.
#pragma once
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "assess/findings/coverage.hpp"
#include "assess/findings/intake.hpp"
#include "assess/findings/reported.hpp"
#include "assess/findings/senders.hpp"
#include "model/finding.hpp"
#include "model/sentence.hpp"

namespace ruaudit::assess {

struct Matter {
  const Situation& situation;
  const std::vector<Sender>& senders;  // of the domain
  std::uint32_t domain = 0;            // its place in the facts
  const Coverage& coverage;            // of the domain
  const Reported& reported;
  Day today = 0;   // the day that is judged
  Day learnt = 0;  // as first_learnt()
};

using Findings = std::vector<model::Finding>;

Findings mechanism_findings(const Matter& of);  // dkim_broken, spf_broken
Findings alignment_findings(const Matter& of);  // sender_unaligned, own_mail_harmed
Findings newcomer_findings(const Matter& of);   // new_sender, forwarding
Findings volume_findings(const Matter& of);     // sender_gone, volume_jump
Findings stranger_findings(const Matter& of);   // unknown_steady
Findings wave_findings(const Matter& of);       // spoofing_wave, subdomain_abuse, parked_abuse

inline constexpr Day baseline_days = 3;  // in which everything is new

// ------------------------------------------------------------------ wording

const std::string& domain_of(const Matter& of, const Sender& sender);
const std::string& address_of(const Matter& of, std::uint32_t source);
// Its IPv6 addresses without a host name: those that a host changes within its network.
std::unordered_set<std::uint32_t> nameless_v6(const Matter& of, const Sender& sender);
// Of each address the first day with mail from it; of an IPv6 host without a name, which often has another address
// every day, that of its network. Who passes SPF there is not who does not.
std::unordered_map<std::uint32_t, Day> first_days(const Matter& of, const Sender& sender);
// The address, or the network of an IPv6 host without a name: in ids.
std::string home_of(const Matter& of, const Sender& sender, std::uint32_t source);
// A finding of this kind about the sender, its addresses and id filled in; `lane` tells findings of one sender apart.
model::Finding finding_about(const Matter& of, const Sender& sender, model::FindingKind kind,
                             const std::vector<std::uint32_t>& sources, const std::string& lane = {});
// "Zendesk", "web1.example.org (192.0.2.10)", "198.51.100.7", "2001:db8:1:2::/64".
model::Sentence called(const Matter& of, const Sender& sender, const std::vector<std::uint32_t>& sources);
// Whether it is called by one name: a service, one address, or the network of one IPv6 host.
bool is_one(const Matter& of, const Sender& sender, const std::vector<std::uint32_t>& sources);
// The domain of somebody else in which most of this mail has its return path; "" where most has it in the owner's, or
// nowhere that is told.
std::string foreign_return_path(const Matter& of, std::span<const Line> lines, const std::string& domain);
model::ShareOf share_text(std::int64_t part, std::int64_t whole);
model::Sentence messages_text(std::int64_t count);  // "1 message", "1,234 messages"
model::Sentence days_text(std::size_t count);
model::DayOf day_of(Day day);

// ------------------------------------------------------------------ statistics

// Bounds of a share at 95 % (Wilson score interval).
struct Interval {
  double low = 0, high = 1;
};
Interval share_interval(std::int64_t part, std::int64_t whole);

// When something that comes in a rhythm has been silent for longer than that explains: days without it that were
// covered, against the longest pause before.
bool has_ended(const Coverage& coverage, Day today, const std::vector<Day>& days_with_it);

}  // namespace ruaudit::assess
