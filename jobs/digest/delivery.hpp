// From the findings to their reader: makes a digest, writes it or sends it, and only then records what was reported.
// Steps: what an earlier run left unsent, the digest, standard output, the mail, the state (one transaction), the
// webhook. A mail is stored before it is sent and removed from the store with the state: if a run ends in between, the
// next one sends the same octets again. A mail that was certainly refused is forgotten, and the next digest reports its
// news.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/configuration.hpp"
#include "jobs/digest/make_digest.hpp"
#include "jobs/digest/rendering.hpp"
#include "jobs/digest/webhook.hpp"
#include "jobs/process/console.hpp"

namespace ruaudit::jobs {

struct DigestRun {
  std::string name{};  // the state is kept separately for each
  JudgeRequest request{};
  report::Language language{};
  std::string format{};     // on standard output; empty: nothing is written there
  std::string json_file{};  // empty: none
  bool is_quiet_if_empty = false;
  Readers readers{};
  const config::OutgoingMail* mail = nullptr;  // where there are readers
  std::optional<Webhook> webhook{};
  // Adds what a stage above knows; within the lock of the facts.
  std::function<model::Result<void>(store::Database&, MadeDigest&)> complete{};
  std::vector<std::string> catalogue_folders{};  // for the language of the last digest, when it is shown again
  std::string lock_path{};                       // of the database
  std::chrono::milliseconds patience{60'000};
};

// The digest that was delivered.
model::Result<model::Digest> tell_digest(store::Database& database, const DigestRun& run, Console& console);
// What is new since `since`, on standard output and in the JSON file alone; nothing is kept.
model::Result<model::Digest> show_digest_since(store::Database& database, const DigestRun& run, std::int64_t since,
                                               Console& console);
// The last one again, as it was; nothing is kept.
model::Result<model::Digest> repeat_digest(store::Database& database, const DigestRun& run, Console& console);

}  // namespace ruaudit::jobs
