// Why a mechanism of a sender broke, as the nightly snapshots of DNS tell it. Nothing is said about what was not looked
// at: a record is unchanged only if it was known before and looked at since.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "assess/findings/situation.hpp"
#include "model/finding.hpp"

namespace ruaudit::assess {

enum class DnsAccount : std::uint8_t {
  changed,        // a change of the cause's record was seen at that time
  missing,        // the cause's record is not there (any more), or cannot be used
  never_there,    // signed with a key that DNS does not have, and with which nothing passed before
  unchanged,      // known before, looked at since, and the same
  kept,           // known before, looked at since, and with all that it had
  unknown,        // not looked at before or since, or the name is not told
  not_concerned,  // the mail names no record of the owner's any more
};

struct Reason {
  DnsAccount account = DnsAccount::unknown;
  std::optional<model::FindingCause> cause{};
  std::string name{};       // the record that most failing mail names
  bool is_revoked = false;  // the key is there and says that it was withdrawn: p= is empty
};

// Names are keys (SELECTOR._domainkey.DOMAIN) or SPF domains, only of the owner's.
struct BrokenNames {
  bool is_dkim = true;
  std::set<std::string> passing{};                // with which mail passed before; of DKIM
  std::map<std::string, std::int64_t> failing{};  // messages by what they name since
  std::int64_t messages = 0;                      // that fail since
  Day last_good = 0, first_bad = 0;
};

Reason reason_of(const Situation& situation, const BrokenNames& names);

// The evidence of it. `domain`: the owner's.
model::Sentence told_by_dns(const Reason& reason, bool is_dkim, const std::string& domain);

std::string selector_in(const std::string& key_name);

}  // namespace ruaudit::assess
