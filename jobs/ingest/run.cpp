#include "jobs/ingest/run.hpp"

#include <algorithm>

#include "ingest/content_hash.hpp"
#include "ingest/local_error.hpp"
#include "jobs/ingest/item_reading.hpp"
#include "jobs/ingest/report_reading.hpp"
#include "jobs/ingest/two_threads.hpp"
#include "model/fail_point.hpp"
#include "store/ledger/known_items.hpp"
#include "store/ledger/reprocess.hpp"

namespace ruaudit::jobs {
namespace {

bool should_stop(const WorkSender& sender, const IngestObserver& observer) {
  return !sender.is_wanted() || (observer.stop_requested && observer.stop_requested());
}

class SourceWalk {
 public:
  SourceWalk(const IngestPlan& plan, const IngestObserver& observer, TwoThreads& threads, ItemReading& reading,
             store::KnownItems& known)
      : plan_(plan), observer_(observer), threads_(threads), reading_(reading), known_(known) {}

  model::Result<void> walk(const std::string& source, WorkSender& sender) {
    auto opened = ingest::SourceReader::open(source, plan_.reading.source);
    if (!opened) {
      report_unreadable(opened.error());
      return {};
    }
    while (!should_stop(sender, observer_)) {
      auto item = opened->next();
      if (!item) break;
      TRY_VOID(*item ? read(std::move(**item)) : refuse(source, item->error()));
      show_progress(*opened);
    }
    entries_before_ += opened->entries_done();
    return {};
  }
  [[nodiscard]] std::int64_t unread() const { return unread_; }
  [[nodiscard]] std::int64_t postponed() const { return postponed_; }

 private:
  model::Result<void> read(ingest::RawItem item) {
    RUAUDIT_FAIL_POINT("pipeline.read");
    const store::ContentHash hash = ingest::content_hash(item.bytes);
    if (item.bytes.has_shrunk())
      return refuse(item.source + (item.locator.empty() ? "" : "/" + item.locator), shrunk_error());
    TRY(const bool is_known, known_.contains(hash));
    return is_known ? reading_.touch(item, hash) : reading_.read(std::move(item), hash);
  }

  void report_unreadable(const model::Error& error) {
    ++unread_;
    if (observer_.unreadable) observer_.unreadable(error);
  }

  // An entry that is there but cannot be read has a row in the ledger, too. It has no octets to be known by: the hash
  // of what was said about it stands for them, so that it is written once, and read again as soon as it can be. Every
  // run that finds it unreadable says so: it is no known content.
  model::Result<void> refuse(const std::string& source, const model::Error& error) {
    if (ingest::is_local_error(error)) {
      report_unreadable(error);
      --unread_;
      ++postponed_;
      return {};
    }
    store::Item item;
    item.kind = store::ItemKind::file;
    item.source = source;
    item.content_hash = ingest::content_hash(ingest::Bytes::from_string(error.code + "\n" + error.message));
    TRY(const bool is_told, known_.contains(item.content_hash));
    if (is_told && is_unread(error)) report_unreadable(error);
    item.received = item.now = plan_.reading.now;
    const bool is_no_file = error.code == "not-a-file" || error.code == "folder-loop";
    Parcel steps;
    steps.emplace_back(BeginItem{std::move(item), std::nullopt});
    steps.emplace_back(AddPart{{.kind = store::PartKind::other, .path = {}},
                               is_no_file ? store::Outcome::not_a_report : store::Outcome::rejected,
                               finding_of(error, {})});
    steps.emplace_back(EndItem{});
    return reading_.pass(std::move(steps));
  }

  static bool is_unread(const model::Error& error) {
    return std::find(std::begin(ingest::unread_codes), std::end(ingest::unread_codes), error.code) !=
           std::end(ingest::unread_codes);
  }

  void show_progress(const ingest::SourceReader& source) {
    if (!observer_.progress) return;
    IngestProgress progress{.entries_done = entries_before_ + source.entries_done(),
                            .entries_known = entries_before_ + source.entries_known(),
                            .counts = threads_.counts()};
    progress.counts.unread = unread_;
    observer_.progress(progress);
  }

