// The vocabulary of results and policies that reporters write and that our own verification yields.
// Enumerators are the wire tokens. `unknown` stands for a text outside the vocabulary (its raw text is in a Defect);
// our own verification never yields it. Sources: RFC 7489 appendix C, RFC 9990 appendix A, RFC 8601 section 2.7.
#pragma once
#include <cstdint>

#include "model/enum_text.hpp"

namespace ruaudit::model {

enum class DkimResult : std::uint8_t { unknown, none, pass, fail, policy, neutral, temperror, permerror };
template <>
inline constexpr EnumText<DkimResult> enum_table<DkimResult>[] = {
    {DkimResult::unknown, "unknown"},     {DkimResult::none, "none"},          {DkimResult::pass, "pass"},
    {DkimResult::fail, "fail"},           {DkimResult::policy, "policy"},      {DkimResult::neutral, "neutral"},
    {DkimResult::temperror, "temperror"}, {DkimResult::permerror, "permerror"}};

// RFC 7208 sections 2.6 and 4.2, and the words that reports use.
enum class SpfResult : std::uint8_t { unknown, none, neutral, pass, fail, softfail, temperror, permerror, policy };
template <>
inline constexpr EnumText<SpfResult> enum_table<SpfResult>[] = {
    {SpfResult::unknown, "unknown"},     {SpfResult::none, "none"},           {SpfResult::neutral, "neutral"},
    {SpfResult::pass, "pass"},           {SpfResult::fail, "fail"},           {SpfResult::softfail, "softfail"},
    {SpfResult::temperror, "temperror"}, {SpfResult::permerror, "permerror"}, {SpfResult::policy, "policy"}};

// The aligned result of one mechanism in policy_evaluated: only pass or fail exist.
enum class AlignedResult : std::uint8_t { unknown, pass, fail };
template <>
inline constexpr EnumText<AlignedResult> enum_table<AlignedResult>[] = {
    {AlignedResult::unknown, "unknown"}, {AlignedResult::pass, "pass"}, {AlignedResult::fail, "fail"}};

// `pass` (RFC 9990): no action, the message passed DMARC under an enforcing policy.
enum class Disposition : std::uint8_t { unknown, none, quarantine, reject, pass };
template <>
inline constexpr EnumText<Disposition> enum_table<Disposition>[] = {{Disposition::unknown, "unknown"},
                                                                    {Disposition::none, "none"},
                                                                    {Disposition::quarantine, "quarantine"},
                                                                    {Disposition::reject, "reject"},
                                                                    {Disposition::pass, "pass"}};

// p, sp, np.
enum class Policy : std::uint8_t { unknown, none, quarantine, reject };
template <>
inline constexpr EnumText<Policy> enum_table<Policy>[] = {{Policy::unknown, "unknown"},
                                                          {Policy::none, "none"},
                                                          {Policy::quarantine, "quarantine"},
                                                          {Policy::reject, "reject"}};

enum class AlignmentMode : std::uint8_t { unknown, r, s };
template <>
inline constexpr EnumText<AlignmentMode> enum_table<AlignmentMode>[] = {
    {AlignmentMode::unknown, "unknown"}, {AlignmentMode::r, "r"}, {AlignmentMode::s, "s"}};

enum class DiscoveryMethod : std::uint8_t { unknown, psl, treewalk };
template <>
inline constexpr EnumText<DiscoveryMethod> enum_table<DiscoveryMethod>[] = {
    {DiscoveryMethod::unknown, "unknown"}, {DiscoveryMethod::psl, "psl"}, {DiscoveryMethod::treewalk, "treewalk"}};

enum class SpfScope : std::uint8_t { unknown, mfrom, helo };
template <>
inline constexpr EnumText<SpfScope> enum_table<SpfScope>[] = {
    {SpfScope::unknown, "unknown"}, {SpfScope::mfrom, "mfrom"}, {SpfScope::helo, "helo"}};

// Policy override reasons of both generations.
enum class OverrideType : std::uint8_t {
  unknown,
  forwarded,
  sampled_out,
  trusted_forwarder,
  mailing_list,
  local_policy,
  policy_test_mode,
  other
};
template <>
inline constexpr EnumText<OverrideType> enum_table<OverrideType>[] = {
    {OverrideType::unknown, "unknown"},
    {OverrideType::forwarded, "forwarded"},
    {OverrideType::sampled_out, "sampled_out"},
    {OverrideType::trusted_forwarder, "trusted_forwarder"},
    {OverrideType::mailing_list, "mailing_list"},
    {OverrideType::local_policy, "local_policy"},
    {OverrideType::policy_test_mode, "policy_test_mode"},
    {OverrideType::other, "other"}};

}  // namespace ruaudit::model
