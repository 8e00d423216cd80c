#include "verify/dns/name.hpp"

#include "model/ascii.hpp"

namespace ruaudit::verify::dns {

std::string folded_name(std::string_view name) {
  if (name.ends_with('.') && !name.ends_with("\\.")) name.remove_suffix(1);
  std::string folded(name);
  ascii::lower_in_place(folded);
  return folded;
}

std::optional<std::string> canonical_name(std::string_view name) {
  auto folded = folded_name(name);
  if (folded.empty() || folded.size() > max_name_octets) return std::nullopt;
  std::size_t label = 0;
  for (const char c : folded) {
    label = c == '.' ? 0 : label + 1;
    if (label > max_label_octets) return std::nullopt;
  }
  if (label == 0 || folded.front() == '.' || folded.find("..") != std::string::npos) return std::nullopt;
  return folded;
}

}  // namespace ruaudit::verify::dns
