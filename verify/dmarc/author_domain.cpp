#include "verify/dmarc/author_domain.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace ruaudit::verify::dmarc {
namespace {

using model::Domain;

// What an address list is made of. RFC 5322 section 3.2
struct Token {
  enum class Kind : std::uint8_t { atom, quoted, literal, special, open_ended } kind = Kind::atom;
  std::string_view text{};
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_special(char c) { return std::string_view("<>,:;@").find(c) != std::string_view::npos; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  // The next token, comments and blanks skipped.
  std::optional<Token> next() {
    for (;;) {
      while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
      if (at_ == text_.size()) return std::nullopt;
      if (text_[at_] != '(') break;
      if (!skip_comment()) return Token{Token::Kind::open_ended, {}};
    }
    const char c = text_[at_];
    if (c == '"') return delimited('"', Token::Kind::quoted);
    if (c == '[') return delimited(']', Token::Kind::literal);
    if (is_special(c)) return Token{Token::Kind::special, text_.substr(at_++, 1)};
    if (auto word = encoded_word()) return word;
    return atom();
  }

 private:
  bool skip_comment() {  // comments nest
    std::size_t depth = 0;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '(') {
        ++depth;
      } else if (text_[at_] == ')' && --depth == 0) {
        ++at_;
        return true;
      }
    }
    at_ = text_.size();
    return false;
  }

  Token delimited(char end, Token::Kind kind) {
    const auto begin = at_++;
    for (; at_ < text_.size() && text_[at_] != end; ++at_)
      if (text_[at_] == '\\') ++at_;
    if (at_ >= text_.size()) {
      at_ = text_.size();
      return {Token::Kind::open_ended, {}};
    }
    ++at_;
    return {kind, text_.substr(begin, at_ - begin)};
  }

  // "=?charset?encoding?text?=" is one word, whatever text holds (senders leave commas and "@" in it). RFC 2047 section
  // 2
  std::optional<Token> encoded_word() {
    if (text_.substr(at_, 2) != "=?") return std::nullopt;
    int marks = 0;
    for (auto end = at_ + 2; end < text_.size() && !is_blank(text_[end]); ++end) {
      if (text_[end] != '?' || ++marks < 3) continue;
      if (text_.substr(end, 2) != "?=") return std::nullopt;
      const auto begin = std::exchange(at_, end + 2);
      return Token{Token::Kind::atom, text_.substr(begin, at_ - begin)};
    }
    return std::nullopt;
  }

