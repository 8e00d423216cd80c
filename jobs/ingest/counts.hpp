// What a run has seen and what happened to it: the closing line of ingest and reprocess, and the base of their exit
// code.
#pragma once
#include <cstdint>
#include <string>

#include "store/ledger/ledger.hpp"

namespace ruaudit::jobs {

struct IngestCounts {
  std::int64_t items = 0;      // mails and files met
  std::int64_t known = 0;      // of these, recognised by their bytes and not read again
  std::int64_t unread = 0;     // entries that could not be read at all
  std::int64_t postponed = 0;  // left unknown for a reason of this machine's, to be read another time
  std::int64_t stored = 0, duplicate = 0, conflict = 0, superseded = 0, kept = 0, rejected = 0,
               not_a_report = 0;  // parts
  std::int64_t failures = 0;      // of those stored: failure reports
  std::int64_t tls_reports = 0;   // of those stored: SMTP TLS reports
  std::int64_t records = 0;       // of stored and conflicting reports
  std::int64_t defects = 0;
  std::int64_t foreign = 0;  // of stored and conflicting reports: for domains that are not expected

  void add(store::Outcome outcome);
  IngestCounts& operator+=(const IngestCounts& other);
  bool operator==(const IngestCounts&) const = default;
};

// "12 mails and files: 9 reports stored (812 records), 1 failure report stored, 1 duplicate, 1 rejected, 3 known
// already"
std::string closing_line(const IngestCounts& counts);

}  // namespace ruaudit::jobs
