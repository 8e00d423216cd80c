// The tags of DMARC records and the values that they may have (RFC 9989 sections 4.7, 4.8 and 9.3), for those who judge
// and those who repair a text. Names and values enter in lower case.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "model/auth_result.hpp"

namespace ruaudit::assess::records {

[[nodiscard]] std::span<const std::string_view> dmarc_tags();  // v is not among them
[[nodiscard]] bool is_tag_name(std::string_view name);
[[nodiscard]] bool is_dmarc_tag(std::string_view name);
[[nodiscard]] bool is_policy_tag(std::string_view name);    // p, sp, np
[[nodiscard]] bool is_historic_tag(std::string_view name);  // pct, rf, ri
[[nodiscard]] bool is_valid_value(std::string_view name, std::string_view value);
[[nodiscard]] std::string allowed_values(std::string_view name);
// Where in the value of `name` another tag begins, whose semicolon is missing; 0: none does.
[[nodiscard]] std::size_t grown_together(std::string_view name, std::string_view value);
[[nodiscard]] int strength(model::Policy policy);  // none 0, quarantine 1, reject 2

}  // namespace ruaudit::assess::records
