// Turns of a watched mailbox, without a server.
#include "jobs/mailbox/watch.hpp"

#include <sys/eventfd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include "tests/jobs/mailbox/fake_mailbox.hpp"

using namespace std::chrono_literals;

namespace ruaudit::jobs::test {
namespace {

// A watcher of one mbox that has no mail.
class Watched {
 public:
  explicit Watched(const std::string& database = "r.db") {
    std::ofstream(folder_.path() + "/mbox").close();
    mailbox_.name = "local";
    mailbox_.type = config::SourceType::mbox;
    mailbox_.path = folder_.path() + "/mbox";
    shared.database_path = database.front() == '/' ? database : folder_.path() + "/" + database;
  }
  ~Watched() { ::close(shared.stop.descriptor); }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  void begin() {
    running_ = std::async(std::launch::async, [this] { WatchMailbox(mailbox_, shared).run(); });
  }
  void stop() const { ::eventfd_write(shared.stop.descriptor, 1); }
  bool ends_within(std::chrono::milliseconds time) { return running_.wait_for(time) == std::future_status::ready; }

 private:
  TemporaryFolder folder_;
  verify::suffix::PublicSuffixList list_ = verify::suffix::PublicSuffixList::system().value();
  std::ostringstream out_;
  Log log_{out_, config::LogFormat::text, config::LogLevel::info};
  config::Mailbox mailbox_;

 public:
  WatchShared shared{.database_path = {},
                     .list = list_,
                     .general = {},
                     .log = log_,
                     .stop = {::eventfd(0, EFD_CLOEXEC)},
                     .turn = {},
                     .suffix_list_file = {}};
  // Only after the end.
  [[nodiscard]] std::string log() const { return out_.str(); }

 private:
  std::future<void> running_;
};

}  // namespace

TEST_CASE("watch: a stop is not kept waiting by another mailbox's turn") {
  Watched watched;
  std::unique_lock others_turn(watched.shared.turn);
  watched.begin();
  std::this_thread::sleep_for(100ms);
  watched.stop();
  CHECK(watched.ends_within(10s));
  others_turn.unlock();
  REQUIRE(watched.ends_within(60s));
  CHECK(watched.log().empty());
}

TEST_CASE("watch: a mailbox that gets no database says so") {
  Watched watched("/proc/none/r.db");
  watched.begin();
  std::this_thread::sleep_for(300ms);
  watched.stop();
  REQUIRE(watched.ends_within(60s));
  CHECK(watched.log().find("ruaudit: error: local: ") == 0);
}

}  // namespace ruaudit::jobs::test
