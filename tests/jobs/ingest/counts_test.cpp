#include "jobs/ingest/counts.hpp"

#include <catch2/catch.hpp>

#include "cli/steps/migration_progress.hpp"
#include "cli/terminal/progress_bar.hpp"

using namespace ruaudit::jobs;
using ruaudit::store::Outcome;

TEST_CASE("every outcome has a count of its own") {
  IngestCounts counts;
  for (const Outcome outcome : {Outcome::stored, Outcome::duplicate, Outcome::conflict, Outcome::superseded,
                                Outcome::kept, Outcome::rejected, Outcome::not_a_report})
    counts.add(outcome);
  CHECK(counts.stored == 1);
  CHECK(counts.duplicate == 1);
  CHECK(counts.conflict == 1);
  CHECK(counts.superseded == 1);
  CHECK(counts.kept == 1);
  CHECK(counts.rejected == 1);
  CHECK(counts.not_a_report == 1);
}

TEST_CASE("the closing line names what occurred and only that") {
  IngestCounts counts{.items = 12, .stored = 10, .duplicate = 1, .rejected = 2, .records = 812};
  CHECK(closing_line(counts) == "12 mails and files: 10 reports stored (812 records), 1 duplicate, 2 rejected");
  counts = {.items = 1, .stored = 1, .records = 1};
  CHECK(closing_line(counts) == "1 mail or file: 1 report stored (1 record)");
  counts = {.items = 3, .stored = 3, .failures = 2, .records = 7};
  CHECK(closing_line(counts) == "3 mails and files: 1 report stored (7 records), 2 failure reports stored");
  counts = {.items = 1, .stored = 1, .failures = 1};
  CHECK(closing_line(counts) == "1 mail or file: 1 failure report stored");
}

TEST_CASE("the progress line never exceeds the terminal") {
  for (const unsigned columns : {10U, 40U, 79U, 200U}) {
    CAPTURE(columns);
    const auto line = ruaudit::cli::progress_line({.entries_done = 50, .entries_known = 100, .counts = {}}, columns);
    CHECK(line.size() <= columns);
    CHECK_FALSE(line.empty());
  }
}

TEST_CASE("the line of a migration says the part of the work and what is done, and never exceeds the terminal") {
  using ruaudit::cli::migration_line;
  using ruaudit::store::MigrationStage;
  CHECK(migration_line({MigrationStage::copying, 0}, 79) == "[" + std::string(24, '.') + "] 0 %, copying the database");
  CHECK(migration_line({MigrationStage::checking, 999}, 79) ==
        "[" + std::string(23, '#') + ".] 99 %, checking the copy");
  for (const unsigned columns : {1U, 10U, 40U, 200U})
    CHECK(migration_line({MigrationStage::changing, 450}, columns).size() <= columns);
}