  Token atom() {
    const auto begin = at_;
    while (at_ < text_.size() && !is_blank(text_[at_]) && !is_special(text_[at_]) && text_[at_] != '"' &&
           text_[at_] != '(' && text_[at_] != '[')
      at_ += text_[at_] == '\\' && at_ + 1 < text_.size() ? 2U : 1U;
    return {Token::Kind::atom, text_.substr(begin, at_ - begin)};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// Reads mailbox-list and group (RFC 5322 section 3.4) from left to right, keeping the words since the last separator.
class ListReader {
 public:
  explicit ListReader(Authors& authors) : authors_(authors) {}

  void read(std::string_view value) {
    Lexer lexer(value);
    while (const auto token = lexer.next()) {
      if (token->kind == Token::Kind::open_ended) is_malformed_ = true;
      if (token->kind == Token::Kind::special)
        special(token->text.front());
      else if (token->kind != Token::Kind::open_ended)
        words_.push_back(*token);
    }
    if (is_in_angle_) is_malformed_ = true;
    end_mailbox();
  }
  [[nodiscard]] bool is_malformed() const { return is_malformed_; }
  [[nodiscard]] bool has_bad_domain() const { return has_bad_domain_; }

 private:
  void special(char c) {
    switch (c) {
      case '<':
        if (is_in_angle_) is_malformed_ = true;
        if (has_at_) odd("a name in front of \"<\" holds an \"@\": the address in brackets counts");
        is_in_angle_ = true;
        return clear();
      case '>':
        if (!is_in_angle_) is_malformed_ = true;
        is_in_angle_ = false;
        has_angle_ = true;
        add_address();
        return clear();
      case ':':  // the end of a group's name, or of a route inside brackets (RFC 5322 section 4.4)
        if (has_at_ && !is_in_angle_) odd("a group's name holds an \"@\" and is skipped");
        if (is_in_angle_) odd("a route in front of the address is skipped");
        return clear();
      case ',':
        if (!is_in_angle_) return end_mailbox();
        return clear();  // between the domains of a route
      case ';':
        return end_mailbox();
      default:
        has_at_ = true;
        words_.push_back({Token::Kind::special, "@"});
    }
  }

  void clear() {
    words_.clear();
    has_at_ = false;
  }

  void end_mailbox() {
    if (has_angle_) {
      if (!words_.empty()) odd("text behind the address is skipped");
    } else if (has_at_) {
      add_address();
    } else if (!words_.empty()) {
      odd("a name without an address is skipped");
    }
    has_angle_ = false;
    clear();
  }

  // The words are an addr-spec: everything after the "@" is the domain.
  void add_address() {
    const auto is_at = [](const Token& token) { return token.kind == Token::Kind::special; };
    const auto at = std::find_if(words_.begin(), words_.end(), is_at);
    if (at == words_.end()) {
      if (!words_.empty()) odd("brackets without an address are skipped");
      return;
    }
    if (std::find_if(at + 1, words_.end(), is_at) != words_.end()) is_malformed_ = true;
    if (authors_.addresses.size() == max_addresses) return odd("addresses after the hundredth are not looked at");
    std::string address;
    for (const auto& word : words_) address += word.text;
    authors_.addresses.push_back(std::move(address));
    add_domain({at + 1, words_.end()});
  }

  // Blanks and comments are allowed around the dots only. RFC 5322 section 4.4, obs-domain
  void add_domain(std::span<const Token> words) {
    std::string domain;
    bool is_name = !words.empty();
    for (const auto& word : words) {
      const bool is_joined = domain.empty() || domain.back() == '.' || word.text.front() == '.';
      is_name = is_name && word.kind == Token::Kind::atom && is_joined;
      domain += word.text;
    }
#ifdef RUAUDIT_PLANTED_BUG
    if (words.size() == 4) domain += words_.data()[words_.capacity()].text;
#endif
    auto parsed = Domain::parse(domain);
    if (!is_name || !parsed) {
      has_bad_domain_ = true;
      return odd("no domain name: " + domain.substr(0, 100));
    }
    if (std::find(authors_.domains.begin(), authors_.domains.end(), *parsed) == authors_.domains.end())
      authors_.domains.push_back(std::move(*parsed));
  }

  void odd(std::string what) {
    if (authors_.oddities.size() < 20) authors_.oddities.push_back(std::move(what));
  }

  Authors& authors_;
  std::vector<Token> words_;
  bool has_at_ = false;
  bool is_in_angle_ = false;
  bool has_angle_ = false;
  bool is_malformed_ = false;
  bool has_bad_domain_ = false;
};

}  // namespace

Authors find_authors(std::span<const std::string_view> from_values) {
  Authors authors;
  if (from_values.empty()) return authors;
  bool is_malformed = false;
  bool has_bad_domain = false;
  for (const auto value : from_values) {
    ListReader reader(authors);
    reader.read(value);
    is_malformed = is_malformed || reader.is_malformed();
    has_bad_domain = has_bad_domain || reader.has_bad_domain();
  }
  if (from_values.size() > 1)
    authors.status = AuthorStatus::repeated_field;
  else if (is_malformed)
    authors.status = AuthorStatus::malformed;
  else if (has_bad_domain)
    authors.status = AuthorStatus::bad_domain;
  else if (authors.domains.empty())
    authors.status = AuthorStatus::no_address;
  else
    authors.status = authors.domains.size() == 1 ? AuthorStatus::one_domain : AuthorStatus::several_domains;
  return authors;
}

}  // namespace ruaudit::verify::dmarc
