// The examinations of `ruaudit doctor`. Each asks, changes nothing (no mail is fetched, flagged or moved, no folder
// made, nothing written to the database), and adds what it finds. They end early if a later step cannot work.
#pragma once
#include <optional>

#include "config/load.hpp"
#include "ingest/mailbox/connection.hpp"
#include "jobs/doctor/finding.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::jobs {

struct DoctorTools {
  store::Database* database = nullptr;  // read-only; nullptr: there is none yet
  ingest::mailbox::Stop stop;
  std::int64_t now = 0;
};

// Secret, DNS, TCP, TLS, login, what the server can do, folders and the reports in them that are not yet stored.
void examine_server(const config::Mailbox& mailbox, const DoctorTools& tools, Findings& findings);
// A maildir or an mbox.
void examine_local_mailbox(const config::Mailbox& mailbox, const DoctorTools& tools, Findings& findings);

// Addresses of the host, and which of them answer; nothing when none does.
bool examine_network(const config::Mailbox& mailbox, Findings& findings);
// The chain in plain words: subject, issuer, expiry date.
void examine_certificates(const ingest::mailbox::ConnectionFacts& facts, std::int64_t now, Findings& findings);

// Opens the database read-only when it is there.
std::optional<store::Database> examine_database(const std::string& path, Findings& findings);
void examine_disk(const std::string& database_path, Findings& findings);
void examine_resolver(const config::General& general, Findings& findings);
void examine_clock(std::int64_t now, Findings& findings);

}  // namespace ruaudit::jobs
