#include "cluster/rows/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ruaudit::cluster {

std::string enum_type(Words words) {
  std::string type;
  for (std::size_t i = 0; i < words.size(); ++i) type += fmt::format("{}'{}' = {}", i == 0 ? "" : ", ", words[i], i);
  return "Enum8(" + type + ")";
}

model::Result<std::int8_t> place_of_word(Words words, std::string_view word) {
  const auto at = std::find(words.begin(), words.end(), word);
  if (at != words.end()) return static_cast<std::int8_t>(at - words.begin());
  return model::failure("cluster-word",
                        fmt::format("the database has a word that the cluster does not know: '{}'", word.substr(0, 40)),
                        "run `ruaudit db check`");
}

}  // namespace ruaudit::cluster
