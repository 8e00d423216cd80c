#include "store/failure/redaction.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "model/ascii.hpp"

namespace ruaudit::store {
namespace {

using Mac = std::array<std::uint8_t, 32>;

Mac mac_of(const std::string& key, std::string_view text) {
  Mac mac{};
  unsigned length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), mac.data(), &length);
  return mac;
}

bool is_letter_or_digit(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet >= 0x80 || ascii::is_letter_or_digit(c);
}

// RFC 5322 section 3.2.3, RFC 6532 section 3.2: what an unquoted local part is made of.
bool is_local_octet(char c) {
  return is_letter_or_digit(c) || std::string_view(".!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool is_domain_octet(char c) { return is_letter_or_digit(c) || c == '.' || c == '-' || c == '_'; }

// "smtp.mailfrom=joe@..." is a name and an address, "bounce=joe@..." an address.
constexpr std::array<std::string_view, 16> property_table = {"i",         "header.i",    "header.from", "smtp.mailfrom",
                                                             "smtp.mail", "smtp.rcptto", "smtp.helo",   "envelope-from",
                                                             "mail-from", "mailfrom",    "from",        "to",
                                                             "for",       "policy.from", "mailto",      "identity"};

std::size_t property_length(std::string_view run) {
  const auto at = run.find('=');
  if (at == std::string_view::npos) return 0;
  const std::string name = ascii::lower(run.substr(0, at));
  return std::find(property_table.begin(), property_table.end(), name) == property_table.end() ? 0 : at + 1;
}

// Where the local part that ends in front of the "@" at `at` begins, not before `from`.
std::size_t local_start(std::string_view text, std::size_t at, std::size_t from) {
  if (at > from && text[at - 1] == '"') {
    std::size_t open = at - 1;
    while (open > from && (text[open - 1] != '"' || (open >= 2 && text[open - 2] == '\\'))) --open;
    return open > from ? open - 1 : at - 1;
  }
  std::size_t start = at;
  while (start > from && is_local_octet(text[start - 1])) --start;
  return start + property_length(text.substr(start, at - start));
}

}  // namespace

model::Result<Redactor> Redactor::create(std::string key) {
  if (key.size() < 16)
    return model::failure("redaction-key",
                          "a key for redaction needs at least 16 octets, this one has " + std::to_string(key.size()),
                          "make one with 'openssl rand -hex 32'");
  // HMAC hashes a longer key again for every word (RFC 2104 section 2).
  if (key.size() > 64) {
    const Mac mac = mac_of({}, key);
    key.assign(mac.begin(), mac.end());
  }
  return Redactor(std::move(key));
}

std::string Redactor::token(std::string_view text) const {
  if (text.empty()) return {};
  constexpr std::string_view digits = "0123456789abcdef";
  const Mac mac = mac_of(key_, text);
  std::string out = "h";
  for (std::size_t i = 0; i < 8; ++i) {
    out += digits[mac[i] >> 4U];
    out += digits[mac[i] & 15U];
  }
  return out;
}

std::string Redactor::address(std::string_view text) const {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos) return token(text);
  const auto domain = text.substr(at + 1);
  const auto end = std::find_if_not(domain.begin(), domain.end(), is_domain_octet);
  return token(ascii::lower(text.substr(0, at))) + "@" + std::string(domain.begin(), end);
}

std::string Redactor::addresses(std::string_view text) const {
  std::string out;
  std::size_t done = 0;
  for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    const auto start = local_start(text, at, done);
    out += text.substr(done, start - done);
    out += token(ascii::lower(text.substr(start, at - start)));
    done = at;
  }
#ifdef RUAUDIT_PLANTED_BUG  // reads behind the end of a text that ends in an "@"
  if (text.ends_with('@')) out += text.data()[text.size()];
#endif
  out += text.substr(done);
  return out;
}

std::string Redactor::words(std::string_view text) const {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (!is_letter_or_digit(text[at])) {
      out += text[at++];
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_letter_or_digit(text[end])) ++end;
    const auto word = text.substr(at, end - at);
    Mac mac = mac_of(key_, word);
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (i > 0 && i % mac.size() == 0) mac = mac_of(key_, {reinterpret_cast<const char*>(mac.data()), mac.size()});
      const unsigned octet = mac[i % mac.size()];
      const char c = word[i];
      if (c >= '0' && c <= '9')
        out += static_cast<char>('0' + octet % 10);
      else
        out += static_cast<char>((c >= 'A' && c <= 'Z' ? 'A' : 'a') + octet % 26);
    }
    at = end;
  }
  return out;
}

}  // namespace ruaudit::store
