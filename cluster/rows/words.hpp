// The enumerations of the tables: the words of store/schema.sql, each by its place in its list. A word keeps its place;
// new ones come last.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace ruaudit::cluster {

using Words = std::span<const std::string_view>;

inline constexpr std::array<std::string_view, 5> disposition_words = {"unknown", "none", "quarantine", "reject",
                                                                      "pass"};
inline constexpr std::array<std::string_view, 3> evaluated_words = {"unknown", "pass", "fail"};
inline constexpr std::array<std::string_view, 4> auth_words = {"absent", "failed", "passed", "not_verified"};
inline constexpr std::array<std::string_view, 4> authenticity_words = {"unchecked", "authenticated", "unauthenticated",
                                                                       "indeterminate"};
inline constexpr std::array<std::string_view, 2> mechanism_words = {"dkim", "spf"};
inline constexpr std::array<std::string_view, 4> scope_words = {"", "unknown", "mfrom", "helo"};  // '': absent
inline constexpr std::array<std::string_view, 9> result_words = {"unknown",  "none",   "neutral",   "pass",     "fail",
                                                                 "softfail", "policy", "temperror", "permerror"};
inline constexpr std::array<std::string_view, 8> override_words = {"unknown",           "forwarded",    "sampled_out",
                                                                   "trusted_forwarder", "mailing_list", "local_policy",
                                                                   "policy_test_mode",  "other"};

// "Enum8('dkim' = 0, 'spf' = 1)"
std::string enum_type(Words words);
// Its place. Error "cluster-word": this program does not ship it.
model::Result<std::int8_t> place_of_word(Words words, std::string_view word);

}  // namespace ruaudit::cluster
