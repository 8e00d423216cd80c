// Visits: what is done with the mails that were read.
#include <catch2/catch.hpp>

#include "jobs/mailbox/visit.hpp"
#include "store/sqlite/sqlite_detail.hpp"
#include "tests/jobs/mailbox/fake_mailbox.hpp"

namespace ruaudit::jobs::test {
namespace {

config::Disposition move_to(const std::string& folder) { return {config::Disposal::move, folder}; }

void fill(FakeMailbox& mailbox, int from, int to) {
  for (int uid = from; uid <= to; ++uid) mailbox.messages[uid] = report_mail(uid);
}

}  // namespace

TEST_CASE("visit: reports go to done, broken ones to failed, other mail stays where it is") {
  Visits visits;
  visits.plan.mailbox.done = move_to("done");
  visits.plan.mailbox.failed = move_to("failed");
  fill(visits.mailbox, 1, 2);
  visits.mailbox.messages[3] = broken_report_mail(3);
  visits.mailbox.messages[4] = letter(4);
  visits.mailbox.messages[5] = visits.mailbox.messages[1];  // the same octets once more
  visits.mailbox.messages[6] = visits.mailbox.messages[4];
  REQUIRE(visits.visit());
  CHECK(visits.mailbox.moved["done"] == std::vector<int>{1, 2, 5});
  CHECK(visits.mailbox.moved["failed"] == std::vector<int>{3});
  CHECK(visits.mailbox.messages.size() == 2);
  CHECK(store::count_acknowledgements(visits.database())->pending == 0);
}

TEST_CASE("visit: a server that refuses an action for the sake of one message does it with the others") {
  Visits visits;
  visits.plan.mailbox.done = move_to("done");
  fill(visits.mailbox, 1, 9);
  visits.mailbox.fixed = {2, 5};
  REQUIRE(visits.visit());
  CHECK(visits.counts.acknowledged == 7);
  CHECK(visits.counts.unacknowledged == 2);
  CHECK(visits.mailbox.moved["done"] == std::vector<int>{1, 3, 4, 6, 7, 8, 9});
  CHECK(visits.mailbox.messages.size() == 2);
}

TEST_CASE("visit: a server that refuses an action for every message is not asked for each of them") {
  Visits visits;
  visits.plan.mailbox.done = move_to("done");
  fill(visits.mailbox, 1, 100);
  visits.mailbox.refuse_actions = model::Error{"mailbox-command-refused", "over quota", ""};
  REQUIRE(visits.visit());
  CHECK(visits.counts.unacknowledged == 100);
  CHECK(visits.mailbox.actions <= 4);
}

TEST_CASE("visit: messages that the server never acknowledges do not keep the others from it") {
  Visits visits;
  visits.plan.mailbox.done = move_to("done");
  fill(visits.mailbox, 1, 12);
  visits.mailbox.fixed = {1, 2, 3, 4, 5, 6};
  for (int visit = 0; visit < 3; ++visit) REQUIRE(visits.visit());
  CHECK(visits.mailbox.moved["done"] == std::vector<int>{7, 8, 9, 10, 11, 12});
  CHECK(visits.mailbox.messages.size() == 6);
}

TEST_CASE("visit: an action that ends the connection every time keeps no new message from coming in") {
  Visits visits;
  visits.plan.mailbox.done = move_to("done");
  visits.plan.mailbox.max_attempts = 3;
  fill(visits.mailbox, 1, 2);
  visits.mailbox.lose_connection_by = {1};
  REQUIRE_FALSE(visits.visit());
  CHECK(visits.counts.ingest.stored == 2);
  fill(visits.mailbox, 3, 4);
  for (int connection = 0; connection < 2; ++connection) REQUIRE_FALSE(visits.visit());
  REQUIRE(visits.visit());
  CHECK(visits.counts.ingest.stored == 2);
  CHECK(visits.mailbox.moved["done"] == std::vector<int>{2, 3, 4});
  CHECK(store::count_acknowledgements(visits.database())->failed == 1);
  visits.mailbox.lose_connection_by = {};
  visits.plan.reading.now += 86'400;
  REQUIRE(visits.visit());
  CHECK(visits.mailbox.moved["done"] == std::vector<int>{2, 3, 4, 1});
}

TEST_CASE("visit: a message that ends the connection at every action keeps no other one from being acknowledged") {
  Visits visits;
  visits.plan.mailbox.done = move_to("done");
  fill(visits.mailbox, 1, 200);
  visits.mailbox.lose_connection_by = {77};
  for (int connection = 0; connection < 8; ++connection) static_cast<void>(visits.visit().has_value());
  CHECK(visits.mailbox.moved["done"].size() == 199);
  CHECK(visits.mailbox.messages.size() == 1);
  CHECK(store::count_acknowledgements(visits.database())->failed == 1);
  CHECK(store::count_acknowledgements(visits.database())->pending == 0);
}

TEST_CASE("visit: what keeps a message from being acknowledged is told with what helps") {
  Visits visits;
  visits.plan.mailbox.done = move_to("done");
  fill(visits.mailbox, 1, 2);
  visits.mailbox.refuse_actions = model::Error{"mailbox-read-only", "read-only", "give this user the right"};
  std::vector<std::string> warnings;
  visits.observer.note = [&](NoteLevel level, const std::string& text) {
    if (level == NoteLevel::warning) warnings.push_back(text);
  };
  REQUIRE(visits.visit());
  CHECK(warnings == std::vector<std::string>{"imap://reports@mail.example/INBOX: cannot move 2 messages: read-only "
                                             "(give this user the right); it is tried again"});
}

TEST_CASE("visit: a refused action is tried at the next visits, without fetching anything again") {
  Visits visits;
  visits.plan.mailbox.done = move_to("done");
  fill(visits.mailbox, 1, 3);
  visits.mailbox.refuse_actions = model::Error{"mailbox-read-only", "read-only", ""};
  REQUIRE(visits.visit());
  CHECK(visits.counts.unacknowledged == 3);
  CHECK(visits.counts.ingest.stored == 3);
  visits.mailbox.refuse_actions.reset();
  REQUIRE(visits.visit());
  CHECK(visits.counts.acknowledged == 3);
  CHECK(visits.mailbox.asked[1] == 1);
  CHECK(visits.mailbox.messages.empty());
}

TEST_CASE("visit: deletions that count at the end only are done when the end was confirmed") {
  Visits visits;
  visits.plan.mailbox.done = {config::Disposal::remove, ""};
  visits.mailbox.actions_count = ActionsCount::at_close;
  visits.plan.round_messages = 2;
  fill(visits.mailbox, 1, 5);
  visits.mailbox.refuse_close = true;
  REQUIRE_FALSE(visits.visit());
  CHECK(store::count_acknowledgements(visits.database())->pending == 5);
  visits.mailbox.removed.clear();
  visits.mailbox.refuse_close = false;
  REQUIRE(visits.visit());
  CHECK(visits.mailbox.removed == std::vector<int>{1, 2, 3, 4, 5});
  CHECK(visits.mailbox.messages.empty());
  CHECK(store::count_acknowledgements(visits.database())->pending == 0);
}

TEST_CASE("visit: a backlog at a server that deletes at the end only is taken in parts, each with an end of its own") {
  Visits visits;
  visits.plan.mailbox.done = {config::Disposal::remove, ""};
  visits.plan.mailbox.visit_limit_seconds = 0;  // each part of it is over at once
  visits.mailbox.actions_count = ActionsCount::at_close;
  fill(visits.mailbox, 1, 450);
  std::vector<std::size_t> left;
  std::atomic<std::int64_t> deadline = 0;
  const auto result = visit_mailbox(
      visits.plan,
      {.database = visits.database(), .list = visits.list(), .observer = visits.observer, .stop = {-1, &deadline}},
      [&]() -> model::Result<std::unique_ptr<MailSource>> {
        left.push_back(visits.mailbox.messages.size());
        visits.mailbox.removed.clear();
        return std::unique_ptr<MailSource>(std::make_unique<FakeSource>(visits.mailbox));
      });
  CHECK_FALSE(result.error);
  CHECK(left == std::vector<std::size_t>{450, 250, 50, 0});
  CHECK(result.counts.ingest.stored == 450);
  CHECK(store::count_acknowledgements(visits.database())->pending == 0);
}

TEST_CASE("visit: many deletions that wait for their confirmation are confirmed before anything is fetched") {
  Visits visits;
  visits.plan.mailbox.done = {config::Disposal::remove, ""};
  visits.mailbox.actions_count = ActionsCount::at_close;
  fill(visits.mailbox, 1, 3);
  visits.mailbox.refuse_close = true;
  REQUIRE_FALSE(visits.visit());
  visits.mailbox.refuse_close = false;
  visits.mailbox.removed.clear();
  visits.plan.mailbox.visit_limit_seconds = 0;
  fill(visits.mailbox, 4, 5);
  REQUIRE(visits.visit());
  CHECK(visits.counts.ingest.items == 0);
  CHECK(visits.counts.acknowledged == 3);
  visits.mailbox.removed.clear();
  REQUIRE(visits.visit());
  CHECK(visits.counts.ingest.stored == 2);
  CHECK(visits.mailbox.messages.empty());
}

TEST_CASE("visit: the error of a folder is told even where the end of the connection fails, too") {
  Visits visits;
  visits.mailbox.folders = {"INBOX", "Shared"};
  visits.mailbox.refused_folders = {{"Shared", {"mailbox-command-refused", "not for you", ""}}};
  visits.mailbox.refuse_close = true;
  const auto done = visits.visit();
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "mailbox-command-refused");
  visits.mailbox.refused_folders.clear();
  const auto cut = visits.visit();
  REQUIRE_FALSE(cut);
  CHECK(cut.error().code == "mailbox-connection-lost");
}

