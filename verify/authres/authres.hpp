// Authentication-Results (RFC 8601, with RFC 5451 and 7601 before it) read and written. The value of a field enters, an
// AuthenticationResults leaves; reading never fails: what a receiver wrote against the grammar is kept as text with a
// Defect (codes authres-*), so that real fields stay usable: a missing authserv-id, results divided by blanks instead
// of semicolons, RFC 5451 names, unquoted values, words outside the vocabulary. Bytes above 0x7f are text (RFC 8601
// section 5, EAI). Work is linear in the value; Limits bound what is kept.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/auth_result.hpp"
#include "model/defect.hpp"

namespace ruaudit::verify::authres {

struct Limits {
  std::size_t bytes = std::size_t{64} << 10U;  // of one field; the rest is cut off
  std::size_t results = 200;
  std::size_t properties = 100;  // of one result
  std::size_t defects = 20;
};

struct Property {
  std::string ptype{};  // lower case: smtp, header, body, policy, ...; empty where the word had none ("action=none")
  std::string name{};   // lower case
  std::string value{};  // unquoted
  bool operator==(const Property&) const = default;
};

struct MethodResult {
  std::string method{};  // lower case
  unsigned version = 1;
  std::string result{};  // lower case, as written otherwise
  std::string reason{};
  std::vector<Property> properties{};
  std::vector<std::string> comments{};  // without their parentheses
  bool operator==(const MethodResult&) const = default;
};

struct AuthenticationResults {
  std::string authserv_id{};  // empty: missing
  unsigned version = 1;
  bool is_none = false;  // an explicit "none"
  std::vector<MethodResult> results{};
  std::vector<model::Defect> defects{};  // of parse(); write() ignores them
  bool operator==(const AuthenticationResults&) const = default;
};

// Reads the value of a field, folding included.
AuthenticationResults parse(std::string_view value, const Limits& limits = {});

// Whether the field keeps to the grammar where that tells results apart: semicolons between them, comments and quoted
// strings that end where their writer meant. In any other a sender may have written results (RFC 8601 section 7.1),
// by an address or a HELO name that the server took over; no such field proves anything. A missing authserv-id, a
// property without its type and a value that should be quoted part nothing, and are no such fault.
[[nodiscard]] bool is_in_order(const AuthenticationResults& value);

// The value of a property, or nullptr. `name` is the name of RFC 8601; older spellings are found too
// (smtp.mailfrom: smtp.mail, smtp.mfrom, smtp.envelope-from, smtp.from; smtp.helo: smtp.ehlo; header.from:
// header.mail).
const std::string* find_property(const MethodResult& result, std::string_view ptype, std::string_view name);

// The result as a value; "hardfail" is fail (RFC 8601 section 2.7.2 note); any other word is unknown, never pass.
model::SpfResult spf_result(const MethodResult& result);
model::DkimResult dkim_result(const MethodResult& result);

// The value of an Authentication-Results field, folded to lines of at most 78 octets where the words allow it, lines
// joined by CRLF, without the field's name and final CRLF. Values are quoted where the grammar asks for it; control
// characters become blanks. parse(write(x)) gives x without defects.
std::string write(const AuthenticationResults& value);

}  // namespace ruaudit::verify::authres
