// Who holds a DKIM key of the owner's, and who only passes on what it signed: the sources from which signatures of a
// selector come together with another proof are its home. A signature travels with the message; such a proof does not.
#pragma once
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <vector>

#include "assess/identity.hpp"

namespace ruaudit::assess {

// Messages by source, in the order of sources once finished.
class SourceSums {
 public:
  using Sum = std::pair<std::uint32_t, std::int64_t>;
  void add(std::uint32_t source, std::int64_t messages) {
    if (sums_.empty() || sums_.back().first != source)
      sums_.emplace_back(source, messages);
    else
      sums_.back().second += messages;
  }
  void finish();
  [[nodiscard]] std::int64_t of(std::uint32_t source) const;  // 0 where it has none
  [[nodiscard]] auto begin() const { return sums_.begin(); }
  [[nodiscard]] auto end() const { return sums_.end(); }

 private:
  std::vector<Sum> sums_;
};

struct Home {
  std::unordered_set<std::uint32_t> sources;
  std::set<const Service*> services;
  std::set<std::string> networks;                  // /24 or /64 of its sources
  std::int64_t home_messages = 0;                  // signed with the key and sent from there
  std::int64_t messages = 0;                       // signed with the key, from anywhere
  SourceSums by_source, with_spf;                  // all, and what passes aligned SPF besides
  std::pair<std::uint32_t, std::int64_t> busiest;  // of by_source
  [[nodiscard]] bool is_known() const { return !sources.empty(); }
};

class SelectorHomes {
 public:
  explicit SelectorHomes(const Scene& scene);
  // Of the pattern's own keys that passed, in their order.
  [[nodiscard]] const std::vector<Home*>& of_pattern(std::uint32_t pattern) const { return of_pattern_[pattern]; }
  // The source is one of the key's home, of its service, or beside it in the network.
  [[nodiscard]] bool is_at_home(const Home& home, std::uint32_t source) const;
  // What the stream's source sends with the key beside its home: the same for all of the source's streams.
  struct Beside {
    double share = 0;                // of what was signed with the key on its days, and sent from home or by it; 0 to 1
    bool keeps_return_path = false;  // some of it has a return path of the owner's
  };
  [[nodiscard]] Beside beside_home(const Home& home, const Stream& stream) const;
  // Any of the pattern's keys that failed passed somewhere: a failing signature with it was made by its holder, or
  // copies his selector.
  [[nodiscard]] bool has_known_failure(std::uint32_t pattern) const { return has_known_failure_[pattern]; }

 private:
  void take(const Stream& stream);
  void find_home(const KeyName& key, Home& home);
  [[nodiscard]] const std::string& network(std::uint32_t source) const;
  [[nodiscard]] bool has_key(const Stream& stream, const Home& home) const;
  [[nodiscard]] model::StreamDays::Days days_of(const Stream& stream) const;
  using DaySums = std::map<std::int32_t, std::int64_t>;
  [[nodiscard]] const DaySums& days_at_home(const Home& home) const;
  const Scene& scene_;
  std::map<KeyName, Home> homes_;
  std::vector<std::vector<Home*>> of_pattern_;
  std::vector<bool> has_known_failure_;
  [[nodiscard]] Beside find_beside(const Home& home, const Stream& stream) const;
  mutable std::map<const Home*, DaySums> days_at_home_;  // of those that were asked for
  mutable std::map<std::tuple<const Home*, std::uint32_t, std::uint32_t>, Beside> beside_;  // home, domain, source
  mutable std::vector<std::string> networks_;  // by source; "" where not asked for yet
};

// "192.0.2" or the first four groups: neighbours share it.
std::string network_of(const std::string& address);

}  // namespace ruaudit::assess
