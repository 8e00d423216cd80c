// What the ledger knows of the reports themselves: who reported for which day and when that came in, what could not be
// read, and how the visits to the mailboxes went. Days are numbers since 1970-01-01, times epoch seconds, both UTC.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/facts/sender_facts.hpp"

namespace ruaudit::model {

struct ReportFact {
  std::uint32_t reporter = 0;  // place in IntakeFacts::reporters
  std::uint32_t domain = 0;    // place in IntakeFacts::domains
  std::int32_t day = 0;        // of its midpoint
  std::int64_t taken_in = 0;   // when the program saw it first
  ReportTrust trust = ReportTrust::unchecked;
  std::int64_t messages = 0;
  bool is_counted = true;
  bool is_conflicting = false;  // other versions of it say something else
};

struct RejectedPart {  // an item, or a part of it, that could not be read at all
  std::int64_t taken_in = 0;
  std::int64_t item = 0;  // key of its ledger row
  std::int64_t part = 0;  // its number in the item, from 1
  std::string place;      // where it came from, and where in it
  std::string code, reason;
  std::string reporter;  // as far as the name of the file tells, else ""
};

struct MailboxVisits {  // of one mailbox
  std::string name{};
  std::int64_t last_attempt = 0;
  std::optional<std::int64_t> last_success{};
  std::int64_t failures = 0;  // visits that failed since then
  std::string error{};        // of the last visit; empty: it succeeded
};

struct IntakeFacts {
  std::vector<std::string> reporters;  // org_name as written last
  std::vector<std::string> domains;
  std::vector<ReportFact> reports;
  std::vector<RejectedPart> rejected;
  std::vector<MailboxVisits> mailboxes;
  bool is_of_cluster = false;  // of a judging database: the mailboxes, and what could not be read, are the ingesters'
};

}  // namespace ruaudit::model
