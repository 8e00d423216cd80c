// The octets that a signature signs: the fields of h= in canonical form, then the signature field itself with b= empty
// (RFC 6376 section 3.7 step 2, section 5.4.2). Also useful beside a report's canonicalized header.
#pragma once
#include <string>
#include <vector>

#include "verify/dkim/signature.hpp"
#include "verify/message/message.hpp"

namespace ruaudit::verify::dkim {

// `own` is the position of the signature's field among message.fields().
[[nodiscard]] std::string header_input(const message::Message& message, const Signature& signature, std::size_t own);
// The positions that h= selects, in its order: repeated names take fields from the bottom up, names beyond the fields
// present select nothing, the signature's own field never is.
[[nodiscard]] std::vector<std::size_t> select_fields(const message::Message& message,
                                                     const std::vector<std::string>& names, std::size_t own);
// One field in canonical form with its CRLF.
void append_field(std::string& out, const message::HeaderField& field, Canonicalization canonicalization);
// The signature's own field: [b_begin, b_end) of its value left out, no CRLF.
struct Span {
  std::size_t begin = 0, end = 0;
};
void append_own_field(std::string& out, const message::HeaderField& field, Canonicalization canonicalization, Span b);

}  // namespace ruaudit::verify::dkim
