// One line of `ruaudit verify --batch` read as a request. A JSON object enters: id, message or message_file, ip, helo,
// mail_from, at, zone, policy, legacy, only, receiver, trusted_host; other members change nothing and are told. JSON
// strings hold text, mails are octets: see octets_of_text(). Depth and length are bounded.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

// JSON in which a lone \udc80..\udcff, which Python's surrogateescape writes for an octet that is no UTF-8 and JSON
// readers refuse, is U+10FF80..U+10FFFF.
std::string with_octet_escapes(std::string_view line);

// The octets that a JSON string stands for. ASCII is itself. Code points above U+00FF, or octets of UTF-8 in the line
// itself, show that the string is text: UTF-8. Where all are below U+0100 and escaped, each may be one octet (\u00XX):
// it is, where the octets are UTF-8; else both readings are possible and both are given: octets first, but text first
// where the octets of the header are no UTF-8, which RFC 6532 wants of it. `is_escaped` says that the line itself is
// ASCII. U+10FF80..U+10FFFF, which parse_batch_line() puts for a lone \udc80..\udcff, are the octets 80..ff in all
// readings.
std::vector<std::string> octets_of_text(std::string_view text, bool is_escaped);

}  // namespace ruaudit::jobs
