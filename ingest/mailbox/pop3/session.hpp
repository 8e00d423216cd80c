// A POP3 connection (RFC 1939, RFC 2449, RFC 2595) as the ingest of reports needs it: log in, unique ids, streaming
// RETR with dot-unstuffing, DELE and the QUIT that makes deletions count. In: an Endpoint and a CredentialSource. Out:
// values and the chunks of mails. After any error but a refusal ("mailbox-command-refused", "mailbox-login-refused")
// the connection is unusable, and no deletion of it counts.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mailbox/auth/credentials.hpp"
#include "ingest/mailbox/connection.hpp"
#include "ingest/mailbox/endpoint.hpp"
#include "ingest/mailbox/mail_receiver.hpp"
#include "ingest/mailbox/stop.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest::mailbox {

struct Pop3Mail {
  std::uint32_t number = 0;  // valid in this session alone
  std::string unique_id;     // UIDL: the same in later sessions; identical mails may share one (RFC 1939 section 7)
  std::uint64_t octets = 0;  // 0: not known
  bool operator==(const Pop3Mail&) const = default;
};

struct Pop3List {
  std::vector<Pop3Mail> mails;          // ascending by number
  std::vector<std::uint32_t> nameless;  // mails that LIST tells and UIDL does not name
};

class Pop3Session {
 public:
  static model::Result<Pop3Session> connect(const Endpoint& endpoint, Stop stop = {});
  static model::Result<Pop3Session> open(const Endpoint& endpoint, const CredentialSource& source, Stop stop = {});
  Pop3Session(Pop3Session&&) noexcept;
  Pop3Session& operator=(Pop3Session&&) noexcept;
  ~Pop3Session();

  // AUTH PLAIN, else USER and PASS; XOAUTH2 or OAUTHBEARER as the credentials say. A refused token is renewed once.
  model::Result<void> login(const CredentialSource& source);
  [[nodiscard]] const std::string& login_method() const;  // "PLAIN", "USER", "XOAUTH2", "OAUTHBEARER"
  [[nodiscard]] const ConnectionFacts& connection() const;
  [[nodiscard]] const std::vector<std::string>& capabilities() const;  // CAPA lines, upper case
  [[nodiscard]] bool has(std::string_view capability) const;

  // Every mail with its unique id and size. Error "mailbox-no-uidl" when the server cannot tell unique ids.
  model::Result<Pop3List> list();
  // Streams the mails by RETR, pipelined where the server announces PIPELINING.
  model::Result<FetchOutcome> fetch(std::span<const WantedMail> wanted, MailReceiver& receiver);
  // DELE: only a mark, undone when the session ends without a successful quit().
  model::Result<void> mark_deleted(std::uint32_t number);
  // QUIT. Only when this succeeds are the marked mails deleted. // RFC 1939 section 6
  model::Result<void> quit();

 private:
  struct State;
  explicit Pop3Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::ingest::mailbox
