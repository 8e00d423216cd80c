// Of a line of `ruaudit verify --batch` what has to be known where files can be opened and answers are written: its id
// and the file that it names. The line is hostile and is not parsed here: only the places of its strings and brackets
// are looked at, in one pass, and the two values are read by themselves.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace ruaudit::jobs {

struct BatchHead {
  std::string id{"null"};                     // JSON text; an id of more than max_head_octets is told as null
  std::optional<std::string> message_file{};  // nothing: there is none, or it is no string
};

inline constexpr std::size_t max_head_octets = 4096;

// Of a member that occurs twice the last counts, as for parse_batch_line(). What it says of a line that is not JSON
// object means nothing.
BatchHead batch_head(std::string_view line);

}  // namespace ruaudit::jobs
