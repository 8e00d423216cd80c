#include "assess/domain_text.hpp"

namespace ruaudit::assess {
namespace {

// The last labels of a name; of one that has fewer the name itself.
std::string_view last_labels(std::string_view name, int count) {
  auto dot = name.size();
  for (; count > 0; --count) {
    if (dot == 0) return name;
    dot = name.rfind('.', dot - 1);
    if (dot == std::string_view::npos) return name;
  }
  return name.substr(dot + 1);
}

}  // namespace

bool is_at_or_below(std::string_view name, std::string_view parent) {
  if (parent.empty() || name.size() < parent.size() || !name.ends_with(parent)) return false;
  return name.size() == parent.size() || name[name.size() - parent.size() - 1] == '.';
}

// A second level such as co.uk would join strangers: such a pair must share three labels.
bool are_related(std::string_view one, std::string_view other) {
  if (is_at_or_below(one, other) || is_at_or_below(other, one)) return true;
  const auto parent = last_labels(one, 2);
  if (parent != last_labels(other, 2)) return false;
  const auto dot = parent.find('.');
  if (dot == std::string_view::npos) return false;
  return dot > 3 || last_labels(one, 3) == last_labels(other, 3);
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
