#include "jobs/mailbox/sync.hpp"

#include <catch2/catch.hpp>

#include "jobs/mailbox/visit.hpp"
#include "tests/jobs/mailbox/fake_mailbox.hpp"

namespace ruaudit::jobs::test {
namespace {

config::Disposition move_to(const std::string& folder) { return {config::Disposal::move, folder}; }

void fill(FakeMailbox& mailbox, int from, int to) {
  for (int uid = from; uid <= to; ++uid) mailbox.messages[uid] = report_mail(uid);
}

}  // namespace

TEST_CASE("visit: every new message is stored once, and nothing is changed in the mailbox by default") {
  Visits visits;
  fill(visits.mailbox, 1, 20);
  const auto before = visits.mailbox.messages;
  REQUIRE(visits.visit());
  CHECK(visits.counts.ingest.stored == 20);
  CHECK(visits.counts.fresh == 20);
  CHECK(visits.mailbox.messages == before);
  REQUIRE(visits.visit());
  CHECK(visits.counts.fresh == 0);
  CHECK(visits.counts.ingest.items == 0);
  CHECK(visits.mailbox.asked[1] == 1);
}

TEST_CASE(
    "visit: a folder that cannot be read keeps no other folder from being read, and the visit ends with its error") {
  Visits visits;
  visits.mailbox.folders = {"Shared", "INBOX", "Broken", "Later"};
  visits.mailbox.refused_folders = {{"Shared", {"mailbox-command-refused", "not for you", "ask for the right"}},
                                    {"Broken", {"mailbox-no-uids", "no UIDs", ""}}};
  fill(visits.mailbox, 1, 3);
  std::vector<std::string> notes;
  visits.observer.note = [&](NoteLevel level, const std::string& text) {
    if (level == NoteLevel::error) notes.push_back(text);
  };
  const auto done = visits.visit();
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "mailbox-command-refused");
  CHECK(done.error().message == "imap://reports@mail.example/Shared: not for you");
  CHECK(done.error().hint == "ask for the right");
  CHECK(notes == std::vector<std::string>{"imap://reports@mail.example/Broken: no UIDs"});
  CHECK(visits.counts.listed == 6);
  CHECK(visits.counts.ingest.stored == 3);
  CHECK(visits.mailbox.closed == 1);
}

TEST_CASE(
    "visit: folders that cannot be named keep no other folder from being read, and the visit ends with the error") {
  Visits visits;
  visits.mailbox.folders_error = model::Error{"mailbox-command-refused", "Reports/*: not for you", ""};
  fill(visits.mailbox, 1, 3);
  const auto done = visits.visit();
  REQUIRE_FALSE(done);
  CHECK(done.error().message == "imap://reports@mail.example: Reports/*: not for you");
  CHECK(visits.counts.ingest.stored == 3);
}

TEST_CASE("visit: a connection that ends in a folder ends the visit") {
  Visits visits;
  visits.mailbox.folders = {"Broken", "Later"};
  visits.mailbox.refused_folders = {{"Broken", {"mailbox-connection-lost", "lost", ""}}};
  fill(visits.mailbox, 1, 3);
  REQUIRE_FALSE(visits.visit());
  CHECK(visits.counts.listed == 0);
}

TEST_CASE("visit: a message with a lower UID than those stored is fetched all the same") {
  Visits visits;
  fill(visits.mailbox, 10, 12);
  REQUIRE(visits.visit());
  fill(visits.mailbox, 3, 4);
  REQUIRE(visits.visit());
  CHECK(visits.counts.ingest.stored == 2);
}

TEST_CASE("visit: looking only fetches and changes nothing") {
  Visits visits;
  visits.plan.mailbox.done = move_to("done");
  fill(visits.mailbox, 1, 3);
  visits.plan.mode = VisitMode::look_only;
  REQUIRE(visits.visit());
  CHECK(visits.counts.fresh == 3);
  CHECK(visits.mailbox.asked.empty());
  CHECK(visits.mailbox.messages.size() == 3);
  CHECK(store::source_states(visits.database())->empty());
}

