#include "cli/options/suffix_list.hpp"

namespace ruaudit::cli {

model::Result<verify::suffix::PublicSuffixList> suffix_list_of(const Options& options) {
  if (const auto file = options.value(list_option.name)) return verify::suffix::PublicSuffixList::load(*file);
  return verify::suffix::PublicSuffixList::system();
}

}  // namespace ruaudit::cli
