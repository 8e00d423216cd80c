#include "jobs/mailbox/access.hpp"

#include "jobs/mailbox/imap_source.hpp"
#include "jobs/mailbox/maildir_source.hpp"
#include "jobs/mailbox/pop3_source.hpp"

namespace ruaudit::jobs {

namespace mb = ingest::mailbox;

namespace {

mb::Security security_of(config::Security security) {
  switch (security) {
    case config::Security::tls:
      return mb::Security::tls;
    case config::Security::starttls:
      return mb::Security::starttls;
    case config::Security::plaintext:
      return mb::Security::plaintext;
  }
  return mb::Security::tls;
}

}  // namespace

mb::Endpoint endpoint_of(const config::Mailbox& mailbox) {
  mb::Endpoint endpoint;
  endpoint.protocol = mailbox.type == config::SourceType::pop3 ? mb::Protocol::pop3 : mb::Protocol::imap;
  endpoint.security = security_of(mailbox.security);
  endpoint.host = mailbox.host;
  endpoint.port = mailbox.port;
  endpoint.ca_file = mailbox.ca_file;
  endpoint.timeouts.answer = std::chrono::seconds(mailbox.timeout_seconds);
  endpoint.timeouts.connect = std::chrono::seconds(mailbox.connect_timeout_seconds);
  endpoint.ignored_capabilities = mailbox.ignored_capabilities;
  endpoint.limits.mail_octets = mailbox.max_message_octets;
  endpoint.batch.mails = mailbox.batch_messages;
  endpoint.batch.octets = mailbox.batch_octets;
  return endpoint;
}

model::Result<std::unique_ptr<MailSource>> open_source(const config::Mailbox& mailbox,
                                                       const mb::CredentialSource& credentials, mb::Stop stop) {
  switch (mailbox.type) {
    case config::SourceType::imap: {
      TRY(auto session, mb::ImapSession::open(endpoint_of(mailbox), credentials, stop));
      return std::unique_ptr<MailSource>(std::make_unique<ImapSource>(std::move(session), mailbox, stop));
    }
    case config::SourceType::pop3: {
      TRY(auto session, mb::Pop3Session::open(endpoint_of(mailbox), credentials, stop));
      return std::unique_ptr<MailSource>(std::make_unique<Pop3Source>(std::move(session), mailbox));
    }
    case config::SourceType::maildir:
      return MaildirSource::open_path(mailbox.path, stop);
    case config::SourceType::mbox:
      break;
  }
  return model::failure("mailbox-type", "an mbox is read as a whole");
}

}  // namespace ruaudit::jobs
