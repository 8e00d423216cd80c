// What may stay of a result's details where a mail's words may not: results, reasons, hosts, network addresses and what
// DNS answered. Sentences go: they quote.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "store/failure/redaction.hpp"

namespace ruaudit::store {
namespace {

using nlohmann::json;

// Published in DNS, or asked of it.
constexpr std::array<std::string_view, 6> public_keys = {"record",           "term", "key_name", "selector",
                                                         "canonicalization", "type"};
// Lines for people, made of everything the others hold.
constexpr std::array<std::string_view, 3> prose_keys = {"sections", "notes", "remarks"};
// This program's own words.
constexpr std::array<std::string_view, 22> token_keys = {
    "result",        "code",      "reason",     "scope",         "damage",
    "status",        "mechanism", "mode",       "alignment",     "author_status",
    "rules",         "policy",    "applied",    "policy_source", "explanation_source",
    "scheme",        "algorithm", "policy_tag", "made_by_key",   "oldest_pass",
    "signed_fields", "name"};

bool holds(std::span<const std::string_view> keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= 100 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '/' || c == '.';
  });
}

std::optional<std::string> reduced(std::string_view key, const std::string& text, const Redactor& redactor) {
  if (holds(public_keys, key)) return text;
  if (text.find(' ') != std::string::npos) return std::nullopt;
  const bool is_ours = holds(token_keys, key) && key != "algorithm" && is_token(text);
  return is_ours ? text : redactor.known_words(text);
}

// False: nothing of it stays.
bool reduce(std::string_view key, json& value, const Redactor& redactor) {
  if (value.is_string()) {
    const auto left = reduced(key, value.get_ref<const std::string&>(), redactor);
    if (left) value = *left;
    return left.has_value();
  }
  if (value.is_object())
    for (auto member = value.begin(); member != value.end();) {
      const bool stays = !holds(prose_keys, member.key()) && reduce(member.key(), member.value(), redactor);
      member = stays ? std::next(member) : value.erase(member);
    }
  if (value.is_array())
    for (auto element = value.begin(); element != value.end();)
      element = reduce(key, *element, redactor) ? std::next(element) : value.erase(element);
  return true;
}

}  // namespace

std::string Redactor::details(std::string_view text) const {
  json parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded()) return "{}";
  reduce("", parsed, *this);
  return parsed.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace ruaudit::store
