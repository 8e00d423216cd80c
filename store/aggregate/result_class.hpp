// What totals are split by, packed into one integer, so that the same class has the same id in every database:
//   disposition 3 bits | dkim 2 | spf 2 | dkim_auth 2 | spf_auth 2 | our dkim 2 | our spf 2 | contradiction 4 |
//   overridden 1 | authenticity 2
// The middle three are record.self_check as it stands. Numbers are those of the model's enumerations.
#pragma once
#include <cstdint>

#include "model/auth_result.hpp"
#include "model/record_check.hpp"

namespace ruaudit::store {

// What a record's authentication results by one mechanism come to, aligned or not: absent where there is none, or each
// is `none` (RFC 8601 section 2.7.1: not signed; RFC 7208 section 2.6.1: no record); not_verified where nothing passed
// or failed, but a lookup did not succeed (temperror), or the word is no result. Numbers are packed and stay.
enum class AuthSummary : std::uint8_t { absent, failed, passed, not_verified };

// Whether the mail that carried a report proved where it comes from.
enum class Authenticity : std::uint8_t { unchecked, authenticated, unauthenticated, indeterminate };

// What is constant for a verdict.
struct VerdictFacts {
  model::Disposition disposition = model::Disposition::unknown;
  model::AlignedResult dkim = model::AlignedResult::unknown;
  model::AlignedResult spf = model::AlignedResult::unknown;
  AuthSummary dkim_auth = AuthSummary::absent;
  AuthSummary spf_auth = AuthSummary::absent;
  bool is_overridden = false;

  [[nodiscard]] std::uint32_t pack() const {
    return static_cast<std::uint32_t>(disposition) | static_cast<std::uint32_t>(dkim) << 3 |
           static_cast<std::uint32_t>(spf) << 5 | static_cast<std::uint32_t>(dkim_auth) << 7 |
           static_cast<std::uint32_t>(spf_auth) << 9 | (is_overridden ? 1U << 19 : 0U);
  }
  static VerdictFacts unpack(std::uint32_t bits) {
    return {static_cast<model::Disposition>(bits & 7),        static_cast<model::AlignedResult>(bits >> 3 & 3),
            static_cast<model::AlignedResult>(bits >> 5 & 3), static_cast<AuthSummary>(bits >> 7 & 3),
            static_cast<AuthSummary>(bits >> 9 & 3),          (bits >> 19 & 1) != 0};
  }
  [[nodiscard]] bool passes() const { return dkim == model::AlignedResult::pass || spf == model::AlignedResult::pass; }
};

using ResultClass = std::uint32_t;

inline ResultClass make_class(std::uint32_t facts, std::uint8_t self_check) {
  return facts | static_cast<std::uint32_t>(self_check) << 11;
}
inline ResultClass with_authenticity(ResultClass result_class, Authenticity authenticity) {
  return result_class | static_cast<std::uint32_t>(authenticity) << 20;
}
inline std::uint8_t self_check_of(ResultClass result_class) { return static_cast<std::uint8_t>(result_class >> 11); }
inline Authenticity authenticity_of(ResultClass result_class) {
  return static_cast<Authenticity>(result_class >> 20 & 3);
}

}  // namespace ruaudit::store

namespace ruaudit::model {
template <>
inline constexpr EnumText<store::AuthSummary> enum_table<store::AuthSummary>[] = {
    {store::AuthSummary::absent, "absent"},
    {store::AuthSummary::failed, "failed"},
    {store::AuthSummary::passed, "passed"},
    {store::AuthSummary::not_verified, "not_verified"}};
template <>
inline constexpr EnumText<store::Authenticity> enum_table<store::Authenticity>[] = {
    {store::Authenticity::unchecked, "unchecked"},
    {store::Authenticity::authenticated, "authenticated"},
    {store::Authenticity::unauthenticated, "unauthenticated"},
    {store::Authenticity::indeterminate, "indeterminate"}};
}  // namespace ruaudit::model
