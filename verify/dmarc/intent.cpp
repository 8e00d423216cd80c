#include "verify/dmarc/intent.hpp"

#include <algorithm>
#include <string>

#include "model/ascii.hpp"

namespace ruaudit::verify::dmarc {

bool is_meant_as_record(std::string_view text) {
  std::string low(text);
  ascii::lower_in_place(low);
  constexpr std::string_view words[] = {"dmarc", "p=none", "p=quarantine", "p=reject"};
  return std::any_of(std::begin(words), std::end(words),
                     [&low](std::string_view word) { return low.find(word) != std::string::npos; });
}

}  // namespace ruaudit::verify::dmarc
