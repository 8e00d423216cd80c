// Keyed hashes in place of people's words: equal values stay equal under one key, and reveal nothing without it
// (HMAC-SHA-256, cut to 64 bits). Domains, addresses of hosts, dates and everything a verifier asks for stay readable;
// what is not known to be harmless is replaced. Pure: text in, text out; one pass.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace ruaudit::store {

// Whether mails usually have a field of this name, so that a line that looks like one is likely to be one.
[[nodiscard]] bool is_common_field(std::string_view name);

class Redactor {
 public:
  // At least 16 octets of key; error code "redaction-key".
  static model::Result<Redactor> create(std::string key);

  // From now on a word with dots in it is a host only below a top-level domain that this knows: "peter.miller" is not
  // one. Without it every such word that ends in letters is. `label` is in lower case.
  using IsTopLevel = std::function<bool(std::string_view label)>;
  void know_top_levels(IsTopLevel is_top_level) { is_top_level_ = std::move(is_top_level); }
  [[nodiscard]] bool is_below_known(std::string_view host) const;

  // "h" and 16 hexadecimal digits; valid as a local part. Empty for an empty text.
  [[nodiscard]] std::string token(std::string_view text) const;
  // local@domain -> token@domain (letters of the local part without case); without a domain the token of all; empty
  // stays empty.
  [[nodiscard]] std::string address(std::string_view text) const;
  // Every local part in a text that is otherwise kept.
  [[nodiscard]] std::string addresses(std::string_view text) const;
  // Every word replaced by a made-up one of the same length; blanks, digits' places and punctuation stay.
  [[nodiscard]] std::string words(std::string_view text) const;
  // What machines write for machines: words of the protocols, numbers, hosts and network addresses stay.
  [[nodiscard]] std::string known_words(std::string_view text) const;
  // The same with every other word replaced by a made-up one of its length, and nothing else changed: what is odd in
  // the text stays odd.
  [[nodiscard]] std::string masked(std::string_view text) const;
  // The value of DKIM-Signature and its kind: known tags, without copies of fields and with the local part of i=
  // hashed.
  [[nodiscard]] std::string signature(std::string_view value) const;
  // The JSON of a result's details without sentences and without words of the mail; "{}" where it is not JSON.
  [[nodiscard]] std::string details(std::string_view text) const;
  // A header block (RFC 5322 section 2.2), field by field: names, order and line ends stay, values only as far as they
  // are dates, domains, trace and signatures.
  [[nodiscard]] std::string header(std::string_view block) const;

 private:
  enum class Unknown { token, same_length };
  std::size_t one_word(std::string_view text, std::size_t at, Unknown unknown, std::string& out) const;
  explicit Redactor(std::string key) : key_(std::move(key)) {}
  std::string key_;
  IsTopLevel is_top_level_;
};

}  // namespace ruaudit::store
