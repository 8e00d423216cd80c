// What the mailbox tests against real servers share: endpoints, credentials, a receiver that keeps the mails.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "ingest/mailbox/imap/session.hpp"
#include "tests/integration/mail_server.hpp"

namespace ruaudit::test {

class KeptMails : public ingest::mailbox::MailReceiver {
 public:
  ingest::mailbox::Reception begin(std::uint64_t octets) override {
    announced_ = octets;
    current_.clear();
    return ingest::mailbox::Reception::go_on;
  }
  ingest::mailbox::Reception chunk(std::string_view octets) override {
    current_.append(octets);
    return ingest::mailbox::Reception::go_on;
  }
  ingest::mailbox::Reception end(std::uint32_t number) override {
    mails[number] = current_;
    if (announced_ != current_.size()) ++wrong_sizes;
    return ingest::mailbox::Reception::go_on;
  }
  void discard() override { ++discarded; }

  std::map<std::uint32_t, std::string> mails;
  int discarded = 0;
  int wrong_sizes = 0;

 private:
  std::uint64_t announced_ = 0;
  std::string current_;
};

inline ingest::mailbox::CredentialSource password(const std::string& user, const std::string& secret) {
  return [=](ingest::mailbox::Freshness) -> model::Result<ingest::mailbox::Credentials> {
    return ingest::mailbox::Password{user, secret};
  };
}

inline ingest::mailbox::Endpoint endpoint_of(const MailServer& server, ingest::mailbox::Protocol protocol,
                                             ingest::mailbox::Security security) {
  using namespace ingest::mailbox;
  ingest::mailbox::Endpoint endpoint;
  endpoint.protocol = protocol;
  endpoint.security = security;
  endpoint.host = "localhost";
  const std::string name = protocol == Protocol::imap ? "imap" : "pop3";
  endpoint.port = server.port(security == Security::tls ? name + "s" : name);
  endpoint.ca_file = server.text("ca");
  endpoint.timeouts.answer = std::chrono::seconds(20);
  return endpoint;
}

template <class Mails>
std::vector<ingest::mailbox::WantedMail> wanted(const Mails& numbers) {
  std::vector<ingest::mailbox::WantedMail> all;
  for (const auto number : numbers) all.push_back({number, 0});
  return all;
}

}  // namespace ruaudit::test
