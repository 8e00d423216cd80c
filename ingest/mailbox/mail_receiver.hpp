// Where fetched mails go, chunk by chunk while they arrive: a mail is never whole in the session's memory. Implemented
// by the caller; called in the caller's thread. One mail at a time: begin, chunks, then end (the mail is complete) or
// discard (it was cut off, was not asked for or came twice: forget the chunks).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ruaudit::ingest::mailbox {

enum class Reception { go_on, stop };  // stop: no more mails wanted; the connection is given up

class MailReceiver {
 public:
  virtual ~MailReceiver() = default;
  // octets: the announced size, for IMAP exact, for POP3 the LIST size or 0.
  virtual Reception begin(std::uint64_t octets) = 0;
  virtual Reception chunk(std::string_view octets) = 0;
  // number: the IMAP UID or the POP3 message number. Known only at the end, because a server may send the UID last.
  virtual Reception end(std::uint32_t number) = 0;
  virtual void discard() = 0;
};

// What a fetch asks for: the number and the size the server gave for it (0: unknown).
struct WantedMail {
  std::uint32_t number = 0;  // IMAP UID, POP3 message number
  std::uint64_t octets = 0;
  bool operator==(const WantedMail&) const = default;
};

// Every number asked for is in exactly one of the three lists.
struct FetchOutcome {
  std::vector<std::uint32_t> received;
  std::vector<std::uint32_t> missing;    // asked for, not sent: gone, or the server's fault; ask again one by one
  std::vector<std::uint32_t> too_large;  // over AnswerLimits::mail_octets by the size given; not asked for
  std::vector<std::uint32_t> temporary;  // of the missing those that may come another time, by the server's word
  std::string refusal;                   // the server's words when it refused a batch, else empty
  bool operator==(const FetchOutcome&) const = default;
};

}  // namespace ruaudit::ingest::mailbox
