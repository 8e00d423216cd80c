#include <algorithm>
#include <array>

#include "model/ascii.hpp"
#include "verify/authres/authres.hpp"
#include "verify/authres/lexer_detail.hpp"

namespace ruaudit::verify::authres {
namespace {

constexpr std::size_t max_detail = 200;

// Words that begin a result even where no semicolon stands before them (the registry of RFC 8601 section 6.3 and what
// large receivers write).
constexpr std::array<std::string_view, 20> known_methods = {
    "arc",        "auth",  "bimi", "compauth", "dara",      "dkim",  "dkim-adsp", "dkim-atps", "dmarc", "dnswl",
    "domainkeys", "iprev", "ptr",  "rrvs",     "sender-id", "smime", "spf",       "tls",       "vbr",   "x-ptr"};

bool is_known_method(std::string_view word) {
  return std::find(known_methods.begin(), known_methods.end(), word) != known_methods.end();
}

unsigned number(std::string_view digits) {
  unsigned value = 0;
  for (const char c : digits.substr(0, 6)) value = value * 10 + static_cast<unsigned>(c - '0');
  return value;
}

bool is_number(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// tspecials and octets of no text stand in quoted strings alone; one "@" parts a mailbox. RFC 8601 section 2.2
bool is_plain_value(std::string_view word) {
  const bool has_odd = std::any_of(word.begin(), word.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == 0x7f ||
           std::string_view("<>[],\\").find(c) != std::string_view::npos;
  });
  return !has_odd && std::count(word.begin(), word.end(), '@') <= 1;
}

class Parser {
 public:
  Parser(std::string_view value, const Limits& limits) : in_(value.substr(0, limits.bytes)), limits_(limits) {
    if (value.size() > limits.bytes) defect("authres-too-long", "cut off after " + std::to_string(limits.bytes));
  }

  AuthenticationResults parse() {
    parse_head();
    for (;;) {
      in_.skip();
      if (in_.take(';')) continue;  // an empty result, mostly a semicolon at the end: nothing is lost
      if (in_.at_end()) break;
      if (out_.results.size() >= limits_.results) {
        defect("authres-too-many-results", std::to_string(limits_.results) + " were kept");
        break;
      }
      parse_result();
    }
    if (in_.is_torn()) defect("authres-torn", "a comment holds one quote alone, or something has no end");
    if (out_.results.empty() && !out_.is_none) defect("authres-no-result", "");
    if (is_none_beside_others_) defect("authres-none-beside-results", "");
    return std::move(out_);
  }

 private:
  void defect(std::string code, std::string_view detail) {
    if (out_.defects.size() < limits_.defects)
      out_.defects.push_back({std::move(code), std::string(detail.substr(0, max_detail))});
  }

  // True when what follows (blanks and comments aside) is c. Does not move.
  bool is_next(char c) {
    const auto place = in_.position();
    in_.skip();
    const bool is_it = !in_.at_end() && in_.peek() == c;
    in_.rewind(place);
    return is_it;
  }

  // authserv-id [ CFWS authres-version ], RFC 8601 section 2.2.
  void parse_head() {
    in_.skip();
    const auto begin = in_.position();
    auto id = in_.peek() == '"' ? in_.quoted() : in_.word(";=()\"");
    // "dmarc=fail ...": the id is missing and this is the first result; "dkim/1=pass" and "none" likewise.
    if (id.empty() || is_next('=') || (ascii::lower(id) == "none" && !is_next(';'))) {
      defect("authres-no-authserv-id", "");
      in_.rewind(begin);
      return;
    }
    out_.authserv_id = std::move(id);
    in_.skip();
    const auto place = in_.position();
    if (const auto version = in_.word(";=()\""); is_number(version))
      out_.version = number(version);
    else
      in_.rewind(place);
    in_.skip();
    if (!in_.at_end() && in_.peek() != ';') defect("authres-missing-semicolon", "after the authserv-id");
  }

  // resinfo = [CFWS] methodspec [ CFWS reasonspec ] [ CFWS 1*propspec ]
  void parse_result() {
    const auto begin = in_.position();
    MethodResult result;
    result.method = ascii::lower(in_.word(";=()\"/"));
    in_.skip(&result.comments);
    if (result.method == "none" && (in_.at_end() || in_.peek() == ';')) {
      is_none_beside_others_ |= out_.is_none || !out_.results.empty();
      out_.is_none = true;
      return;
    }
    is_none_beside_others_ |= out_.is_none;
    if (in_.take('/')) {
      in_.skip(&result.comments);
      if (const auto version = in_.word(";=()\""); is_number(version)) result.version = number(version);
      in_.skip(&result.comments);
    }
    if (result.method.empty() || !in_.take('=')) {
      in_.rewind(begin);
      skip_unreadable();
      return;
    }
    in_.skip(&result.comments);
    if (in_.peek() == '"') defect("authres-value-not-token", result.method);
    result.result = ascii::lower(in_.peek() == '"' ? in_.quoted() : in_.word(";=()\""));
    if (result.result.empty()) defect("authres-no-result-word", result.method);
    while (parse_property(result)) {
    }
    out_.results.push_back(std::move(result));
  }

