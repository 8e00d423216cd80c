// What judging a large file came to, kept in it so that the same question need not be judged again. An answer rests on
// the tables that were read for it: whoever changes one of them removes all answers in the same transaction, by
// triggers that are there from the first kept answer on. So an answer is found only where judging again would give the
// same.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/kept/moment.hpp"

namespace ruaudit::store {

inline constexpr std::size_t most_kept_answers = 8;
inline constexpr std::size_t longest_kept_answer = std::size_t{32} << 20;  // octets, unpacked

struct KeptJudgement {
  std::string question{};  // everything the answer depends on beside the facts
  std::int64_t made_at = 0;
  std::string content{};
};

// Nothing where there is none, or none that can be read.
std::optional<KeptJudgement> kept_answer(const Database& database, const std::string& question);

// Ends the moment and keeps what was concluded from it. False where it was not kept: somebody has written since the
// moment began or is writing now, or the file must not be written to. No error: the answer itself stands.
bool keep_answers(Moment& moment, const std::vector<KeptJudgement>& answers);

}  // namespace ruaudit::store
