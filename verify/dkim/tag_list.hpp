// The tag=value list of signatures and key records (RFC 6376 section 3.2). In: the text, which the result borrows.
// Out: the tags in their order with the exact range of each value, or why the list is no tag-list: a name or value
// against the grammar, an empty tag before the end, a name twice. Bytes from 0x80 on are allowed in values (RFC 8616).
// At most max_tags tags.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace ruaudit::verify::dkim {

struct Tag {
  std::string_view name;
  std::string_view value;  // without the blanks around it; inner FWS kept
  std::size_t begin = 0;   // of everything between "=" and ";", as offsets into the text
  std::size_t end = 0;
};

inline constexpr std::size_t max_tags = 128;

class TagList {
 public:
  // Error code "tag-list".
  static model::Result<TagList> parse(std::string_view text);

  [[nodiscard]] const Tag* find(std::string_view name) const;
  [[nodiscard]] std::span<const Tag> tags() const { return tags_; }

 private:
  std::vector<Tag> tags_;
};

// True for the octets of folding white space: SP, HTAB, CR, LF (RFC 6376 section 2.8).
[[nodiscard]] constexpr bool is_fws(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
[[nodiscard]] std::string_view trim_fws(std::string_view text);
[[nodiscard]] std::string remove_fws(std::string_view text);
// Where white space and comments end that start at `at`; comments nest, a backslash quotes (RFC 5322 section 3.2.2).
[[nodiscard]] std::size_t skip_cfws(std::string_view text, std::size_t at);
// `text` with blanks for the comments around a leading instance tag, where RFC 8617 section 4.2.1 allows them; every
// other octet stays in its place.
[[nodiscard]] std::string blank_instance_comments(std::string_view text);
// The items of a colon-separated list, each trimmed; "" yields one empty item.
[[nodiscard]] std::vector<std::string_view> split_colons(std::string_view text);

}  // namespace ruaudit::verify::dkim