// RFC 1939 section 7 forbids it: there are servers that give the numbers of the mails as their ids.
TEST_CASE("visit: an id of a deleted message that is given to another one hides no mail") {
  Visits visits;
  visits.plan.mailbox.done = {config::Disposal::remove, ""};
  visits.mailbox.actions_count = ActionsCount::at_close;
  fill(visits.mailbox, 1, 3);
  REQUIRE(visits.visit());
  REQUIRE(visits.mailbox.messages.empty());
  visits.mailbox.removed.clear();
  visits.mailbox.messages[1] = report_mail(1001);
  visits.mailbox.messages[2] = report_mail(4);  // of the same size
  visits.mailbox.messages[3] = report_mail(3);  // kept by the server
  std::vector<std::string> warnings;
  visits.observer.note = [&](NoteLevel level, const std::string& text) {
    if (level == NoteLevel::warning) warnings.push_back(text);
  };
  visits.plan.mode = VisitMode::look_only;
  REQUIRE(visits.visit());
  CHECK(visits.counts.fresh == 3);
  visits.plan.mode = VisitMode::take_in;
  REQUIRE(visits.visit());
  CHECK(visits.counts.ingest.stored == 2);
  CHECK(visits.counts.ingest.known == 1);
  CHECK(visits.mailbox.removed == std::vector<int>{1, 2});
  REQUIRE(warnings.size() == 2);
  CHECK(warnings.back().find("3 messages listed again") != std::string::npos);
  CHECK(store::count_acknowledgements(visits.database())->pending == 0);
}

