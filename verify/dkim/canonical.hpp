// Canonical forms of header fields and bodies (RFC 6376 section 3.4). In: bytes in network normal form (CRLF). Out:
// header fields appended to a string; bodies in pieces to a sink, without a copy of the body. Linear in the input.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "verify/dkim/signature.hpp"

namespace ruaudit::verify::dkim {

// One field, given as name and value without its final CRLF, in the relaxed form without a CRLF (section 3.4.2).
void append_relaxed_field(std::string& out, std::string_view name, std::string_view value);

using Sink = std::function<void(std::string_view)>;
void canonicalize_body(std::string_view body, Canonicalization canonicalization, const Sink& sink);
[[nodiscard]] std::string canonical_body(std::string_view body, Canonicalization canonicalization);

}  // namespace ruaudit::verify::dkim
