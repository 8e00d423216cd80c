#include "verify/trace/received.hpp"

#include <algorithm>
#include <vector>

#include "mail/mail_date.hpp"
#include "model/ascii.hpp"

namespace ruaudit::verify::trace {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view without_brackets(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && text.front() == '<' && text.back() == '>') text = text.substr(1, text.size() - 2);
  return text;
}

enum class Kind { word, comment, semicolon };
struct Token {
  Kind kind;
  std::string_view text;  // of a comment: its inside
};

// Words, comments (with what is nested in them) and semicolons. Bytes in quotes belong to their word.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  std::optional<Token> next() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    if (at_ >= text_.size()) return std::nullopt;
    if (text_[at_] == ';') return Token{Kind::semicolon, text_.substr(at_++, 1)};
    if (text_[at_] == '(') return comment();
    const auto begin = at_;
    bool is_quoted = false;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (is_quoted && c == '\\') {  // RFC 5322 section 3.2.4: a quoted pair
        ++at_;
        continue;
      }
      if (c == '"') is_quoted = !is_quoted;
      if (!is_quoted && (is_blank(c) || c == '(' || c == ';')) break;
    }
    at_ = std::min(at_, text_.size());
    return Token{Kind::word, text_.substr(begin, at_ - begin)};
  }
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

 private:
  Token comment() {
    const auto begin = ++at_;
    for (std::size_t depth = 1; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
        continue;
      }
      if (text_[at_] == '(') ++depth;
      if (text_[at_] == ')' && --depth == 0) break;
    }
    const auto end = std::min(at_, text_.size());
    at_ = std::min(at_ + 1, text_.size());
    return {Kind::comment, text_.substr(begin, end - begin)};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// "[192.0.2.1]", "192.0.2.1"
bool is_in_brackets(std::string_view word) { return word.size() > 2 && word.front() == '[' && word.back() == ']'; }

// The word behind key in a comment ("helo=name", "HELO name"), and the comment before it.
struct Keyed {
  std::string_view before;
  std::string value;
};
std::optional<Keyed> find_key(std::string_view comment, std::string_view key) {
  const auto folded = ascii::lower(comment);
  for (auto at = folded.find(key); at != std::string::npos; at = folded.find(key, at + 1)) {
    if (at > 0 && !is_blank(folded[at - 1])) continue;
    auto rest = comment.substr(at + key.size());
    rest = trim(rest);
    const auto end = std::find_if(rest.begin(), rest.end(), is_blank);
    return Keyed{comment.substr(0, at), std::string(rest.begin(), end)};
  }
  return std::nullopt;
}

// The last bracketed address of a comment: what stands before it can come from the client. Without brackets, a word.
std::optional<model::IpAddress> ip_in_comment(std::string_view comment) {
  constexpr std::size_t longest = 64;  // "[IPv6:...]:port"
  constexpr int most_brackets = 20;
  auto open = comment.rfind('[');
  for (int i = 0; i < most_brackets && open != std::string_view::npos; ++i) {
    if (auto ip = parse_client_ip(comment.substr(open, longest))) return ip;
    open = open == 0 ? std::string_view::npos : comment.rfind('[', open - 1);
  }
  Tokens tokens(comment);
  while (const auto token = tokens.next())
    if (token->kind == Kind::word && token->text.size() <= longest)  // qmail: "(192.0.2.1)" or "(ident@192.0.2.1)"
      if (auto ip = parse_client_ip(token->text.substr(token->text.rfind('@') + 1))) return ip;
  return std::nullopt;
}

// "mx.a.example [192.0.2.1]": the word before the address, without the dot that some servers end names with.
std::string name_before_address(std::string_view comment) {
  const auto open = comment.find('[');
  if (open == std::string_view::npos) return {};
  auto name = trim(comment.substr(0, open));
  if (const auto blank = name.find_last_of(" \t\r\n"); blank != std::string_view::npos) name = name.substr(blank + 1);
  if (name.ends_with('.')) name.remove_suffix(1);
  constexpr std::size_t longest_name = 253;
  const bool is_name =
      !name.empty() && name.size() <= longest_name && name.find_first_of("=@<>\"") == std::string_view::npos;
  return is_name ? std::string(name) : std::string();
}

