// The address of a mailbox on a server as one text: imaps://USER@HOST:PORT/, imap:// (STARTTLS), pop3s://, pop3://
// (STLS). USER may be percent-encoded or not and may hold '@'; the last '@' separates it from the host. An IPv6 address
// is written in brackets. A password in the text is refused. A path after an imap host is one folder.
#pragma once
#include <string_view>

#include "config/configuration.hpp"
#include "model/result.hpp"

namespace ruaudit::config {

// Sets type, security, host, port (when given), user (when given), folders (when given). Error code "config"; the
// error text never repeats the URL, which might hold a password.
model::Result<void> read_mailbox_url(std::string_view url, Mailbox& mailbox);

}  // namespace ruaudit::config
