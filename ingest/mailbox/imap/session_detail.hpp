// What the parts of ImapSession share.
#pragma once
#include "ingest/mailbox/imap/channel_detail.hpp"
#include "ingest/mailbox/imap/session.hpp"

namespace ruaudit::ingest::mailbox {

struct ImapSession::State {
  Endpoint endpoint;
  ImapChannel channel;
  std::string login_method;
  std::string namespace_prefix;  // as sent
  std::string namespace_name;    // UTF-8
  char separator = 0;

  model::Result<void> attempt(const Credentials& credentials);
  model::Result<void> read_namespace();
  // The name as an argument of a command: on the wire, quoted. Error "mailbox-folder-name".
  [[nodiscard]] model::Result<std::string> folder_argument(std::string_view name) const;
};

}  // namespace ruaudit::ingest::mailbox