// Mails 1 to 5, of which the third was not given; the server numbers what is left anew.
TEST_CASE("visit: nothing is deleted under an id that another mail has by now") {
  Visits visits;
  visits.plan.mailbox.done = {config::Disposal::remove, ""};
  visits.mailbox.actions_count = ActionsCount::at_close;
  const bool is_of_other_size = GENERATE(true, false);
  CAPTURE(is_of_other_size);
  fill(visits.mailbox, 1, 5);
  visits.mailbox.withheld = {3};
  visits.mailbox.refuse_close = true;  // done, but without an answer
  REQUIRE_FALSE(visits.visit());
  visits.mailbox.messages = {{1, report_mail(is_of_other_size ? 3333 : 3)}};
  visits.mailbox.withheld = {};
  visits.mailbox.refuse_close = false;
  visits.mailbox.removed.clear();
  REQUIRE(visits.visit());
  CHECK(visits.counts.ingest.stored == 1);
  CHECK(visits.mailbox.messages.empty());
  CHECK(store::count_acknowledgements(visits.database())->pending == 0);
}

TEST_CASE("visit: what waits to be deleted is fetched first where its name proves nothing, and gets no second row") {
  Visits visits;
  visits.plan.mailbox.done = {config::Disposal::remove, ""};
  visits.mailbox.actions_count = ActionsCount::at_close;
  const bool tells_no_sizes = GENERATE(true, false);
  (tells_no_sizes ? visits.mailbox.tells_no_sizes : visits.mailbox.tells_other_sizes) = true;
  fill(visits.mailbox, 1, 3);
  visits.mailbox.refuse_close = true;
  REQUIRE_FALSE(visits.visit());
  CHECK(visits.mailbox.removed == std::vector<int>{1, 2, 3});
  visits.mailbox.removed.clear();
  visits.mailbox.withheld = {2};
  visits.mailbox.refuse_close = false;
  REQUIRE(visits.visit());
  CHECK(visits.counts.checked == 2);
  CHECK(visits.counts.ingest.known == 2);
  CHECK(visits.mailbox.removed == std::vector<int>{1, 3});
  CHECK(store::count_acknowledgements(visits.database())->pending == 1);
}

