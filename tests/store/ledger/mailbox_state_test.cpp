#include "store/ledger/mailbox_state.hpp"

#include "tests/store/store_fixture.hpp"

namespace ruaudit::store::test {
namespace {

const MailboxFolder inbox{"imap://reports@mail.example", "INBOX", 7};

Item mail(const std::string& octets, const MailboxFolder& folder, const std::string& uid) {
  Item item = make_item(octets);
  item.message = MailboxMessage{folder.mailbox, folder.folder, folder.uidvalidity, uid};
  item.needs_acknowledgement = true;
  return item;
}

// A mail that is one report, or without one no report at all.
void take_in(Database& database, const Item& item, const std::optional<TestReport>& report) {
  auto writer = Writer::create(database);
  REQUIRE(writer->begin(Durability::durable));
  const auto state = writer->begin_item(item);
  REQUIRE(state);
  if (*state == ItemState::fresh) {
    if (report)
      REQUIRE(write_report(*writer, *report));
    else
      REQUIRE(writer->add_part({PartKind::other, "1"}, Outcome::not_a_report, {"text", "", "a letter"}));
    REQUIRE(writer->end_item());
  }
  REQUIRE(writer->commit());
}

std::string outcomes(MailboxState& state, const MailboxFolder& folder, std::int64_t failed_before = 0) {
  std::string text;
  const auto pending = state.pending(folder, 0, failed_before, 100);
  REQUIRE(pending);
  for (const auto& message : *pending) text += message.uid + " " + std::string(model::to_text(message.outcome)) + "\n";
  return text;
}

std::vector<std::int64_t> keys(MailboxState& state, const MailboxFolder& folder) {
  std::vector<std::int64_t> found;
  const auto pending = state.pending(folder, 0, 0, 100);
  REQUIRE(pending);
  for (const auto& message : *pending) found.push_back(message.ledger_key);
  return found;
}

}  // namespace

TEST_CASE("mailbox state: a message is known by mailbox, folder, UIDVALIDITY and UID together") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto state = MailboxState::create(database);
  REQUIRE(state);
  take_in(database, mail("a", inbox, "3"), make_report("a", 2));
  CHECK(state->is_known(inbox, "3").value());
  CHECK_FALSE(state->is_known(inbox, "4").value());
  CHECK_FALSE(state->is_known({inbox.mailbox, inbox.folder, 8}, "3").value());
  CHECK_FALSE(state->is_known({inbox.mailbox, "Junk", 7}, "3").value());
  CHECK_FALSE(state->is_known({"imap://other@mail.example", "INBOX", 7}, "3").value());
}

TEST_CASE("mailbox state: a copy of known octets is acknowledged as those octets are") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto state = MailboxState::create(database);
  take_in(database, mail("report", inbox, "1"), make_report("a", 2));
  take_in(database, mail("letter", inbox, "2"), std::nullopt);
  take_in(database, mail("report", inbox, "3"), std::nullopt);
  take_in(database, mail("letter", inbox, "4"), std::nullopt);
  take_in(database, mail("same report in other octets", inbox, "5"), make_report("a", 2));
  CHECK(outcomes(*state, inbox) == "1 stored\n2 not_a_report\n3 stored\n4 not_a_report\n5 duplicate\n");
}

TEST_CASE("mailbox state: an action that fails often enough rests, and is tried again a day later") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto state = MailboxState::create(database);
  take_in(database, mail("a", inbox, "1"), make_report("a", 2));
  for (const std::int64_t attempt : {1, 2, 3}) {
    CAPTURE(attempt);
    CHECK(outcomes(*state, inbox) == "1 stored\n");
    REQUIRE(state->count_failed_acknowledgement(keys(*state, inbox), 3, 1000));
  }
  CHECK(outcomes(*state, inbox, 1000) == "");
  CHECK(count_acknowledgements(database)->failed == 1);
  CHECK(outcomes(*state, inbox, 1001) == "1 stored\n");
}

TEST_CASE("mailbox state: what is done is pending no more") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto state = MailboxState::create(database);
  take_in(database, mail("a", inbox, "1"), make_report("a", 2));
  REQUIRE(state->set_acknowledgement(keys(*state, inbox), Acknowledgement::done));
  CHECK(outcomes(*state, inbox) == "");
  CHECK(query_text(database.handle(), "SELECT acknowledgement FROM ledger") == "done\n");
}

