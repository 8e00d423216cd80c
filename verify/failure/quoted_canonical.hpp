// What a report quotes of the octets its verifier hashed (DKIM-Canonicalized-Header and -Body, RFC 6591 section
// 3.2.4), held against b= and bh= and against our own canonical form of the sample, so that the header field or the
// first body line that differs can be shown. Octets enter, values leave. Linear in them.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verify/dkim/verifier.hpp"
#include "verify/failure/conclusion.hpp"
#include "verify/failure/restored_header.hpp"

namespace ruaudit::verify::failure {

struct QuotedCanonical {
  std::optional<bool> header_verifies{};    // b= over the quoted header
  std::optional<bool> body_hash_matches{};  // bh= against the quoted body
  std::vector<Change> changes{};            // quoted against the sample, at most max_changes
};

// `header` and `body` as quoted; absent: not in the report. The message may lack its body (`has_body`).
struct Quoted {
  const std::optional<std::string>& header;
  const std::optional<std::string>& body;
  bool has_body = true;
};
[[nodiscard]] QuotedCanonical compare_quoted(const Quoted& quoted, const message::Message& message,
                                             const dkim::SignatureResult& signature, UsableKeys keys);

// Lines of two texts: the pairs that differ, aligned by their number; at most `limit`.
[[nodiscard]] std::vector<Change> differing_lines(std::string_view before, std::string_view after, ChangePart part,
                                                  std::size_t limit);

}  // namespace ruaudit::verify::failure
