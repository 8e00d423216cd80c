#include "jobs/ingest/two_threads.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <new>
#include <thread>

#include "ingest/content_hash.hpp"
#include "jobs/ingest/item_reading.hpp"
#include "store/ledger/known_items.hpp"
#include "tests/jobs/mailbox/fake_mailbox.hpp"

namespace ruaudit::jobs::test {
namespace {

store::ContentHash hash_of(const std::string& octets) {
  return ingest::content_hash(ingest::Bytes::from_string(octets));
}

void send_item(StepSink& sender, const std::string& octets, bool is_whole) {
  store::Item item;
  item.source = "source";
  item.content_hash = hash_of(octets);
  item.received = item.now = 1'700'000'000;
  sender.send(BeginItem{std::move(item), std::nullopt});
  sender.send(AddPart{{.kind = store::PartKind::other, .path = {}}, store::Outcome::rejected, {"code", {}, "reason"}});
  if (is_whole) sender.send(EndItem{});
}

class Run {
 public:
  Run() : database_(store::Database::open({.path = path(), .access = store::Access::create})) { REQUIRE(database_); }

  model::Result<IngestCounts> operator()(const std::function<model::Result<void>(WorkSender&)>& read,
                                         NoticeSink notice = {}) {
    TwoThreads threads(*database_, {}, std::move(notice));
    return threads.run(read);
  }
  [[nodiscard]] bool knows(const std::string& octets) const {
    auto known = store::KnownItems::open(path());
    REQUIRE(known);
    const auto is_known = known->contains(hash_of(octets));
    REQUIRE(is_known);
    return *is_known;
  }
  [[nodiscard]] std::string path() const { return folder_.path() + "/reports.db"; }

 private:
  TemporaryFolder folder_;
  model::Result<store::Database> database_;
};

}  // namespace

TEST_CASE("what was read before an error of the reading thread is stored") {
  Run run;
  const auto done = run([](WorkSender& sender) -> model::Result<void> {
    send_item(sender, "first", true);
    return model::failure("disk-low", "no room");
  });
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "disk-low");
  CHECK(run.knows("first"));
}

TEST_CASE("memory that runs out in the middle of an item leaves the item unknown, and is the machine's matter") {
  Run run;
  const auto done = run([&run](WorkSender& sender) -> model::Result<void> {
    send_item(sender, "first", true);
    sender.send(Checkpoint{});
    sender.flush();
    // What waits in the queue when reading breaks off is taken back with the rest.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!run.knows("first") && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    send_item(sender, "second", false);
    sender.flush();
    throw std::bad_alloc();
  });
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "machine");
  CHECK(run.knows("first"));
  CHECK_FALSE(run.knows("second"));
}

TEST_CASE("memory that runs out in the writing thread is the machine's matter, and the item stays unknown") {
  Run run;
  const auto done = run(
      [](WorkSender& sender) -> model::Result<void> {
        send_item(sender, "first", true);
        return {};
      },
      [](const PartNotice&) { throw std::bad_alloc(); });
  REQUIRE_FALSE(done);
  CHECK(done.error().code == "machine");
  CHECK_FALSE(run.knows("first"));
}

}  // namespace ruaudit::jobs::test
