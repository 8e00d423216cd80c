// One line of `ruaudit verify --batch` read as a request. A JSON object enters: id, message or message_file, ip, helo,
// mail_from, at, zone, policy, legacy, only, receiver, trusted_host; other members change nothing and are told. JSON
// strings hold text, mails are octets: see octets_of_text(). Depth and length are bounded.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/judge/batch_text.hpp"
#include "jobs/judge/request.hpp"
#include "verify/dns/zone.hpp"

namespace ruaudit::jobs {

struct BatchLine {
  std::string id{"null"};  // JSON text
  std::optional<verify::dns::Zone> zone{};
  std::vector<std::string> messages{};  // readings of the message, the likeliest first; empty: none given
  VerifyRequest request{};              // without its message
  std::vector<std::string> unknown_members{};
};

struct BatchFault {
  std::string id{"null"};
  model::Error error{};
};

// Of the file that message_file names.
using ReadFile = std::function<model::Result<std::string>(const std::string& path)>;
inline constexpr std::size_t max_message = std::size_t{256} << 20U;

// `defaults` are the command's options; members of the line win. Error code "batch-line" and those of the values and of
// `read_file`.
tl::expected<BatchLine, BatchFault> parse_batch_line(std::string_view line, const VerifyRequest& defaults,
                                                     const ReadFile& read_file);

}  // namespace ruaudit::jobs
