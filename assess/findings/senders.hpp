// Who sends for a policy domain, with every line of mail that counts: the rows of SenderFacts grouped into senders. A
// sender is a service by its name, all own servers, a forwarder or list by its name, or one strange address. Reports
// that must not be trusted are left out, and what only one receiver could not check counts as not known.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "assess/findings/segments.hpp"
#include "assess/findings/situation.hpp"

namespace ruaudit::assess {

enum class Check : std::uint8_t { pass, fail, unknown };
struct Checks {
  Check dkim = Check::unknown, spf = Check::unknown;
};
Checks checks_of(const model::AuthPattern& pattern, const std::string& domain);

// Whether mail of this pattern passes DMARC for the policy domain: it fails only where both mechanisms are known to.
Check dmarc_of(const model::AuthPattern& pattern, const std::string& domain);

struct Line {  // messages of one day, address and pattern; 32 octets, since there are many
  Day day = 0;
  std::uint32_t source = 0, pattern = 0;
  Check dkim = Check::fail, spf = Check::fail;
  bool is_harmed = false;  // quarantined or rejected
  std::int64_t messages = 0;
  std::uint64_t reporters = 0;  // bits, as in model::StreamDay
  [[nodiscard]] bool passes() const { return dkim == Check::pass || spf == Check::pass; }
  [[nodiscard]] bool fails() const { return dkim == Check::fail && spf == Check::fail; }
};

struct Sender {
  std::uint32_t domain = 0;
  SenderClass of = SenderClass::stranger;
  std::string name{};         // as ClassedSource
  std::vector<Line> lines{};  // by day
  std::vector<const ClassedSource*> sources{};
  [[nodiscard]] bool is_owners() const { return of == SenderClass::own_server || of == SenderClass::service; }
};

// Of each domain, what its addresses are.
std::vector<std::vector<const ClassedSource*>> classes_by_domain(const Situation& situation);

// The senders of one domain. `only_proven`: reports that do not prove where they come from are left out.
std::vector<Sender> group_senders(const Situation& situation, std::uint32_t domain,
                                  const std::vector<const ClassedSource*>& classes, bool only_proven);

// The lines of one address, in the order of the sender's.
class Part {
 public:
  class Iterator {
   public:
    Iterator(const Part& part, std::size_t at) : part_(part), at_(at) {}
    const Line& operator*() const { return part_[at_]; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at_ != other.at_; }

   private:
    const Part& part_;
    std::size_t at_;
  };
  Part(const std::vector<Line>& lines, std::span<const std::uint32_t> places) : lines_(lines), places_(places) {}
  [[nodiscard]] std::size_t size() const { return places_.size(); }
  const Line& operator[](std::size_t i) const { return lines_[places_[i]]; }
  [[nodiscard]] const Line& front() const { return (*this)[0]; }
  [[nodiscard]] const Line& back() const { return (*this)[size() - 1]; }
  [[nodiscard]] std::uint32_t source() const { return front().source; }
  [[nodiscard]] Iterator begin() const { return {*this, 0}; }
  [[nodiscard]] Iterator end() const { return {*this, size()}; }

 private:
  const std::vector<Line>& lines_;
  std::span<const std::uint32_t> places_;
};

// A sender's mail address by address, in the order of their places. It points into the sender.
class Parts {
 public:
  explicit Parts(const Sender& sender);
  [[nodiscard]] std::size_t size() const { return firsts_.size(); }
  Part operator[](std::size_t i) const {
    const std::size_t end = i + 1 < firsts_.size() ? firsts_[i + 1] : places_.size();
    return {lines_, std::span(places_).subspan(firsts_[i], end - firsts_[i])};
  }
  [[nodiscard]] Part of(std::uint32_t source) const;  // one that the sender has

 private:
  const std::vector<Line>& lines_;
  std::vector<std::uint32_t> places_;  // of lines, by source
  std::vector<std::uint32_t> firsts_;  // of each source
};

// Sums per day of the lines that `take` wants; good and bad as `check` says, what is unknown counts as neither.
template <class Lines, class Take, class Judge>
std::vector<DayCount> series(const Lines& lines, const Take& take, const Judge& check) {
  std::vector<DayCount> days;
  for (const Line& line : lines) {
    const Check result = check(line);
    if (result == Check::unknown || !take(line)) continue;
    if (days.empty() || days.back().day != line.day) days.push_back({line.day, 0, 0});
    (result == Check::pass ? days.back().good : days.back().bad) += line.messages;
  }
  return days;
}

using LineTest = std::function<bool(const Line&)>;

template <class Take>
std::int64_t count_messages(const Sender& sender, const Take& take) {
  std::int64_t sum = 0;
  for (const Line& line : sender.lines)
    if (take(line)) sum += line.messages;
  return sum;
}

// The addresses of these lines, busiest first.
std::vector<std::uint32_t> busiest(const Sender& sender, const LineTest& take);

const ClassedSource* classed(const Sender& sender, std::uint32_t source);

// Where an address is at home: of IPv6 the /64, which one host has to itself and in which it changes its address every
// day (RFC 8981); of IPv4 the address.
std::string place_of(const std::string& address);

}  // namespace ruaudit::assess