  void skip_unreadable() {
    const auto begin = in_.position();
    auto text = in_.rest_of_result();
    if (text.empty() && !in_.at_end()) {  // a lone quote or bracket
      in_.rewind(begin + 1);
      text = in_.since(begin);
    }
    defect("authres-unreadable", text);
  }

  // reasonspec or propspec; false at the end of this result.
  bool parse_property(MethodResult& result) {
    in_.skip(&result.comments);
    if (in_.at_end() || in_.peek() == ';') return false;
    const auto begin = in_.position();
    if (in_.peek() == '"') {
      (void)in_.quoted();
      defect("authres-stray-text", in_.since(begin));
      return true;
    }
    auto word = ascii::lower(in_.word(";=()\"."));
    in_.skip(&result.comments);
    std::string name;
    const bool has_ptype = in_.take('.');
    if (has_ptype) {
      in_.skip(&result.comments);
      name = (word.empty() ? "." : "") + ascii::lower(in_.word(";=()\""));
      in_.skip(&result.comments);
    }
    if (!in_.take('=')) {
      if (in_.position() == begin) in_.rewind(begin + 1);  // a lone bracket: always move on
      defect("authres-stray-text", in_.since(begin));
      return true;
    }
    if (!has_ptype && is_known_method(word)) {  // "spf=pass smtp.mailfrom=x dkim=pass": no semicolon between
      defect("authres-missing-semicolon", word);
      in_.rewind(begin);
      return false;
    }
    add(result, has_ptype ? Property{word, name, {}} : Property{{}, word, {}});
    return true;
  }

  void add(MethodResult& result, Property property) {
    in_.skip(&result.comments);
    property.value = parse_value();
    if (property.ptype.empty() && property.name == "reason") {
      result.reason = std::move(property.value);
      return;
    }
    if (property.ptype.empty()) defect("authres-property-without-type", property.name);
    if (result.properties.size() < limits_.properties)
      result.properties.push_back(std::move(property));
    else
      defect("authres-too-many-properties", property.name);
  }

  // pvalue: a token, a quoted string or a mailbox. Unquoted "/", ":" and "=" are part of real values.
  std::string parse_value() {
    const bool is_quoted = in_.peek() == '"';
    auto value = is_quoted ? in_.quoted() : std::string{};
    if (is_quoted && (in_.at_end() || in_.peek() != '@')) return value;
    const auto word = in_.word(";()\"");  // all of it, or what follows a quoted local part
    if (!is_plain_value(word)) defect("authres-value-not-token", word);
    return value + word;
  }

  Lexer in_;
  const Limits& limits_;
  AuthenticationResults out_;
  bool is_none_beside_others_ = false;
};

struct Alias {
  std::string_view ptype;
  std::string_view name;
  std::string_view old_name;
};
constexpr Alias aliases[] = {
    {"smtp", "mailfrom", "mail"}, {"smtp", "mailfrom", "mfrom"}, {"smtp", "mailfrom", "envelope-from"},
    {"smtp", "mailfrom", "from"}, {"smtp", "helo", "ehlo"},      {"header", "from", "mail"}};

const std::string* find_exact(const MethodResult& result, std::string_view ptype, std::string_view name) {
  for (const auto& property : result.properties)
    if (property.ptype == ptype && property.name == name) return &property.value;
  return nullptr;
}

}  // namespace

AuthenticationResults parse(std::string_view value, const Limits& limits) { return Parser(value, limits).parse(); }

bool is_in_order(const AuthenticationResults& value) {
  return std::all_of(value.defects.begin(), value.defects.end(), [](const model::Defect& defect) {
    return defect.code == "authres-no-authserv-id" || defect.code == "authres-property-without-type" ||
           defect.code == "authres-value-not-token";
  });
}

const std::string* find_property(const MethodResult& result, std::string_view ptype, std::string_view name) {
  if (const auto* found = find_exact(result, ptype, name)) return found;
  for (const auto& alias : aliases)
    if (alias.ptype == ptype && alias.name == name)
      if (const auto* found = find_exact(result, ptype, alias.old_name)) return found;
  return nullptr;
}

model::SpfResult spf_result(const MethodResult& result) {
  if (result.result == "hardfail") return model::SpfResult::fail;
  return model::parse_enum<model::SpfResult>(result.result).value_or(model::SpfResult::unknown);
}

model::DkimResult dkim_result(const MethodResult& result) {
  if (result.result == "hardfail") return model::DkimResult::fail;
  return model::parse_enum<model::DkimResult>(result.result).value_or(model::DkimResult::unknown);
}

}  // namespace ruaudit::verify::authres