TEST_CASE("visit: a deleted mail that is listed again is fetched once more, not at every visit") {
  Visits visits;
  visits.plan.mailbox.done = {config::Disposal::remove, ""};
  visits.mailbox.actions_count = ActionsCount::at_close;
  const bool tells_no_sizes = GENERATE(true, false);
  (tells_no_sizes ? visits.mailbox.tells_no_sizes : visits.mailbox.tells_other_sizes) = true;
  for (int visit = 1; visit <= 4; ++visit) {
    fill(visits.mailbox, 1, 3);  // the server keeps them
    REQUIRE(visits.visit());
    CHECK(visits.mailbox.asked[1] == std::min(visit, 2));
  }
  visits.mailbox.messages[4] = report_mail(4);
  REQUIRE(visits.visit());
  fill(visits.mailbox, 1, 4);
  for (int visit = 1; visit <= 2; ++visit) REQUIRE(visits.visit());
  CHECK(visits.mailbox.asked[1] == 2);
  CHECK(visits.mailbox.asked[4] == 2);
  CHECK(store::query_integer(visits.database().handle(), "SELECT count(*) FROM ledger").value() == 4);
}

TEST_CASE("visit: rules that were taken back leave nothing pending") {
  Visits visits;
  visits.plan.mailbox.done = move_to("done");
  fill(visits.mailbox, 1, 3);
  visits.mailbox.refuse_actions = model::Error{"mailbox-read-only", "read-only", ""};
  REQUIRE(visits.visit());
  visits.plan.mailbox.done = {};
  REQUIRE(visits.visit());
  CHECK(store::count_acknowledgements(visits.database())->pending == 0);
  CHECK(visits.mailbox.messages.size() == 3);
}

TEST_CASE("decide: what becomes of a mail follows from what became of its reports") {
  const AcknowledgementRules rules{.done = move_to("done"), .failed = move_to("failed")};
  const struct {
    store::Outcome outcome;
    std::string target;
  } cases[] = {{store::Outcome::stored, "done"},   {store::Outcome::duplicate, "done"},
               {store::Outcome::conflict, "done"}, {store::Outcome::superseded, "done"},
               {store::Outcome::kept, "done"},     {store::Outcome::rejected, "failed"},
               {store::Outcome::not_a_report, ""}};
  for (const auto& one : cases) {
    CAPTURE(model::to_text(one.outcome));
    CHECK(decide(one.outcome, rules).target == one.target);
  }
}

}  // namespace ruaudit::jobs::test
