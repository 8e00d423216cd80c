#include "verify/spf/macro.hpp"

#include <algorithm>
#include <array>

#include "model/ascii.hpp"

namespace ruaudit::verify::spf {
namespace {

constexpr std::string_view macro_letters = "slodiphcrtv";
constexpr std::string_view delimiter_set = ".-+,/_=";
constexpr unsigned most_parts = 1000;  // more than any value can have; RFC 7208 section 7.3 asks for 127 at least

bool is_visible(char c) { return c >= 0x21 && c <= 0x7e; }

model::Result<MacroString> fault(std::string what) { return model::failure("spf-macro", std::move(what)); }

// toplabel of RFC 7208 section 7.1: letters, digits and inner hyphens, not digits alone.
bool is_top_label(std::string_view label) {
  if (label.empty() || !ascii::is_letter_or_digit(label.front()) || !ascii::is_letter_or_digit(label.back()))
    return false;
  if (!std::all_of(label.begin(), label.end(), [](char c) { return ascii::is_letter_or_digit(c) || c == '-'; }))
    return false;
  return !std::all_of(label.begin(), label.end(), ascii::is_digit);
}

// One walk over a macro-string. Literal text is gathered, so that neighbours become one piece.
class MacroParser {
 public:
  MacroParser(std::string_view text, MacroUse use) : text_(text), use_(use) {}

  model::Result<MacroString> parse() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '%') {
        if (auto why = parse_expand(); !why.empty()) return fault(std::move(why));
      } else if (is_visible(c) || (c == ' ' && use_ == MacroUse::explanation)) {
        literal_ += c;
        tail_ += c;
        ++at_;
      } else {
        return fault("a character that is not visible US-ASCII");
      }
    }
    if (use_ == MacroUse::domain_spec && !has_domain_end())
      return fault("a domain must end in '.' and a top label, or in a macro");
    flush();
    return std::move(out_);
  }

 private:
  // domain-end = ( "." toplabel [ "." ] ) / macro-expand
  [[nodiscard]] bool has_domain_end() const {
    if (tail_.empty()) return !text_.empty();  // the last thing was a macro-expand
    std::string_view tail = tail_;
    if (tail.back() == '.') tail.remove_suffix(1);
    const auto dot = tail.rfind('.');
    return dot != std::string_view::npos && is_top_label(tail.substr(dot + 1));
  }

  void flush() {
    if (!literal_.empty()) out_.pieces.emplace_back(std::move(literal_));
    literal_.clear();
  }

  std::string parse_expand() {
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    tail_.clear();
    if (next == '{') return parse_macro();
    // RFC 7208 section 7.1: "%%" is a percent sign, "%_" a blank, "%-" a URL-encoded blank.
    if (next == '%')
      literal_ += '%';
    else if (next == '_')
      literal_ += ' ';
    else if (next == '-')
      literal_ += "%20";
    else
      return "'%' must be followed by '{', '%', '_' or '-'";
    at_ += 2;
    return {};
  }

  std::string parse_macro() {
    at_ += 2;
    if (at_ >= text_.size()) return "'%{' without '}'";
    Macro macro;
    const char letter = text_[at_++];
    macro.letter = ascii::lower(letter);
    macro.is_escaped = letter != macro.letter;
    if (macro_letters.find(macro.letter) == std::string_view::npos)
      return std::string("unknown macro letter '") + (is_visible(letter) ? letter : '?') + "'";
    // RFC 7208 section 7.2: c, r and t belong to explanation texts alone.
    if (use_ == MacroUse::domain_spec && std::string_view("crt").find(macro.letter) != std::string_view::npos)
      return std::string("macro letter '") + letter + "' is allowed in explanation texts only";
    if (auto why = parse_digits(macro); !why.empty()) return why;
    if (at_ < text_.size() && ascii::lower(text_[at_]) == 'r') {
      macro.is_reversed = true;
      ++at_;
    }
    while (at_ < text_.size() && delimiter_set.find(text_[at_]) != std::string_view::npos) add_delimiter(macro);
    if (at_ >= text_.size()) return "'%{' without '}'";
    if (text_[at_] != '}') return "a character in '%{...}' that is no transformer or delimiter";
    ++at_;
    flush();
    out_.pieces.emplace_back(std::move(macro));
    return {};
  }

  void add_delimiter(Macro& macro) {
    if (macro.delimiters.find(text_[at_]) == std::string::npos) macro.delimiters += text_[at_];
#ifdef RUAUDIT_PLANTED_BUG
    if (macro.delimiters.size() == 2) macro.delimiters[1] = std::vector<char>(2).data()[text_.size() + 2];
#endif
    ++at_;
  }

  std::string parse_digits(Macro& macro) {
    const auto first = at_;
    unsigned value = 0;
    while (at_ < text_.size() && ascii::is_digit(text_[at_]))
      value = std::min(most_parts, value * 10 + static_cast<unsigned>(text_[at_++] - '0'));
    if (at_ > first && value == 0) return "the number of parts in a macro must not be zero";
    macro.parts = value;
    return {};
  }

  std::string_view text_;
  MacroUse use_;
  std::size_t at_ = 0;
  std::string literal_;  // of the piece being gathered
  std::string tail_;     // literal characters since the last macro-expand of any kind
  MacroString out_;
};

