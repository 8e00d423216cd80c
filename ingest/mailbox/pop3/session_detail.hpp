// What the parts of Pop3Session share.
#pragma once
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mailbox/auth/sasl.hpp"
#include "ingest/mailbox/pop3/channel_detail.hpp"
#include "ingest/mailbox/pop3/session.hpp"

namespace ruaudit::ingest::mailbox {

struct Pop3Session::State {
  Endpoint endpoint;
  Pop3Channel channel;
  std::string login_method;
  std::vector<std::string> capabilities;

  [[nodiscard]] bool has(std::string_view capability) const;
  [[nodiscard]] bool ignores(std::string_view capability) const;
  [[nodiscard]] bool has_sasl(std::string_view mechanism) const;
  model::Result<void> read_capabilities();
  model::Result<bool> is_empty();
  model::Result<void> attempt(const Credentials& credentials);
  model::Result<void> authenticate(const SaslStart& start, const Credentials& credentials);
  model::Result<void> user_and_pass(const Password& password);
  model::Result<std::string> log_in(const Credentials& credentials);
  model::Result<std::string> log_in_token(const BearerToken& token);
};

inline std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto end = text.find(' ');
    if (const auto word = text.substr(0, end); !word.empty()) words.push_back(word);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return words;
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

}  // namespace ruaudit::ingest::mailbox
