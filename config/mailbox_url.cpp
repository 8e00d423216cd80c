#include "config/mailbox_url.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace ruaudit::config {
namespace {

struct Scheme {
  std::string_view name;
  SourceType type;
  Security security;
};
constexpr Scheme schemes[] = {{"imaps://", SourceType::imap, Security::tls},
                              {"imap://", SourceType::imap, Security::starttls},
                              {"pop3s://", SourceType::pop3, Security::tls},
                              {"pop3://", SourceType::pop3, Security::starttls}};

model::Error wrong(const std::string& message) {
  return {"config", "the url " + message, "write imaps://USER@HOST/, imap://, pop3s:// or pop3://"};
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  return std::nullopt;
}

// RFC 3986 section 2.1. No control character may come out of it.
model::Result<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const auto high = i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
      const auto low = i + 2 < text.size() ? hex_digit(text[i + 2]) : std::nullopt;
      if (!high || !low) return model::failure(wrong("has a % that is not followed by two hexadecimal digits"));
      c = static_cast<char>(*high * 16 + *low);
      i += 2;
    }
    if ((c >= 0 && c < 0x20) || c == 0x7F) return model::failure(wrong("contains a control character"));
    out += c;
  }
  return out;
}

model::Result<void> set_user(std::string_view text, Mailbox& mailbox) {
  if (text.find(':') != std::string_view::npos)
    return model::failure("config", "the url contains a password", "name a password_file or another source instead");
  TRY(mailbox.user, percent_decoded(text));
  if (mailbox.user.empty()) return model::failure(wrong("has an empty user"));
  return {};
}

model::Result<void> set_port(std::string_view text, Mailbox& mailbox) {
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, mailbox.port);
  if (fault != std::errc{} || stop != end || mailbox.port == 0)
    return model::failure(wrong("has a port that is not a number from 1 to 65535"));
  return {};
}

model::Result<void> set_host(std::string_view text, Mailbox& mailbox) {
  const bool is_bracketed = text.starts_with('[');
  const auto close = text.find(']');
  if (is_bracketed && close == std::string_view::npos) return model::failure(wrong("has a '[' without ']'"));
  const auto colon = text.find(':', is_bracketed ? close : 0);
  mailbox.host = is_bracketed ? text.substr(1, close - 1) : text.substr(0, colon);
  if (mailbox.host.empty()) return model::failure(wrong("has no host"));
  if (is_bracketed && close + 1 != std::min(colon, text.size())) return model::failure(wrong("has text after ']'"));
  return colon == std::string_view::npos ? model::Result<void>() : set_port(text.substr(colon + 1), mailbox);
}

}  // namespace

model::Result<void> read_mailbox_url(std::string_view url, Mailbox& mailbox) {
  const auto* const scheme =
      std::find_if(std::begin(schemes), std::end(schemes), [url](const Scheme& s) { return url.starts_with(s.name); });
  if (scheme == std::end(schemes)) return model::failure(wrong("does not begin with a known scheme"));
  std::string_view rest = url.substr(scheme->name.size());
  // The user may hold '@', and in a password that should not be there even '/': look for the last '@' first.
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    TRY_VOID(set_user(rest.substr(0, at), mailbox));
    rest.remove_prefix(at + 1);
  }
  mailbox.type = scheme->type;
  mailbox.security = scheme->security;
  const auto slash = std::min(rest.find('/'), rest.size());
  TRY_VOID(set_host(rest.substr(0, slash), mailbox));
  rest.remove_prefix(std::min(slash + 1, rest.size()));
  if (rest.empty()) return {};
  if (scheme->type != SourceType::imap) return model::failure(wrong("names a folder, which POP3 does not have"));
  TRY(auto folder, percent_decoded(rest));
  mailbox.folders = {std::move(folder)};
  return {};
}

}  // namespace ruaudit::config