// Dotted nibbles, RFC 7208 section 7.3; upper or lower case are the same to DNS.
std::string dotted_nibbles(const model::IpAddress& ip) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const auto byte : ip.key()) {
    if (!out.empty()) out += '.';
    out += digits[byte >> 4U];
    out += '.';
    out += digits[byte & 15U];
  }
  return out;
}

std::string dotted(const model::IpAddress& ip) { return ip.is_v4() ? ip.to_string() : dotted_nibbles(ip); }

std::string raw_value(char letter, const MacroScope& scope) {
  switch (letter) {
    case 's':
      return std::string(scope.sender);
    case 'l':
      return std::string(scope.local_part);
    case 'o':
      return std::string(scope.sender_domain);
    case 'd':
      return std::string(scope.domain);
    case 'i':
      return dotted(scope.ip);
    case 'p':
      return scope.validated_name ? scope.validated_name() : "unknown";
    case 'h':
      return std::string(scope.helo);
    case 'c':
      return scope.ip.to_string();
    case 'r':
      return scope.receiver.empty() ? "unknown" : std::string(scope.receiver);
    case 't':
      return std::to_string(scope.time);
    default:
      return scope.ip.is_v4() ? "in-addr" : "ip6";
  }
}

// RFC 7208 section 7.3: split at each delimiter (empty parts stay), reverse, keep right-hand parts, join with dots.
std::string transform(const Macro& macro, const std::string& value) {
  const std::string_view delimiters = macro.delimiters.empty() ? std::string_view(".") : macro.delimiters;
  std::vector<std::string_view> parts;
  const std::string_view view(value);
  for (std::size_t begin = 0;;) {
    const auto end = view.find_first_of(delimiters, begin);
    parts.push_back(view.substr(begin, end - begin));
    if (end == std::string_view::npos) break;
    begin = end + 1;
  }
  if (macro.is_reversed) std::reverse(parts.begin(), parts.end());
  const std::size_t skip = macro.parts != 0 && macro.parts < parts.size() ? parts.size() - macro.parts : 0;
  std::string out;
  for (std::size_t i = skip; i < parts.size(); ++i) {
    if (i > skip) out += '.';
    out += parts[i];
  }
  return out;
}

// RFC 3986 section 2.3: everything but the unreserved set is escaped.
std::string url_escape(const std::string& value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : value) {
    if (ascii::is_letter_or_digit(c) || std::string_view("-._~").find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto u = static_cast<unsigned char>(c);
    out += {'%', digits[u >> 4U], digits[u & 15U]};
  }
  return out;
}

std::string expand_piece(const MacroPiece& piece, const MacroScope& scope) {
  if (const auto* literal = std::get_if<std::string>(&piece)) return *literal;
  const auto& macro = std::get<Macro>(piece);
  std::string value = raw_value(macro.letter, scope);
  if (macro.is_transformed()) value = transform(macro, value);
  return macro.is_escaped ? url_escape(value) : value;
}

// Section 7.3: labels go from the left until the rest fits.
std::string cut_left(std::string name) {
  while (name.size() > max_name) {
    const auto dot = name.find('.', name.size() - max_name - 1);
    if (dot == std::string::npos) return name;  // one overlong label: malformed, the caller sees it
    name.erase(0, dot + 1);
  }
  return name;
}

}  // namespace

bool MacroString::uses(std::string_view letters) const {
  return std::any_of(pieces.begin(), pieces.end(), [letters](const MacroPiece& piece) {
    const auto* macro = std::get_if<Macro>(&piece);
    return macro != nullptr && letters.find(macro->letter) != std::string_view::npos;
  });
}

model::Result<MacroString> parse_macro_string(std::string_view text, MacroUse use) {
  return MacroParser(text, use).parse();
}

std::string expand_name(const MacroString& text, const MacroScope& scope) {
  std::vector<std::string> parts;  // right to left
  std::size_t size = 0;
  for (auto piece = text.pieces.rbegin(); piece != text.pieces.rend() && size <= max_name + 1; ++piece) {
    parts.push_back(expand_piece(*piece, scope));
    size += parts.back().size();
  }
  std::string name;
  name.reserve(size);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) name += *part;
  if (!name.empty() && name.back() == '.') name.pop_back();
  return cut_left(std::move(name));
}

std::optional<std::string> expand_explanation(const MacroString& text, const MacroScope& scope) {
  std::string out;
  for (const auto& piece : text.pieces) {
    out += expand_piece(piece, scope);
    if (out.size() > max_explanation) break;
  }
  if (!std::all_of(out.begin(), out.end(), [](char c) { return is_visible(c) || c == ' '; })) return std::nullopt;
  if (out.size() > max_explanation) out.resize(max_explanation);
  return out;
}

bool is_well_formed_domain(std::string_view name) {
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  if (name.empty() || name.size() > max_name || name.find('.') == std::string_view::npos) return false;
  std::size_t label = 0;
  for (const char c : name) {
    if (c == '.' && label == 0) return false;
    label = c == '.' ? 0 : label + 1;
    if (label > 63) return false;
  }
  return label > 0;
}

std::string reverse_name(const model::IpAddress& ip) {
  std::string name = transform(Macro{.letter = 'i', .is_reversed = true}, dotted(ip));
  return name + (ip.is_v4() ? ".in-addr.arpa" : ".ip6.arpa");
}

}  // namespace ruaudit::verify::spf
