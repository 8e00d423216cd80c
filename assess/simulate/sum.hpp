// The sums of a replay: groups of rows and their decisions enter, one after the other; parts by class and service, and
// lines by address leave. Pure. Memory: one entry for each address with an effect.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/replay.hpp"
#include "model/simulation.hpp"

namespace ruaudit::assess::simulate {

namespace simulation = model::simulation;

struct SenderName {
  simulation::Sender sender = simulation::Sender::unknown;
  std::string name{};
};

class Sum {
 public:
  // `senders`: by Replay::domains place << 32 | Replay::sources place. Both must outlive the Sum.
  using Senders = std::map<std::uint64_t, SenderName>;
  Sum(const model::Replay& replay, const Senders& senders) : replay_(replay), senders_(senders) {}

  void add(std::size_t group, const simulation::Decision& decision);
  // Parts, lines, assumptions and totals; the rest of the result is the caller's.
  void write(simulation::Simulation& out) const;

 private:
  struct Line {
    std::int64_t messages = 0, records = 0, quarantined = 0, rejected = 0;
    std::vector<std::uint64_t> bits{};
    std::map<std::string, std::int64_t> header_froms{}, why{};
  };
  using LineKey = std::pair<std::uint64_t, simulation::Effect>;
  [[nodiscard]] const SenderName& sender_of(std::uint64_t key) const;
  [[nodiscard]] simulation::SourceLine line_of(const LineKey& key, const Line& line) const;

  const model::Replay& replay_;
  const Senders& senders_;
  std::map<std::pair<std::string, std::pair<simulation::Sender, std::string>>, simulation::Part> parts_;
  std::map<std::uint64_t, bool> seen_;
  std::map<LineKey, Line> lines_;
  std::array<simulation::Assumption, simulation::doubt_count> doubts_{};
  std::int64_t messages_ = 0, records_ = 0;
};

}  // namespace ruaudit::assess::simulate
