// Sets of UIDs as IMAP writes them: "1:3,7". // RFC 3501 section 9 "sequence-set"
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ruaudit::ingest::mailbox {

// Neighbours become ranges; nothing is in the set that is not in `uids` (ascending).
std::string uid_set_text(std::span<const std::uint32_t> uids);

// In the order written, as COPYUID needs it (RFC 4315 section 3). Nothing for malformed sets, and for those of more
// than `most` UIDs.
std::optional<std::vector<std::uint32_t>> parse_uid_set(std::string_view text, std::size_t most);

}  // namespace ruaudit::ingest::mailbox
