// The login on an ImapChannel.
#pragma once
#include <string>

#include "ingest/mailbox/auth/credentials.hpp"
#include "ingest/mailbox/imap/channel_detail.hpp"

namespace ruaudit::ingest::mailbox {

// One attempt. The method used: "PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER".
model::Result<std::string> log_in(ImapChannel& channel, const Endpoint& endpoint, const Credentials& credentials);

}  // namespace ruaudit::ingest::mailbox
