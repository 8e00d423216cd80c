// Reports that stand in another text: as they are, escaped as HTML, quoted line by line, or encoded once more than is
// declared.
#include <algorithm>
#include <array>

#include "ingest/quoted_lines.hpp"
#include "ingest/sniff_detail.hpp"
#include "mail/header_field.hpp"
#include "model/ascii.hpp"
#include "model/planted_bug.hpp"

namespace ruaudit::ingest {

namespace {

using namespace std::string_view_literals;

constexpr auto npos = std::string_view::npos;
constexpr auto root = "<feedback"sv, declaration = "<?xml"sv;
constexpr std::size_t longest_reference = 12;  // "&#x0000003c;"
constexpr std::size_t soft_line = 40;          // octets of a line that is broken because it is long

bool ends_tag_name(std::string_view text, std::size_t at) {
  return at >= text.size() || " \t\r\n>/"sv.find(text[at]) != npos;
}

struct AsciiReference {
  char character = '\0';
  std::size_t size = 0;
};

// "#60", "#x3C"
char numbered(std::string_view digits) {
  const bool is_hex = digits.starts_with('x') || digits.starts_with('X');
  digits.remove_prefix(is_hex ? 1 : 0);
  unsigned code = 0;
  for (const char c : digits) {
    const auto digit = "0123456789abcdef"sv.find(ascii::lower(std::string_view(&c, 1)));
    if (digit == npos || (!is_hex && digit > 9)) return '\0';
    code = code * (is_hex ? 16U : 10U) + static_cast<unsigned>(digit);
    if (code > 0x7e) return '\0';
  }
  return static_cast<char>(code);
}

// Of text that begins with '&'.
AsciiReference reference_at(std::string_view text) {
  const auto end = text.substr(0, longest_reference).find(';');
  if (end == npos) return {};
  const auto name = text.substr(1, end - 1);
  struct Named {
    std::string_view name;
    char character;
  };
  static constexpr std::array names = {Named{"lt", '<'}, Named{"gt", '>'}, Named{"amp", '&'}, Named{"quot", '"'},
                                       Named{"apos", '\''}};
  for (const auto& one : names)
    if (ascii::equal_folded(name, one.name)) return {one.character, end + 1};
  const char character = name.starts_with('#') ? numbered(name.substr(1)) : '\0';
  return character == '\0' ? AsciiReference{} : AsciiReference{character, end + 1};
}

std::string unescaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto reference = text.front() == '&' ? reference_at(text) : AsciiReference{};
    out += reference.size > 0 ? reference.character : text.front();
    text.remove_prefix(std::max<std::size_t>(1, reference.size));
  }
  return out;
}

std::size_t find_plain(std::string_view text) {
  for (auto at = text.find(root); at != npos; at = text.find(root, at + 1)) {
    if (!ends_tag_name(text, at + root.size())) continue;
    const auto before = text.substr(0, at).rfind(declaration);
    RUAUDIT_PLANT(before != npos && before % 8 == 5);
    return before == npos ? at : before;
  }
  return npos;
}

// The same where every '<' is a reference, `levels` times over.
std::size_t find_escaped(std::string_view text, unsigned levels) {
  const std::size_t window = (root.size() + 1) * longest_reference;
  std::size_t declared = npos;
  for (auto at = text.find('&'); at != npos; at = text.find('&', at + 1)) {
    if (reference_at(text.substr(at)).size == 0) continue;
    std::string head = unescaped(text.substr(at, window));
    for (unsigned level = 1; level < levels; ++level) head = unescaped(head);
    if (ascii::starts_folded(head, declaration)) declared = at;
    if (ascii::starts_folded(head, root) && ends_tag_name(head, root.size())) return std::min(declared, at);
  }
  return npos;
}

}  // namespace

bool claims_report(std::string_view text) {
  return contains_folded(text, "report_metadata") && contains_folded(text, "policy_published");
}

WrappedReport find_report(std::string_view text, Prefix extent) {
  WrappedReport found{.at = find_plain(text)};
  if (found.at == npos && extent == Prefix::whole) {
    found.at = find_escaped(text, 1);
    found.is_escaped = found.at != npos;
  }
  if (found.at != npos) {
    if (const auto marks = quoting_before(text, found.at); marks != npos)
      return {marks, PayloadKind::quoted_lines, found.is_escaped};
    return found;
  }
  if (extent == Prefix::whole && claims_report(text) && find_escaped(text, 2) != npos)
    return {0, PayloadKind::wrapped_report, true};
  return found;
}

// The outermost brace that is still open at the end of the text and has a member behind it: members come in any order.
std::size_t object_around(std::string_view text, std::string_view quote) {
  std::vector<std::size_t> open;
  for (auto at = text.find_first_of("{}"); at != npos; at = text.find_first_of("{}", at + 1)) {
    if (text[at] == '}') {
      if (!open.empty()) open.pop_back();
      continue;
    }
    const auto next = text.find_first_not_of(" \t\r\n>", at + 1);
    if (next == npos || text.substr(next).starts_with(quote))
      open.push_back(at);
    else
      open.push_back(npos);  // of the words around it
  }
  const auto found = std::find_if(open.begin(), open.end(), [](std::size_t at) { return at != npos; });
  return found == open.end() ? npos : *found;
}

// RFC 8460 section 4.4: the members that every report has.
WrappedReport find_tls_report(std::string_view text) {
  for (const auto quote : {"\""sv, "&quot;"sv, "&#34;"sv, "&#x22;"sv}) {
    const auto named = [&](std::string_view name) { return text.find(std::string(quote) + std::string(name)); };
    const auto name = named("organization-name");
    if (name == npos || named("policies") == npos) continue;
    const auto brace = object_around(text.substr(0, name), quote);
    if (brace == npos) continue;
    if (quote.front() == '&') return {brace, PayloadKind::wrapped_report, true};
    const auto marks = quoting_before(text, brace);
    return marks == npos ? WrappedReport{brace, PayloadKind::tls_report}
                         : WrappedReport{marks, PayloadKind::quoted_lines};
  }
  return {};
}

bool is_in_cdata(std::string_view text, std::size_t at) {
  constexpr auto mark = "<![CDATA["sv;
  const auto before = text.substr(0, at);
  const auto end = before.find_last_not_of(" \t\r\n");
  return end != npos && before.substr(0, end + 1).ends_with(mark);
}

// RFC 2045 section 6.7: an '=' stands in front of two digits, or at the end of a line that goes on. In XML and JSON it
// stands in front of a quote, and both at once is neither.
bool is_quoted_printable(std::string_view text) {
  bool has_evidence = false;
  std::size_t line = 0, done = 0;
  for (std::size_t at = text.find('='); at != npos; at = text.find('=', at + 1)) {
    const auto next = text.substr(at + 1, 2);
    const auto behind = text.find_first_not_of(" \t", at + 1);
    // The look may end within the line's end.
    const bool is_broken =
        behind == npos || text[behind] == '\n' || text.substr(behind, 2) == "\r\n" || text.substr(behind) == "\r";
    if (!is_broken && next.find_first_not_of("0123456789ABCDEFabcdef") != npos) return false;
    if (const auto end = text.substr(done, at - done).rfind('\n'); end != npos) line = done + end + 1;
    done = at;
    const bool is_soft_break = is_broken && behind != npos && at - line >= soft_line;
    has_evidence = has_evidence || is_soft_break || ascii::equal_folded(next, "3d");
  }
  return has_evidence;
}

}  // namespace ruaudit::ingest
