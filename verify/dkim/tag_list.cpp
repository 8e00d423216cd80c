#include "verify/dkim/tag_list.hpp"

#include <algorithm>

#include "model/ascii.hpp"

namespace ruaudit::verify::dkim {
namespace {

bool is_name_char(char c) { return ascii::is_letter(c) || (c >= '0' && c <= '9') || c == '_'; }

bool is_tag_name(std::string_view name) {
  return !name.empty() && ascii::is_letter(name.front()) && std::ranges::all_of(name, is_name_char);
}

// VALCHAR and the white space between; the list was split at semicolons before.
bool is_value_char(char c) {
  const auto u = static_cast<unsigned char>(c);
  return is_fws(c) || (u >= 0x21 && u != 0x7f);
}

std::string shown(std::string_view text) { return "'" + std::string(text.substr(0, 40)) + "'"; }

model::Result<Tag> parse_tag(std::string_view text, std::size_t from, std::size_t to) {
  const std::string_view spec = text.substr(from, to - from);
  const std::size_t equals = spec.find('=');
  if (equals == std::string_view::npos)
    return model::failure("tag-list", trim_fws(spec).empty() ? "an empty tag (two semicolons)"
                                                             : "a tag without '=': " + shown(trim_fws(spec)));
  Tag tag;
  tag.name = trim_fws(spec.substr(0, equals));
  tag.begin = from + equals + 1;
  tag.end = to;
  tag.value = trim_fws(spec.substr(equals + 1));
  if (!is_tag_name(tag.name)) return model::failure("tag-list", "not a tag name: " + shown(tag.name));
  if (!std::ranges::all_of(tag.value, is_value_char))
    return model::failure("tag-list", "a control character in tag " + shown(tag.name));
  return tag;
}

// RFC 6376 section 3.2: a repeated name makes the whole list invalid.
model::Result<void> check_unique(std::span<const Tag> tags) {
  std::vector<std::string_view> names;
  names.reserve(tags.size());
  for (const Tag& tag : tags) names.push_back(tag.name);
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  if (twice != names.end()) return model::failure("tag-list", "tag " + shown(*twice) + " occurs more than once");
  return {};
}

}  // namespace

std::string_view trim_fws(std::string_view text) {
  while (!text.empty() && is_fws(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_fws(text.back())) text.remove_suffix(1);
  return text;
}

std::string remove_fws(std::string_view text) {
  std::string out(text.size(), '\0');
  std::size_t used = 0;
  for (const char c : text) {  // without branches: every octet is written, white space is written over
    out[used] = c;
    used += is_fws(c) ? 0U : 1U;
  }
  out.resize(used);
  return out;
}

std::size_t skip_cfws(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '(') {
      ++depth;
    } else if (depth > 0 && c == ')') {
      --depth;
    } else if (depth > 0 && c == '\\') {
      ++at;
    } else if (depth == 0 && !is_fws(c)) {
      break;
    }
  }
  return std::min(at, text.size());
}

// instance = [CFWS] %s"i" [CFWS] "=" [CFWS] 1*2DIGIT [CFWS] ";"
std::string blank_instance_comments(std::string_view text) {
  std::string out(text);
  std::size_t at = 0;
  const auto blank = [&] {
    const std::size_t end = skip_cfws(text, at);
    if (text.substr(at, end - at).find('(') != std::string_view::npos)
      std::fill(out.begin() + static_cast<std::ptrdiff_t>(at), out.begin() + static_cast<std::ptrdiff_t>(end), ' ');
    at = end;
  };
  blank();
  for (const char wanted : {'i', '='}) {
    if (at >= text.size() || text[at] != wanted) return std::string(text);
    ++at;
    blank();
  }
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  blank();
  return at < text.size() && text[at] == ';' ? out : std::string(text);
}

std::vector<std::string_view> split_colons(std::string_view text) {
  std::vector<std::string_view> items;
  for (std::size_t from = 0;;) {
    const std::size_t colon = text.find(':', from);
    items.push_back(trim_fws(text.substr(from, colon - from)));
    if (colon == std::string_view::npos) return items;
    from = colon + 1;
  }
}

model::Result<TagList> TagList::parse(std::string_view text) {
  TagList list;
  list.tags_.reserve(12);
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find(';', from), text.size());
    const bool is_last = to == text.size();
    // tag-list = tag-spec *( ";" tag-spec ) [ ";" ]: only after the last semicolon may nothing stand.
    if (is_last && !list.tags_.empty() && trim_fws(text.substr(from)).empty()) break;
    if (list.tags_.size() == max_tags)
      return model::failure("tag-list", "more than " + std::to_string(max_tags) + " tags");
    TRY(Tag tag, parse_tag(text, from, to));
    list.tags_.push_back(tag);
    from = to + 1;
  }
  TRY_VOID(check_unique(list.tags_));
  return list;
}

const Tag* TagList::find(std::string_view name) const {
  const auto found = std::ranges::find(tags_, name, &Tag::name);
  return found == tags_.end() ? nullptr : &*found;
}

}  // namespace ruaudit::verify::dkim
