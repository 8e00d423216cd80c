// Texts of values into types: numbers, sizes (K, M, G), times (s, m, h, d), days, on/off, words of an enumeration,
// domains, paths, what to do with a mail. Errors say what would be right; they never repeat a long value.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/ini.hpp"
#include "config/key_setters.hpp"

namespace ruaudit::config {

struct Range {
  std::uint64_t low = 0;
  std::uint64_t high = UINT64_MAX;
};

model::Result<std::uint64_t> number_value(std::string_view value, Range range);
model::Result<std::uint64_t> size_value(std::string_view value, Range range);
model::Result<std::uint64_t> seconds_value(std::string_view value, Range range);
model::Result<bool> switch_value(std::string_view value);
model::Result<std::int64_t> day_value(std::string_view value);
model::Result<std::vector<model::Domain>> domains_value(std::string_view value);
model::Result<std::string> path_value(const ValueText& value);
model::Result<Disposition> disposition_value(std::string_view value);
model::Result<std::string> language_value(std::string_view value);
// "https://a1:8443 https://a2:8443, https://b:8443": of each shard its servers, no server twice; without '/' at the
// end.
model::Result<std::vector<std::vector<std::string>>> server_lists_value(std::string_view value);

// "'x' is not one of: a, b": for words of an enumeration.
model::Error no_such_word(std::string_view word, const std::vector<std::string_view>& words);

template <class E>
model::Result<E> word_value(std::string_view value) {
  TRY(const auto word, scalar_value(value));
  if (const auto found = model::parse_enum<E>(word)) return *found;
  std::vector<std::string_view> words;
  for (const auto& row : model::enum_table<E>) words.push_back(row.text);
  return model::failure(no_such_word(word, words));
}

}  // namespace ruaudit::config
