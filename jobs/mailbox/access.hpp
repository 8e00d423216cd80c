// From a configured mailbox to an open MailSource: where it is served, and the login.
#pragma once
#include <memory>

#include "config/configuration.hpp"
#include "ingest/mailbox/auth/credentials.hpp"
#include "ingest/mailbox/endpoint.hpp"
#include "ingest/mailbox/stop.hpp"
#include "jobs/mailbox/mail_source.hpp"

namespace ruaudit::jobs {

// Of an IMAP or POP3 mailbox.
ingest::mailbox::Endpoint endpoint_of(const config::Mailbox& mailbox);

// Not for an mbox, which has no messages with names of their own.
model::Result<std::unique_ptr<MailSource>> open_source(const config::Mailbox& mailbox,
                                                       const ingest::mailbox::CredentialSource& credentials,
                                                       ingest::mailbox::Stop stop);

}  // namespace ruaudit::jobs