TEST_CASE("visit: what was stored before a lost connection is not fetched again, the rest is") {
  Visits visits;
  visits.plan.mailbox.done = move_to("done");
  fill(visits.mailbox, 1, 30);
  visits.mailbox.lose_connection_after = 17;
  const auto cut = visits.visit();
  REQUIRE_FALSE(cut);
  CHECK(cut.error().code == "mailbox-connection-lost");
  CHECK(visits.counts.ingest.stored == 17);
  CHECK(visits.mailbox.moved.empty());
  visits.mailbox.lose_connection_after = -1;
  REQUIRE(visits.visit());
  CHECK(visits.counts.ingest.stored == 13);
  CHECK(visits.mailbox.moved["done"].size() == 30);
  CHECK(visits.mailbox.asked[17] == 1);
}

TEST_CASE("visit: memory that runs out while messages come makes none of them given up") {
  Visits visits;
  visits.plan.mailbox.max_attempts = 2;
  fill(visits.mailbox, 1, 3);
  visits.mailbox.out_of_memory_at = 2;
  std::int64_t stored = 0;
  for (const int visit : {1, 2, 3, 4}) {
    CAPTURE(visit);
    const auto cut = visits.visit();
    REQUIRE_FALSE(cut);
    CHECK(cut.error().code == "machine");
    CHECK(visits.counts.ingest.rejected == 0);
    CHECK(visits.counts.given_up == 0);
    stored += visits.counts.ingest.stored;
    visits.reopen();
  }
  visits.mailbox.out_of_memory_at = -1;
  REQUIRE(visits.visit());
  CHECK(stored + visits.counts.ingest.stored == 3);
  CHECK(visits.mailbox.asked[1] == 1);
}

TEST_CASE("visit: a message that the server withholds is asked for at every visit and given up in the end") {
  Visits visits;
  visits.plan.mailbox.failed = move_to("failed");
  visits.plan.mailbox.max_attempts = 3;
  fill(visits.mailbox, 1, 3);
  visits.mailbox.withheld = {2};
  for (const int visit : {1, 2, 3}) {
    CAPTURE(visit);
    REQUIRE(visits.visit());
    CHECK(visits.counts.refused == 1);
    CHECK(visits.counts.given_up == 0);
    visits.reopen();
  }
  CHECK(visits.mailbox.asked[2] == 3);
  REQUIRE(visits.visit());
  CHECK(visits.counts.given_up == 1);
  CHECK(visits.counts.ingest.rejected == 1);
  CHECK(visits.mailbox.moved["failed"] == std::vector<int>{2});
  REQUIRE(visits.visit());
  CHECK(visits.mailbox.asked[2] == 3);
}

TEST_CASE("visit: a server that gives no mail for an hour makes no message given up") {
  Visits visits;
  visits.plan.mailbox.max_attempts = 5;
  const bool hangs_up = GENERATE(true, false);
  CAPTURE(hangs_up);
  fill(visits.mailbox, 1, 1);
  if (hangs_up)
    visits.mailbox.lose_connection_after = 0;
  else
    visits.mailbox.withheld = {1};
  for (int minute = 0; minute < 60; ++minute) {
    CHECK(visits.visit().has_value() != hangs_up);
    REQUIRE(visits.counts.given_up == 0);
  }
  visits.mailbox.lose_connection_after = -1;
  visits.mailbox.withheld = {};
  REQUIRE(visits.visit());
  CHECK(visits.counts.ingest.stored == 1);
}

