// One text at a DKIM selector judged tag by tag, and the record that was meant (RFC 6376 section 3.6.1, RFC 8301, RFC
// 8463). Text in, findings and a repaired text out; nothing is asked.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "assess/records/dkim/key.hpp"
#include "assess/records/finding.hpp"

namespace ruaudit::assess::records {

enum class SelectorUse { seen, named, guessed };  // reports show it; the owner named it; it is a usual one

struct KeyQuestion {
  std::string name{};  // of the record
  std::string_view text{};
  SelectorUse use = SelectorUse::named;
  std::optional<int> expected_bits{};
};

struct KeyReview {
  Findings findings{};
  bool is_usable = false;  // receivers accept signatures with it
  bool is_revoked = false;
  std::string key{};          // base64 of a readable key
  std::size_t key_begin = 0;  // of the p tag
};

[[nodiscard]] KeyReview review_key(const KeyQuestion& question);
// Whether a text has anything of a key record.
[[nodiscard]] bool is_meant_as_key(std::string_view text);
// The record with the same key, or nothing when the key itself is needed again.
[[nodiscard]] std::optional<std::string> repaired_key(std::string_view text);

}  // namespace ruaudit::assess::records
