// The writing thread of a run beside the thread that reads: starts it, lets `read` produce steps, and ends both in
// order whatever happens. What was read before an error of the reading side is committed all the same; where it breaks
// off in the middle, by an exception, the items since the last commit stay unknown.
#pragma once
#include <functional>
#include <thread>
#include <utility>

#include "jobs/ingest/write_worker.hpp"
#include "jobs/threads/contained.hpp"

namespace ruaudit::jobs {

class TwoThreads {
 public:
  // `database` must outlive the object.
  TwoThreads(store::Database& database, const CommitPolicy& policy, NoticeSink notice)
      : queue_(max_waiting_octets), sender_(queue_), worker_(database, queue_, policy, std::move(notice)) {}

  model::Result<IngestCounts> run(const std::function<model::Result<void>(WorkSender&)>& read) {
    std::thread writing([this] { worker_.run(); });
    bool is_whole = false;
    const auto reading = [&] {
      const End end{queue_, writing, is_whole};
      return contained([&] {
        auto done = read(sender_);
        sender_.flush();
        is_whole = true;
        return done;
      });
    }();
    if (!worker_.result()) return model::failure(worker_.result().error());
    if (!reading) return model::failure(reading.error());
    return worker_.counts();
  }
  [[nodiscard]] IngestCounts counts() const { return worker_.counts(); }

 private:
  struct End {
    WorkQueue& queue;
    std::thread& writing;
    const bool& is_whole;
    End(WorkQueue& of_queue, std::thread& of_writing, const bool& is_read_whole)
        : queue(of_queue), writing(of_writing), is_whole(is_read_whole) {}
    End(const End&) = delete;
    End& operator=(const End&) = delete;
    // Whatever happens: a thread that is still joinable would end the process.
    ~End() {
      if (is_whole)
        queue.close();
      else
        queue.fail();
      writing.join();
    }
  };

  WorkQueue queue_;
  WorkSender sender_;
  WriteWorker worker_;
};

}  // namespace ruaudit::jobs
