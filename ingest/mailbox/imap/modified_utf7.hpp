// Folder names on the wire: modified UTF-7. // RFC 3501 section 5.1.3
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace ruaudit::ingest::mailbox {

// Nothing for text that is not UTF-8 or holds control characters.
std::optional<std::string> to_modified_utf7(std::string_view utf8);

// Names that are not modified UTF-7 come back as they are: many servers send plain UTF-8, some worse.
std::string from_modified_utf7(std::string_view wire);

}  // namespace ruaudit::ingest::mailbox
