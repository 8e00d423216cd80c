#include "jobs/mailbox/mail_source.hpp"

#include <algorithm>
#include <array>

namespace ruaudit::jobs {

model::Error too_large_error() {
  return {"message-too-large", "the mail is larger than max_message_size allows",
          "read it by other means; a higher max_message_size applies only to mails that arrive later"};
}

bool has_estimated_sizes(const config::Mailbox& mailbox) {
  const auto& ignored = mailbox.ignored_capabilities;
  return std::find(ignored.begin(), ignored.end(), "RFC822.SIZE") != ignored.end();
}

std::string with_hint(const model::Error& error) {
  return error.hint.empty() ? error.message : error.message + " (" + error.hint + ")";
}

bool is_connection_end(const model::Error& error) {
  constexpr std::array<std::string_view, 9> codes = {
      "mailbox-connection-lost", "mailbox-timeout",        "mailbox-stopped",
      "mailbox-line-too-long",   "mailbox-mail-too-large", "mailbox-nesting-too-deep",
      "mailbox-connect",         "mailbox-unasked",        "mailbox-visit-limit"};
  return std::find(codes.begin(), codes.end(), error.code) != codes.end() ||
         error.code.starts_with("mailbox-answer-") || error.code.starts_with("mailbox-literal-");
}

}  // namespace ruaudit::jobs
