#include "assess/domain_text.hpp"

namespace ruaudit::assess {
namespace {

// The last two labels; for a name of two or fewer the name itself.
std::string_view last_two(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return name;
  const auto second = name.rfind('.', dot - 1);
  return second == std::string_view::npos ? name : name.substr(second + 1);
}

}  // namespace

bool is_at_or_below(std::string_view name, std::string_view parent) {
  if (parent.empty() || name.size() < parent.size() || !name.ends_with(parent)) return false;
  return name.size() == parent.size() || name[name.size() - parent.size() - 1] == '.';
}

// A second level such as co.uk would join strangers: such a pair must share three labels.
bool are_related(std::string_view one, std::string_view other) {
  if (is_at_or_below(one, other) || is_at_or_below(other, one)) return true;
  const auto parent = last_two(one);
  if (parent != last_two(other)) return false;
  const auto dot = parent.find('.');
  return dot != std::string_view::npos && dot > 3;
}

std::optional<std::string_view> owner_of(std::string_view name, std::span<const std::string> domains) {
  std::optional<std::string_view> best;
  for (const std::string& domain : domains)
    if (is_at_or_below(name, domain) && (!best || domain.size() > best->size())) best = domain;
  return best;
}

std::string_view domain_of_address(std::string_view address) {
  const auto at = address.rfind('@');
  return at == std::string_view::npos ? address : address.substr(at + 1);
}

}  // namespace ruaudit::assess
