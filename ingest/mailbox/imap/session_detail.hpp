// What the parts of ImapSession share.
#pragma once
#include <functional>
#include <map>
#include <string>

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
  std::map<std::string, std::string, std::less<>> odd_names{};  // listed folders, and what the server calls them

  model::Result<void> attempt(const Credentials& credentials);
  model::Result<void> read_namespace();
  // The name as an argument of a command: on the wire, quoted. Error "mailbox-folder-name".
  [[nodiscard]] model::Result<std::string> folder_argument(std::string_view name) const;
  void keep_odd_name(const std::string& name, const std::string& wire);
};

}  // namespace ruaudit::ingest::mailbox
