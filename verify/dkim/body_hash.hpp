// The body hashes of all signatures of one mail (RFC 6376 section 3.7 step 1). In: the body and what to compute; equal
// requests are computed once, requests with one canonicalization share its pass. Out: hash and length, in order.
// Also the search for the part of a body that was signed, when text was added below it.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "verify/dkim/signature.hpp"

namespace ruaudit::verify::dkim {

struct BodyHashRequest {
  Canonicalization canonicalization = Canonicalization::simple;
  HashAlgorithm hash = HashAlgorithm::sha256;
  std::optional<std::uint64_t> length;  // l=: only so many octets of the canonical body
  bool operator==(const BodyHashRequest&) const = default;
};

struct BodyHash {
  std::string hash;
  std::uint64_t canonical_length = 0;  // of the whole canonical body, whatever l= says
};

[[nodiscard]] std::vector<BodyHash> compute_body_hashes(std::string_view body,
                                                        std::span<const BodyHashRequest> requests);

// The octets behind the first run of whole lines whose hash is `wanted`, as when a list adds its footer.
// Looks at the ends of at most max_lines lines; nothing where none fits.
struct AddedText {
  std::uint64_t octets = 0;
  std::uint32_t line = 0;  // 1-based line of the body where it starts
};
[[nodiscard]] std::optional<AddedText> find_added_text(std::string_view body, const BodyHashRequest& request,
                                                       std::string_view wanted, std::size_t max_lines);

}  // namespace ruaudit::verify::dkim
