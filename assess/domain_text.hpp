// Domain names as judgement compares them: text in the form of model::Domain, on label boundaries.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ruaudit::assess {

// `name` equals `parent` or lies below it. False for an empty parent.
bool is_at_or_below(std::string_view name, std::string_view parent);
// One lies at or below the other, or both below the same name of two labels at least.
bool are_related(std::string_view one, std::string_view other);
// The longest of `domains` at or above `name`; nothing where there is none.
std::optional<std::string_view> owner_of(std::string_view name, std::span<const std::string> domains);
// The part after the last '@'; the whole text without one.
std::string_view domain_of_address(std::string_view address);

}  // namespace ruaudit::assess