  const IngestPlan& plan_;
  const IngestObserver& observer_;
  TwoThreads& threads_;
  ItemReading& reading_;
  store::KnownItems& known_;
  std::uint64_t entries_before_ = 0;
  std::int64_t unread_ = 0;
  std::int64_t postponed_ = 0;
};

ingest::RawItem raw_item(const store::KeptItem& kept, std::string octets) {
  return {.source = kept.item.source,
          .locator = kept.item.locator,
          .kind = kept.item.kind == store::ItemKind::mail ? ingest::ItemKind::mail : ingest::ItemKind::file,
          .modified = kept.item.received,
          .bytes = ingest::Bytes::from_string(std::move(octets))};
}

model::Result<void> read_kept_items(const IngestPlan& plan, ItemReading& reading, WorkSender& sender,
                                    const IngestObserver& observer) {
  TRY(auto originals, store::Database::open({.path = plan.database_path, .access = store::Access::read_only}));
  std::int64_t last = 0;
  while (!should_stop(sender, observer)) {
    TRY(const auto kept, store::next_kept_item(originals, last));
    if (!kept) break;
    last = kept->ledger_key;
    ingest::Spool spool(plan.reading.unpack.heap_bytes, plan.reading.unpack.spool_folder);
    TRY_VOID(store::read_original(originals, last, [&](std::string_view octets) { return spool.append(octets); }));
    TRY(auto bytes, spool.take());
    auto item = raw_item(*kept, {});
    item.bytes = std::move(bytes);
    TRY_VOID(reading.read(std::move(item), kept->item.content_hash,
                          {.reprocessed_ledger_key = last, .message = std::nullopt, .seen = kept->item.now}));
  }
  return reading.finish();
}

// What happens to an item that is left for another time: told, and counted.
ReadingEvents events_of(const IngestObserver& observer, std::int64_t& postponed) {
  const auto tell = [&observer](const model::Error& error) {
    if (observer.unreadable) observer.unreadable(error);
  };
  return {.postponed =
              [tell, &postponed](const ingest::RawItem& item, const model::Error& error) {
                ++postponed;
                tell(error.in(item.locator.empty() ? item.source : item.source + "/" + item.locator));
              },
          .stop_requested = observer.stop_requested,
          .warning = tell};
}

}  // namespace

model::Result<IngestCounts> ingest(const IngestPlan& plan, store::Database& database,
                                   const verify::suffix::PublicSuffixList& list, const IngestObserver& observer) {
  TwoThreads threads(database, plan.commit, observer.part);
  TRY(auto known, store::KnownItems::open(plan.database_path));
  std::int64_t unread = 0, postponed = 0;
  ReaderHost host(list, plan.reading);
  auto counts = threads.run([&](WorkSender& sender) -> model::Result<void> {
    ItemReading reading(host, sender, events_of(observer, postponed));
    SourceWalk walk(plan, observer, threads, reading, known);
    for (const std::string& source : plan.sources) {
      if (should_stop(sender, observer)) break;
      TRY_VOID(walk.walk(source, sender));
    }
    TRY_VOID(reading.finish());
    unread = walk.unread();
    postponed += walk.postponed();
    return {};
  });
  if (counts) {
    counts->unread = unread;
    counts->postponed = postponed;
  }
  return counts;
}

model::Result<IngestCounts> reprocess(const IngestPlan& plan, store::Database& database,
                                      const verify::suffix::PublicSuffixList& list, const IngestObserver& observer) {
  TwoThreads threads(database, plan.commit, observer.part);
  std::int64_t postponed = 0;
  ReaderHost host(list, plan.reading);
  auto counts = threads.run([&](WorkSender& sender) -> model::Result<void> {
    ItemReading reading(host, sender, events_of(observer, postponed));
    return read_kept_items(plan, reading, sender, observer);
  });
  if (counts) counts->postponed = postponed;
  return counts;
}

}  // namespace ruaudit::jobs