void read_client_comment(std::string_view comment, Received& out) {
  if (out.client_name.empty()) out.client_name = name_before_address(comment);
  auto place = comment;
  for (const std::string_view key : {"helo=", "helo ", "ehlo ", "lhlo "}) {
    const auto found = find_key(comment, key);
    if (!found) continue;
    if (out.helo.empty()) out.helo = found->value;
    place = found->before;
    break;
  }
  if (!out.ip) out.ip = ip_in_comment(place);
}

void read_any_comment(std::string_view comment, Received& out) {
  // Sendmail, Postfix, Courier.
  for (const std::string_view sign : {"authenticated bits=", "authenticated sender: ", "auth: "})
    out.is_authenticated = out.is_authenticated || ascii::starts_folded(trim(comment), sign);
  if (out.envelope_from) return;
  for (const std::string_view key : {"envelope-from ", "envelope-from=", "envelope-sender "})
    if (const auto found = find_key(comment, key)) {
      out.envelope_from = std::string(without_brackets(found->value));
      return;
    }
}

enum class Clause { none, from, by, with, id, envelope_for, other };
struct ClauseWord {
  std::string_view word;
  Clause clause;
};
constexpr ClauseWord clauses[] = {{"from", Clause::from},        {"by", Clause::by},
                                  {"with", Clause::with},        {"id", Clause::id},
                                  {"for", Clause::envelope_for}, {"via", Clause::other}};

std::optional<Clause> clause_of(std::string_view word) {
  const auto folded = ascii::lower(word.substr(0, 5));
  for (const auto& row : clauses)
    if (row.word == folded) return row.clause;
  return std::nullopt;
}

std::string* slot(Received& out, Clause clause) {
  switch (clause) {
    case Clause::from:
      return &out.from;
    case Clause::by:
      return &out.by;
    case Clause::with:
      return &out.with;
    case Clause::id:
      return &out.id;
    case Clause::envelope_for:
      return &out.envelope_for;
    default:
      return nullptr;
  }
}

// `written`: the last address that stands behind the name, "from mx.a.example [192.0.2.1] by ...".
void read_word(std::string_view word, Clause& clause, Received& out, std::optional<model::IpAddress>& written) {
  auto* value = slot(out, clause);
  if (value != nullptr && value->empty()) {  // the word right behind its keyword, whatever it is
    *value = std::string(clause == Clause::envelope_for ? without_brackets(word) : word);
    return;
  }
  if (const auto next = clause_of(word)) {
    const auto* filled = slot(out, *next);
    // A clause comes once; "with ... id ..." in free text after it is not another one.
    clause = filled != nullptr && !filled->empty() ? Clause::other : *next;
  } else if (clause == Clause::with) {
    *value += " " + std::string(word);  // "with Microsoft SMTP Server"
  } else if (clause == Clause::from && is_in_brackets(word)) {
    written = parse_client_ip(word);
  }
}

}  // namespace

std::optional<model::IpAddress> parse_client_ip(std::string_view text) {
  text = trim(text);
  if (!text.empty() && text.front() == '[') {
    text.remove_prefix(1);
    text = text.substr(0, text.find(']'));
  }
  if (ascii::lower(text.substr(0, 5)) == "ipv6:") text.remove_prefix(5);
  if (const auto colon = text.find(':');
      colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos)
    text = text.substr(0, colon);         // one colon: a port after an IPv4 address
  text = text.substr(0, text.find('%'));  // "fe80::1%12": of which interface
  const auto ip = model::IpAddress::parse(text);
  return ip ? std::optional(*ip) : std::nullopt;
}

