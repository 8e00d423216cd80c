// The DNS answers that a check rests on. Rules ask it as they would ask a resolver; what it does not hold yet is
// answered `not_recorded` and kept as an open question. Whoever runs the check asks the open questions, adds the
// answers and runs the rules again until nothing is open: so the rules stay pure and every round is asked in parallel.
// Records that are not published yet take the place of published ones. For one thread.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "verify/dns/resolver.hpp"

namespace ruaudit::assess::records {

namespace dns = verify::dns;

class Answers final : public dns::Resolver {
 public:
  [[nodiscard]] std::vector<dns::Answer> query_all(std::span<const dns::Question> questions) override;

  void add(dns::Answer answer);
  // The one TXT record at `name`, whatever is published there.
  void put_text(const std::string& name, std::string text);
  // The SPF record at `name`; its other TXT records stay.
  void put_spf(const std::string& name, std::string text);

  // Questions that were asked and had no answer, once each.
  [[nodiscard]] std::vector<dns::Question> take_open();
  [[nodiscard]] bool is_complete() const { return open_.empty(); }
  [[nodiscard]] std::size_t size() const { return answers_.size(); }
  // Of all answers, how many came from a server or zone, and how many are still a failure to reach one.
  [[nodiscard]] bool is_silent() const;

 private:
  using Key = std::pair<dns::RecordType, std::string>;
  [[nodiscard]] dns::Answer one(const dns::Question& question);
  [[nodiscard]] dns::Answer with_spf(dns::Answer answer, const std::string& text) const;

  std::map<Key, dns::Answer> answers_;
  std::map<std::string, std::string> texts_;  // by name: unpublished TXT
  std::map<std::string, std::string> spf_;    // by name: unpublished SPF
  std::set<Key> open_;
};

// The joined texts of an answer to a TXT question.
[[nodiscard]] std::vector<std::string> texts_of(const dns::Answer& answer);

}  // namespace ruaudit::assess::records
