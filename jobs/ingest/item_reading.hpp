// Items in, steps for the writer out, in the order of the items. Where the order is to confine, hostile octets are
// unpacked and parsed by a process without rights (jobs/confined/): several items are on their way to it at a time, and
// whatever happens to it costs one item. An item that ends a reader which was given nothing else is `rejected`, code
// "reader-died", unless the machine gave it no memory; all others are read again by a new one. Otherwise all happens
// here. Used by one thread.
#pragma once
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "jobs/confined/child.hpp"
#include "jobs/confined/planted_fault.hpp"
#include "jobs/ingest/item_reader.hpp"
#include "jobs/ingest/item_steps.hpp"

namespace ruaudit::jobs {

// The reader while a run lasts: started when the first item needs it.
class ReaderHost {
 public:
  // The list must outlive the object.
  ReaderHost(const verify::suffix::PublicSuffixList& list, ReadingOptions options)
      : list_(list), options_(std::move(options)) {
    options_.reader_cpu_seconds = reader_seconds(options_.reader_cpu_seconds);
  }

  // Errors "reader-unavailable", "confinement".
  model::Result<Child*> child();
  // It has died: how, in words.
  std::string bury();
  [[nodiscard]] bool is_fresh() const { return items_done_ == 0; }
  [[nodiscard]] bool was_killed() const { return was_killed_; }
  [[nodiscard]] bool was_starved() const { return was_starved_; }
  void count_item() { ++items_done_; }

  // Without using CPU time although it has something to do.
  [[nodiscard]] std::chrono::seconds stall_patience() const {
    return std::chrono::seconds(options_.reader_cpu_seconds / 2 + 1);
  }
  [[nodiscard]] const ReadingOptions& options() const { return options_; }
  [[nodiscard]] const verify::suffix::PublicSuffixList& list() const { return list_; }
  // Once: why hostile octets are read without confinement although it is preferred.
  std::optional<model::Error> take_warning() { return std::exchange(warning_, std::nullopt); }

 private:
  model::Result<void> greet();
  const verify::suffix::PublicSuffixList& list_;
  ReadingOptions options_;
  std::optional<Child> child_;
  std::optional<model::Error> warning_;
  std::size_t items_done_ = 0;
  bool was_killed_ = false;
  bool was_starved_ = false;
};

struct ReadingEvents {
  // An item that stays unknown for a reason of this machine's, and that reason.
  std::function<void(const ingest::RawItem&, const model::Error&)> postponed;
  std::function<bool()> stop_requested;  // also checked inside an item
  std::function<void(const model::Error&)> warning;
};

class ItemReading {
 public:
  // Both must outlive the object.
  ItemReading(ReaderHost& host, WorkSender& sender, ReadingEvents events);
  ItemReading(const ItemReading&) = delete;
  ItemReading& operator=(const ItemReading&) = delete;
  ~ItemReading();

  // As ItemReader; errors are those that end the run.
  model::Result<void> read(ingest::RawItem item, const store::ContentHash& hash, const ItemRole& role = {});
  model::Result<void> touch(const ingest::RawItem& item, const store::ContentHash& hash, const ItemRole& role = {});
  // Steps of the program's own, in their place among the items.
  model::Result<void> pass(Parcel steps);
  // Until every item has ended, or a stop is requested: then unfinished items are treated as if they had never begun.
  model::Result<void> finish();

 private:
  struct Waiting {
    std::optional<ingest::RawItem> item;  // nothing: the steps alone
    store::ContentHash hash{};
    ItemRole role;
    Parcel steps;
    bool is_sent = false;
    int kills = 0;
  };
  enum class Wait : std::uint8_t { no, for_room, for_all };

  model::Result<void> read_here(const Waiting& waiting);
  model::Result<void> pump(Wait wait);
  [[nodiscard]] bool is_enough(Wait wait) const;
  void send_waiting(Child& child);
  bool take_frames(Child& child);
  bool take_steps(const std::string& octets);
  void take_step(Step step);
  void end_front();
  void pass_own_steps();
  void child_died();
  void postpone_front(const model::Error& error);
  void blame_front(const std::string& how);
  bool is_stalled(Child& child);
  void give_up();

  ReaderHost& host_;
  ItemSteps steps_;
  WorkSender& sender_;
  ReadingEvents events_;
  std::optional<ItemReader> reader_;  // without confinement
  std::deque<Waiting> waiting_;
  std::size_t waiting_octets_ = 0;
  std::chrono::nanoseconds cpu_seen_{};
  std::chrono::steady_clock::time_point alive_{};
  // After a death so many items go to the reader one by one, so that it is known which of them ends it.
  std::size_t one_by_one_ = 0;
  std::size_t unpumped_ = 0;
  bool is_given_up_ = false;
};

// What the program does when it is started as a reader: its exit code.
int run_reader();

}  // namespace ruaudit::jobs