TEST_CASE("visit: a message that ends every connection for a day is given up, and the others come in meanwhile") {
  Visits visits;
  visits.plan.mailbox.max_attempts = 5;
  fill(visits.mailbox, 1, 4);
  visits.mailbox.lose_connection_at = 2;
  std::int64_t stored = 0, given_up = 0;
  for (int quarter = 0; quarter < 96; ++quarter) {
    static_cast<void>(visits.visit().has_value());
    stored += visits.counts.ingest.stored;
    given_up += visits.counts.given_up;
    if (quarter == 4) CHECK(stored == 3);
    visits.plan.reading.now += 900;
  }
  CHECK(stored == 3);
  CHECK(given_up == 1);
  CHECK(visits.mailbox.asked[2] > 5);
  REQUIRE(visits.visit());
}

// RFC 5530 section 3: UNAVAILABLE, INUSE, LIMIT
TEST_CASE("visit: a message that the server gives another time, by its own word, is never given up") {
  Visits visits;
  visits.plan.mailbox.max_attempts = 5;
  fill(visits.mailbox, 1, 2);
  visits.mailbox.withheld = {2};
  visits.mailbox.is_withheld_for_now = true;
  for (int quarter = 0; quarter < 300; ++quarter) {
    REQUIRE(visits.visit());
    REQUIRE(visits.counts.given_up == 0);
    visits.plan.reading.now += 900;
  }
  CHECK(visits.mailbox.asked[2] == 300);
  visits.mailbox.withheld = {};
  REQUIRE(visits.visit());
  CHECK(visits.counts.ingest.stored == 1);
}

TEST_CASE("visit: a message counts as withheld from the third attempt on, until it comes") {
  Visits visits;
  fill(visits.mailbox, 1, 3);
  visits.mailbox.withheld = {2};
  const auto withheld = [&visits] { return store::count_acknowledgements(visits.database())->withheld; };
  for (const std::int64_t expected : {0, 0, 1, 1}) {
    REQUIRE(visits.visit());
    CHECK(withheld() == expected);
    visits.plan.reading.now += 86'400;
  }
  visits.mailbox.withheld = {};
  REQUIRE(visits.visit());
  CHECK(withheld() == 0);
}

TEST_CASE("visit: a message that arrives at a later attempt is stored") {
  Visits visits;
  fill(visits.mailbox, 1, 3);
  visits.mailbox.withheld = {2};
  REQUIRE(visits.visit());
  visits.mailbox.withheld = {};
  REQUIRE(visits.visit());
  CHECK(visits.counts.ingest.stored == 1);
  CHECK(store::count_acknowledgements(visits.database())->unfetched == 0);
}

TEST_CASE("visit: a message that another client expunges in between is no failure and no attempt") {
  Visits visits;
  fill(visits.mailbox, 1, 3);
  visits.mailbox.vanishing = {2};
  REQUIRE(visits.visit());
  CHECK(visits.counts.gone == 1);
  CHECK(visits.counts.ingest.stored == 2);
  CHECK(store::count_acknowledgements(visits.database())->unfetched == 0);
}

TEST_CASE(
    "visit: after another UIDVALIDITY everything is fetched again, nothing is counted twice, all is acknowledged") {
  Visits visits;
  fill(visits.mailbox, 1, 5);
  REQUIRE(visits.visit());
  visits.plan.mailbox.done = move_to("done");
  visits.mailbox.uidvalidity = 2;
  REQUIRE(visits.visit());
  CHECK(visits.counts.fresh == 5);
  CHECK(visits.counts.ingest.known == 5);
  CHECK(visits.counts.ingest.stored == 0);
  CHECK(visits.mailbox.moved["done"].size() == 5);
}

TEST_CASE("visit: a stop ends the visit after the mail in hand; the next one goes on from there") {
  Visits visits;
  fill(visits.mailbox, 1, 10);
  int asked = 0;
  visits.observer.stop_requested = [&asked, &visits] {
    return !visits.mailbox.asked.empty() && visits.mailbox.asked.size() >= 4 && ++asked > 0;
  };
  CHECK_FALSE(visits.visit());
  CHECK(visits.counts.ingest.stored == 4);
  visits.observer.stop_requested = {};
  REQUIRE(visits.visit());
  CHECK(visits.counts.ingest.stored == 6);
}

}  // namespace ruaudit::jobs::test
