// One DMARC record judged tag by tag, with the place of every mistake, and the record that was meant (RFC 9989 sections
// 4.7 and 4.8, differences of RFC 7489 told). verify::dmarc reads what the tags mean to a receiver; this says what is
// wrong with their text. Text in, findings and a repaired text out; nothing is asked.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "assess/records/finding.hpp"
#include "verify/dmarc/record.hpp"

namespace ruaudit::assess::records {

struct UriPlace {  // a usable mailto: address and where it stands
  std::string tag{};
  std::string uri{};
  std::string host{};
  Place place{};
};

struct DmarcReview {
  Findings findings{};
  verify::dmarc::Record record{};  // as a receiver reads it
  std::vector<UriPlace> uris{};
};

enum class OwnerLevel { organizational, below };  // whether sp and np count at the name

// `text` begins with a version that receivers accept, perhaps behind blanks.
[[nodiscard]] DmarcReview review_dmarc_record(const std::string& name, std::string_view text, OwnerLevel level);

// Whether a text that receivers do not accept was meant as DMARC record.
[[nodiscard]] bool is_meant_as_dmarc(std::string_view text);
// dmarc-version: where the version of such a text is wrong.
[[nodiscard]] Finding version_fault(const std::string& name, std::string_view text);

// One record out of the texts at a name: what is valid stays and what can be read is corrected. Of two policies the
// stricter one stays, addresses are joined, a missing p takes the value of sp, or none. Removed are historic tags (pct
// below 100 becomes t=y), fo without ruf, and sp and np that are weaker than what they replace.
[[nodiscard]] std::string repaired_dmarc(const std::vector<std::string>& texts, std::string_view domain);
// A repaired record with another psd tag; u: without one.
[[nodiscard]] std::string with_psd(std::string_view record, verify::dmarc::Psd psd);

}  // namespace ruaudit::assess::records
