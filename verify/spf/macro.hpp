// SPF macro strings (RFC 7208 section 7): parsed once into pieces, expanded as often as asked. A text enters, pieces
// or the fault of its syntax leave; pieces and a MacroScope enter, text leaves. Expansion of a name is built from its
// right end and stops once 253 octets are passed, so that work is bounded by the name's length and not by the
// values' (section 7.3 cuts labels off the left side). Explanations are bounded by max_explanation.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/ip_address.hpp"
#include "model/result.hpp"

namespace ruaudit::verify::spf {

inline constexpr std::size_t max_explanation = 2000;  // octets, RFC 7208 sections 6.2 and 11.5.2
inline constexpr std::size_t max_name = 253;

struct Macro {
  char letter = 's';   // lower case
  unsigned parts = 0;  // DIGIT transformer: right-hand parts to keep; 0 = all
  bool is_reversed = false;
  bool is_escaped = false;   // upper-case letter: URL escape
  std::string delimiters{};  // empty = "."
  bool operator==(const Macro&) const = default;
  [[nodiscard]] bool is_transformed() const { return parts != 0 || is_reversed || !delimiters.empty(); }
};

using MacroPiece = std::variant<std::string, Macro>;  // literal text (with %%, %_, %- resolved) or a macro
struct MacroString {
  std::vector<MacroPiece> pieces{};
  bool operator==(const MacroString&) const = default;
  // True when any piece is one of these macro letters.
  [[nodiscard]] bool uses(std::string_view letters) const;
};

// Where a macro string stands decides what it may hold.
enum class MacroUse : std::uint8_t {
  domain_spec,       // no c, r, t; must end in a top label or a macro (section 7.1)
  unknown_modifier,  // any macro-string
  explanation,       // explain-string: blanks allowed, all letters
};

// The pieces of text, or error "spf-macro" with the fault as message. Linear in the text.
model::Result<MacroString> parse_macro_string(std::string_view text, MacroUse use);

// What the letters stand for. `domain` changes with include and redirect, the rest does not.
struct MacroScope {
  std::string_view sender;                        // s
  std::string_view local_part;                    // l
  std::string_view sender_domain;                 // o
  std::string_view domain;                        // d
  model::IpAddress ip;                            // i, c, v
  std::string_view helo;                          // h
  std::string_view receiver;                      // r
  std::int64_t time = 0;                          // t
  std::function<std::string()> validated_name{};  // p, asked only when needed
};

// The <target-name>: without one trailing dot, labels cut off the left until it has at most 253 octets.
std::string expand_name(const MacroString& text, const MacroScope& scope);

// The explanation; nothing when the expansion is not US-ASCII. Longer ones are cut at max_explanation.
std::optional<std::string> expand_explanation(const MacroString& text, const MacroScope& scope);

// RFC 7208 section 4.3: a multi-label name whose labels have 1 to 63 octets, at most 253 in all.
bool is_well_formed_domain(std::string_view name);

// ".in-addr.arpa" or ".ip6.arpa" name of ip.
std::string reverse_name(const model::IpAddress& ip);

}  // namespace ruaudit::verify::spf
