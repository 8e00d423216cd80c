// Who logs in to a configured mailbox: a password from where the configuration says, or an access token by the
// configured grant. Secrets are read when a session asks and kept no longer than the request; only an access token is
// kept until it ends or is refused. Keep the CredentialSource as long as the mailbox is used: it holds that token.
#pragma once
#include "config/configuration.hpp"
#include "ingest/mailbox/auth/credentials.hpp"
#include "ingest/mailbox/stop.hpp"

namespace ruaudit::jobs {

// Of an IMAP or POP3 mailbox. Errors: secret, oauth-endpoint, oauth-refused, oauth-answer, oauth-key.
ingest::mailbox::CredentialSource mailbox_credentials(const config::Mailbox& mailbox, ingest::mailbox::Stop stop = {});

}  // namespace ruaudit::jobs