TEST_CASE("mailbox state: under another UIDVALIDITY nothing is pending and no attempt counts") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto state = MailboxState::create(database);
  take_in(database, mail("a", inbox, "1"), make_report("a", 2));
  REQUIRE(state->begin_attempts(inbox, std::vector<std::string>{"9"}, 100));
  const MailboxFolder later{inbox.mailbox, inbox.folder, 8};
  REQUIRE(state->forget_other_validities(later));
  CHECK(outcomes(*state, inbox) == "");
  CHECK(state->attempts(inbox)->empty());
  take_in(database, mail("a", later, "1"), std::nullopt);
  CHECK(outcomes(*state, later) == "1 stored\n");
}

TEST_CASE("mailbox state: attempts survive a run that ended in the middle, and are taken back for untried messages") {
  const TemporaryFolder folder;
  {
    auto database = open_database(folder.file());
    auto state = MailboxState::create(database);
    REQUIRE(state->begin_attempts(inbox, std::vector<std::string>{"1", "2", "3"}, 100));
  }
  auto database = open_database(folder.file());
  auto state = MailboxState::create(database);
  const Attempts former = state->attempts(inbox).value();
  CHECK(former == Attempts{{"1", {1, 100}}, {"2", {1, 100}}, {"3", {1, 100}}});
  REQUIRE(state->begin_attempts(inbox, std::vector<std::string>{"1", "2", "3"}, 200));
  take_in(database, mail("a", inbox, "1"), make_report("a", 2));
  REQUIRE(state->settle_attempts(inbox, std::vector<std::string>{"3"}, former));
  CHECK(state->attempts(inbox).value() == Attempts{{"2", {2, 200}}, {"3", {1, 100}}});
  REQUIRE(state->settle_attempts(inbox, std::vector<std::string>{"3"}, {}));
  CHECK(state->attempts(inbox).value() == Attempts{{"2", {2, 200}}});
  REQUIRE(state->forget_attempt(inbox, "2"));
  CHECK(state->attempts(inbox)->empty());
}

TEST_CASE("mailbox state: a failed visit keeps the time of the last success") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto state = MailboxState::create(database);
  REQUIRE(state->record_visit({"reports", 100, 5, std::nullopt}));
  REQUIRE(state->record_visit({"reports", 200, 1, model::Error{"mailbox-timeout", "no answer", ""}}));
  REQUIRE(state->record_visit({"reports", 300, 0, model::Error{"mailbox-timeout", "still no answer", ""}}));
  REQUIRE(state->record_visit({"never", 300, 0, model::Error{"mailbox-login-refused", "refused", ""}}));
  auto states = source_states(database);
  REQUIRE(states->size() == 2);
  CHECK_FALSE(states->at(0).last_success);
  CHECK(states->at(1).last_success == 100);
  CHECK(states->at(1).last_attempt == 300);
  CHECK(states->at(1).failures == 2);
  CHECK(states->at(1).messages == 6);
  CHECK(states->at(1).error == "still no answer");
  REQUIRE(state->record_visit({"reports", 400, 2, std::nullopt}));
  states = source_states(database);
  CHECK(states->at(1).failures == 0);
  CHECK(states->at(1).error.empty());
}

TEST_CASE("mailbox state: a hundred thousand messages are compared in memory of a few rows") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  auto state = MailboxState::create(database);
  REQUIRE(
      execute(database.handle(),
              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
              " INSERT INTO ledger (item_kind, source, locator, content_hash, size, outcome, received, first_seen,"
              " last_seen, mailbox, folder, uidvalidity, uid) SELECT 'mail', 's', i, randomblob(32), 1, 'stored', 1, 1,"
              " 1, 'imap://reports@mail.example', 'INBOX', 7, i FROM n WHERE i % 1000 <> 0"));
  std::size_t unknown = 0;
  for (int uid = 1; uid <= 100'000; ++uid) unknown += state->is_known(inbox, std::to_string(uid)).value() ? 0U : 1U;
  CHECK(unknown == 100);
}

}  // namespace ruaudit::store::test
