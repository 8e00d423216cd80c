// Who sends for a policy domain, with every line of mail that counts: the rows of SenderFacts grouped into senders. A
// sender is a service by its name, all own servers, a forwarder or list by its name, or one strange address. Reports
// that must not be believed are left out, and what one receiver alone could not check counts as not known.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "assess/findings/segments.hpp"
#include "assess/findings/situation.hpp"

namespace ruaudit::assess {

enum class Check : std::uint8_t { pass, fail, unknown };

struct Line {  // messages of one day, address and pattern
  Day day = 0;
  std::uint32_t source = 0, pattern = 0;
  std::int64_t messages = 0;
  std::uint64_t reporters = 0;  // bits, as in model::StreamDay
  Check dkim = Check::fail, spf = Check::fail;
  bool is_harmed = false;  // quarantined or rejected
  [[nodiscard]] bool passes() const { return dkim == Check::pass || spf == Check::pass; }
  [[nodiscard]] bool fails() const { return dkim == Check::fail && spf == Check::fail; }
};

struct Sender {
  std::uint32_t domain = 0;
  SenderClass of = SenderClass::stranger;
  std::string name{};         // as ClassedSource
  std::vector<Line> lines{};  // by day
  std::vector<ClassedSource> sources{};
  [[nodiscard]] bool is_owners() const { return of == SenderClass::own_server || of == SenderClass::service; }
};

std::vector<Sender> group_senders(const Situation& situation);

// The same mail address by address, in the order of their places: one pass, since a service has tens of thousands.
std::vector<Sender> parts_by_source(const Sender& sender);

// Sums per day of the lines that `take` wants; good and bad as `check` says, what is unknown counts as neither.
using LineTest = std::function<bool(const Line&)>;
std::vector<DayCount> series(const Sender& sender, const LineTest& take,
                             const std::function<Check(const Line&)>& check);
std::int64_t count_messages(const Sender& sender, const LineTest& take);

// The addresses of these lines, the busiest first.
std::vector<std::uint32_t> busiest(const Sender& sender, const LineTest& take);

const ClassedSource* classed(const Sender& sender, std::uint32_t source);

}  // namespace ruaudit::assess
