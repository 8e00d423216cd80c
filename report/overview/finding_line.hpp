// A finding in as few words as one screen has room for. Pure; the text is harmless for a terminal.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "model/finding.hpp"

namespace ruaudit::report {

// "DKIM of Zendesk (selector s1) fails since 23 Sep, 291 messages; s1._domainkey.example.org was removed". Days of
// another year than `now`'s bear their year.
std::string finding_line(const model::Finding& finding, std::int64_t now);
// "15 Nov", "15 Nov 2025"
std::string short_day(std::int32_t day, std::int64_t now);
// The same kind of thing for several: "new forwarders", "sent several times the usual"
std::string_view kind_in_words(model::FindingKind kind);
std::string finding_subject(const model::Finding& finding);
// At most `width` columns, cut between words: a word, so also an address, is never cut.
std::string cut_between_words(std::string_view text, std::size_t width);

}  // namespace ruaudit::report
