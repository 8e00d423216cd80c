// A DMARC record as text, with one tag changed and all others kept as the owner wrote them (RFC 9989 section 4.7).
#pragma once
#include <string>
#include <string_view>

namespace ruaudit::assess {

// `value` "" removes the tag. A new tag goes after v and p. A text that is no record begins a new one.
std::string with_tag(std::string_view record, std::string_view tag, std::string_view value);
// "" where the tag is absent.
std::string tag_value(std::string_view record, std::string_view tag);

}  // namespace ruaudit::assess
