// What an evaluation learned from outside the message, kept so that its result can be replayed exactly: the clock, the
// version of the public suffix list and every DNS answer (name, type, records, TTL, time, resolver, DNSSEC status,
// rcode). RecordingResolver collects it, to_json() and parse_evidence() carry it over time, RecordedResolver answers
// from it alone.
#pragma once
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/result.hpp"
#include "verify/dns/resolver.hpp"

namespace ruaudit::verify::dns {

struct Evidence {
  std::int64_t time = 0;      // the clock of the evaluation, seconds since the epoch, UTC
  std::string suffix_list{};  // PublicSuffixList::version(), empty when none was used
  std::vector<Answer> answers{};
  bool operator==(const Evidence&) const = default;
};

// UTF-8 JSON. Text with octets outside printable ASCII is written as {"hex": "..."}, so that no octet is lost.
[[nodiscard]] std::string to_json(const Evidence& evidence);
// One answer on one line, as the member "answers" holds it. With Varying::left_out resolver, time, TTL and DNSSEC
// status are not in it: what is left tells whether two answers say the same.
enum class Varying : std::uint8_t { kept, left_out };
[[nodiscard]] std::string answer_json(const Answer& answer, Varying varying = Varying::kept);
// Error code "evidence".
[[nodiscard]] model::Result<Answer> parse_answer(std::string_view json);
inline constexpr std::size_t max_evidence_bytes = std::size_t{64} << 20U;
// Error code "evidence".
[[nodiscard]] model::Result<Evidence> parse_evidence(std::string_view json);

// Passes questions on and keeps the answers. A question asked again gets the answer kept, so that one evaluation sees
// one state of DNS and the replay meets exactly the same one. `inner` must outlive it.
class RecordingResolver final : public Resolver {
 public:
  explicit RecordingResolver(Resolver& inner) : inner_(inner) {}
  [[nodiscard]] std::vector<Answer> query_all(std::span<const Question> questions) override;
  [[nodiscard]] std::vector<Answer> answers() const;  // in the order in which they came

 private:
  Resolver& inner_;
  mutable std::mutex mutex_;
  std::vector<Answer> answers_;
  std::unordered_map<std::string, std::size_t> positions_;
};

// Answers from evidence; any other question is `not_recorded`, and no query leaves.
class RecordedResolver final : public Resolver {
 public:
  explicit RecordedResolver(Evidence evidence);
  [[nodiscard]] std::vector<Answer> query_all(std::span<const Question> questions) override;

 private:
  Evidence evidence_;
  std::unordered_map<std::string, std::size_t> positions_;
};

}  // namespace ruaudit::verify::dns