Received parse_received(std::string_view value) {
#ifdef RUAUDIT_PLANTED_BUG  // reads behind the end of a value that ends in a semicolon
  if (value.ends_with(';') && value.data()[value.size() + 1] == 'x') value.remove_suffix(1);
#endif
  value = value.substr(0, max_value);
  Received out;
  Tokens tokens(value);
  Clause clause = Clause::none;
  std::string_view date;
  std::optional<model::IpAddress> written;
  while (const auto token = tokens.next()) {
    if (token->kind == Kind::semicolon) {
      date = tokens.rest();
      clause = Clause::other;
    } else if (token->kind == Kind::comment) {
      if (clause == Clause::from) read_client_comment(token->text, out);
      if (clause == Clause::by && out.by_name.empty()) out.by_name = name_before_address(token->text);
      read_any_comment(token->text, out);
    } else {
      read_word(token->text, clause, out, written);
    }
  }
  if (!date.empty()) out.time = model::parse_mail_date(date);
  // "from [192.0.2.1]": Exim writes the client's address itself where it has no name; "from 192.0.2.1 (EHLO a)": so
  // does Yahoo, and tells what the client said beside it.
  if (!out.ip && (out.from.starts_with('[') || !out.helo.empty())) out.ip = parse_client_ip(out.from);
  if (!out.ip) out.ip = written;
  if (out.helo.empty()) out.helo = out.from;
  return out;
}

namespace {

std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(without_brackets(text));
  std::string out;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\' && i + 2 < text.size()) ++i;
    out += text[i];
  }
  return std::string(without_brackets(out));
}

constexpr std::string_view keys[] = {"client-ip", "envelope-from", "helo",     "identity",
                                     "mechanism", "problem",       "receiver", "x-software"};

void read_pair(std::string_view key, std::string value, ReceivedSpf& out) {
  if (key == "client-ip")
    out.client_ip = parse_client_ip(value);
  else if (key == "envelope-from")
    out.envelope_from = std::move(value);
  else if (key == "helo")
    out.helo = std::move(value);
  else if (key == "identity")
    out.identity = ascii::lower(value);
  else if (key == "receiver")
    out.receiver = std::move(value);
  else if (key == "mechanism")
    out.mechanism = std::move(value);
}

// key-value-pair = key [CFWS] "=" ( dot-atom / quoted-string ), and CFWS around the value too: RFC 7208 section 9.1.
// The words of a pair arrive one by one; pairs end with ";" or, in practice, a blank.
class PairReader {
 public:
  explicit PairReader(ReceivedSpf& out) : out_(out) {}

  void take(std::string_view word) {
    const auto equals = word.find('=');
    if (is_open_ && !begins_pair(word, equals)) return finish(word);
    if (is_open_) finish({});
    if (equals == std::string_view::npos) return void(key_ = ascii::lower(word));  // its "=" may follow
    if (equals > 0) key_ = ascii::lower(word.substr(0, equals));
    is_open_ = !key_.empty();
    if (is_open_ && equals + 1 < word.size()) finish(word.substr(equals + 1));
  }
  void end() {
    if (is_open_) finish({});
    key_.clear();
  }

 private:
  // "helo=" behind "envelope-from=" is the next pair; "a=b@c" there is an address.
  static bool begins_pair(std::string_view word, std::size_t equals) {
    return equals != std::string_view::npos &&
           std::find(std::begin(keys), std::end(keys), ascii::lower(word.substr(0, equals))) != std::end(keys);
  }

  void finish(std::string_view value) {
    read_pair(key_, unquoted(value), out_);
    key_.clear();
    is_open_ = false;
  }

  ReceivedSpf& out_;
  std::string key_;
  bool is_open_ = false;  // key and "=" were read, the value is due
};

}  // namespace

ReceivedSpf parse_received_spf(std::string_view value) {
  ReceivedSpf out;
  Tokens tokens(value.substr(0, max_value));
  PairReader pairs(out);
  while (const auto token = tokens.next()) {
    if (token->kind == Kind::semicolon) pairs.end();
    if (token->kind != Kind::word) continue;
    if (out.result_text.empty()) {
      out.result_text = std::string(token->text);
      const auto word = ascii::lower(token->text);
      out.result =
          model::parse_enum<model::SpfResult>(word == "hardfail" ? "fail" : word).value_or(model::SpfResult::unknown);
    } else {
      pairs.take(token->text);
    }
  }
  pairs.end();
  return out;
}

std::optional<std::string> parse_return_path(std::string_view value) {
  Tokens tokens(value.substr(0, max_value));
  while (const auto token = tokens.next()) {
    if (token->kind != Kind::word) continue;
    const auto address = without_brackets(token->text);
    if (address.empty() || address.find('@') != std::string_view::npos) return std::string(address);
  }
  return std::nullopt;
}

}  // namespace ruaudit::verify::trace
