// SPF of stored rows under the change: which SPF identities of the rows lead through the changed record, and what each
// address of those comes to now. Every (address, domain, scope) is evaluated once, by several threads, with the local
// part "postmaster"; where a macro asks for what aggregate reports do not tell, the answer says so.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "assess/simulate/decide.hpp"
#include "jobs/simulate/overlay.hpp"
#include "model/replay.hpp"
#include "verify/spf/check_host.hpp"

namespace ruaudit::jobs {

struct SpfIdentity {
  std::string domain{};  // in the form of model::Domain
  bool is_helo = false;
  bool operator<(const SpfIdentity& other) const {
    return domain != other.domain ? domain < other.domain : is_helo < other.is_helo;
  }
};

// The SPF identities of a pattern, one for each of its SPF results; of a report without one its envelope_from.
std::vector<SpfIdentity> spf_identities(const model::AuthPattern& pattern);

struct SpfPlan {
  std::string changed{};  // domain whose SPF record changes
  std::int64_t now = 0;
  unsigned threads = 4;
};

class SpfReplay {
 public:
  SpfReplay(SpfPlan plan, Overlay& dns) : plan_(std::move(plan)), dns_(dns) {}

  // Evaluation of this domain reads the changed record.
  bool is_touched(const std::string& domain);
  // Both number what they are given; evaluate() answers all of them.
  std::size_t want(std::uint32_t source, const SpfIdentity& identity);
  void evaluate(const std::vector<std::string>& addresses);
  [[nodiscard]] const assess::simulate::NewSpf& answer(std::size_t place) const { return answers_[place]; }
  [[nodiscard]] std::size_t size() const { return wanted_.size(); }
  // One check with a sender that is known.
  [[nodiscard]] assess::simulate::NewSpf check(const verify::spf::Session& session, bool is_helo,
                                               bool is_sender_known) const;

 private:
  struct Wanted {
    std::uint32_t source = 0, identity = 0;
  };
  SpfPlan plan_;
  Overlay& dns_;
  mutable verify::spf::RecordCache records_;  // shared by threads
  std::unordered_map<std::string, bool> touched_;
  std::vector<SpfIdentity> identities_;
  std::map<SpfIdentity, std::uint32_t> identity_places_;
  std::vector<Wanted> wanted_;
  std::unordered_map<std::uint64_t, std::size_t> places_;
  std::vector<assess::simulate::NewSpf> answers_;
};

}  // namespace ruaudit::jobs
