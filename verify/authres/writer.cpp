#include <algorithm>

#include "verify/authres/authres.hpp"

namespace ruaudit::verify::authres {
namespace {

constexpr std::size_t max_line = 78;  // RFC 5322 section 2.1.1
constexpr std::string_view first_indent = "\r\n  ";
constexpr std::string_view next_indent = "\r\n    ";

bool is_token_char(char c) {  // RFC 2045 section 5.1
  return c > 0x20 && c < 0x7f && std::string_view("()<>@,;:\\\"/[]?=").find(c) == std::string_view::npos;
}

bool is_token(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char); }

// value, or [ [ local-part ] "@" ] domain-name: what needs no quotes (RFC 8601 section 2.2).
bool is_bare_value(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos) return is_token(text);
  return (at == 0 || is_token(text.substr(0, at))) && is_token(text.substr(at + 1));
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += is_control(c) ? ' ' : c;
  }
  return out + '"';
}

std::string value_text(std::string_view text) { return is_bare_value(text) ? std::string(text) : quote(text); }
std::string token_text(std::string_view text) { return is_token(text) ? std::string(text) : quote(text); }

std::string comment_text(std::string_view text) {
  std::string out = "(";
  for (const char c : text) {
    if (c == '(' || c == ')' || c == '\\') out += '\\';
    out += is_control(c) ? ' ' : c;
  }
  return out + ')';
}

// Words joined by blanks, with a fold before a word that would pass the line's end.
class Folder {
 public:
  void word(const std::string& text) {
    if (line_ > 0 && line_ + 1 + text.size() > max_line) {
      append(next_indent);
    } else if (line_ > 0 && !is_fresh_) {
      append(" ");
    }
    is_fresh_ = false;
    append(text);
  }
  void new_result() {
    append(";");
    append(first_indent);
    is_fresh_ = true;
  }
  std::string take() { return std::move(out_); }

 private:
  void append(std::string_view text) {
    out_ += text;
    const auto end = text.rfind('\n');
    line_ = end == std::string_view::npos ? line_ + text.size() : text.size() - end - 1;
  }
  std::string out_;
  std::size_t line_ = std::string_view("Authentication-Results: ").size();
  bool is_fresh_ = true;
};

void write_result(Folder& out, const MethodResult& result) {
  std::string spec = result.method;
  if (result.version != 1) spec += "/" + std::to_string(result.version);
  out.word(spec + "=" + token_text(result.result));
  for (const auto& comment : result.comments) out.word(comment_text(comment));
  if (!result.reason.empty()) out.word("reason=" + token_text(result.reason));
  for (const auto& property : result.properties)
    out.word((property.ptype.empty() ? property.name : property.ptype + "." + property.name) + "=" +
             value_text(property.value));
}

}  // namespace

std::string write(const AuthenticationResults& value) {
  Folder out;
  out.word(token_text(value.authserv_id));
  if (value.version != 1) out.word(std::to_string(value.version));
  for (const auto& result : value.results) {
    out.new_result();
    write_result(out, result);
  }
  if (value.results.empty()) {
    out.new_result();
    out.word("none");
  }
  return out.take();
}

}  // namespace ruaudit::verify::authres
