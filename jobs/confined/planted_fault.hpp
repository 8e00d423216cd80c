// Faults that a test orders the confined reader to commit, to show what they cost and that the last three fail. Only in
// a build with RUAUDIT_FAIL_POINTS: an input that contains "planted-fault: NAME" commits it where the environment
// (RUAUDIT_READER_PLANT) allows plants. Other builds contain nothing of it.
#pragma once
#include <cstdint>
#include <string_view>

namespace ruaudit::jobs {

#ifdef RUAUDIT_FAIL_POINTS
void pass_planted_fault(std::string_view octets);
// Whether it orders this one, which is committed where the answer is made.
bool is_fault_planted(std::string_view octets, std::string_view name);
// Less time than usual, so that a test need not wait: RUAUDIT_READER_SECONDS of the environment.
std::uint64_t reader_seconds(std::uint64_t usual);
#else
inline std::uint64_t reader_seconds(std::uint64_t usual) { return usual; }
inline void pass_planted_fault(std::string_view /*octets*/) {}
inline bool is_fault_planted(std::string_view /*octets*/, std::string_view /*name*/) { return false; }
#endif

}  // namespace ruaudit::jobs
