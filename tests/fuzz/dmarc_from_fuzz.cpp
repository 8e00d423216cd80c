// The From field: the input is its value; lines that begin with an octet of 1 start another field. Checked: the status
// agrees with what was found, and the bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "verify/dmarc/author_domain.hpp"

namespace {

using namespace ruaudit::verify::dmarc;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string_view> values;
  for (std::size_t at = 0; at != std::string_view::npos && values.size() < 4; text = text.substr(at + 1)) {
    at = text.find("\n\x01");
    values.push_back(text.substr(0, at));
    if (at == std::string_view::npos) break;
  }
  const auto authors = find_authors(values);
  require(authors.addresses.size() <= max_addresses && authors.domains.size() <= authors.addresses.size());
  require(authors.status != AuthorStatus::one_domain || authors.domains.size() == 1);
  require(authors.status != AuthorStatus::several_domains || authors.domains.size() > 1);
  require(authors.status != AuthorStatus::no_address || authors.domains.empty());
  return 0;
}
