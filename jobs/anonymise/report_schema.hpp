// Names and words of the schemas of aggregate reports (RFC 7489 appendix C, RFC 9990 appendix A), what the content of
// each element may be, and the tags of HTML. Without regard to letter case. Pure.
#pragma once
#include <cstdint>
#include <string_view>

namespace ruaudit::jobs {

enum class Content : std::uint8_t { words, structure, machine, domain, token, contact, name, id, sentence };

struct ElementRule {
  std::string_view name;
  Content content;
};

[[nodiscard]] std::string_view local_name(std::string_view name);    // behind the prefix of a namespace
[[nodiscard]] const ElementRule* element_of(std::string_view name);  // null: none of a schema
// Also of a known name that is spelt nearly right.
[[nodiscard]] bool is_harmless_name(std::string_view name);
// A word that values have and that Redactor::masked() does not keep.
[[nodiscard]] bool is_schema_word(std::string_view value);
[[nodiscard]] bool is_schema_namespace(std::string_view value);
[[nodiscard]] bool is_html_tag(std::string_view name);

}  // namespace ruaudit::jobs
