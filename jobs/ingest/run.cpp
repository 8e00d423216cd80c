#include "jobs/ingest/run.hpp"

#include "ingest/content_hash.hpp"
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
  SourceWalk(const IngestPlan& plan, const IngestObserver& observer, TwoThreads& threads, ItemReader& reader,
             store::KnownItems& known)
      : plan_(plan), observer_(observer), threads_(threads), reader_(reader), known_(known) {}

  model::Result<void> walk(const std::string& source, WorkSender& sender) {
    auto opened = ingest::SourceReader::open(source, plan_.reading.source);
    if (!opened) {
      report_unreadable(opened.error());
      return {};
    }
    while (!should_stop(sender, observer_)) {
      auto item = opened->next();
      if (!item) break;
      if (!*item)
        refuse(source, item->error());
      else
        TRY_VOID(read(**item));
      show_progress(*opened);
    }
    entries_before_ += opened->entries_done();
    return {};
  }
  [[nodiscard]] std::int64_t unread() const { return unread_; }

 private:
  model::Result<void> read(const ingest::RawItem& item) {
    RUAUDIT_FAIL_POINT("pipeline.read");
    return reader_.read_unless_known(item, known_);
  }

  void report_unreadable(const model::Error& error) {
    ++unread_;
    if (observer_.unreadable) observer_.unreadable(error);
  }

  // The hash of what was said about the entry stands for its octets.
  void refuse(const std::string& source, const model::Error& error) {
    store::Item item;
    item.kind = store::ItemKind::file;
    item.source = source;
    item.content_hash = ingest::content_hash(ingest::Bytes::from_string(error.code + "\n" + error.message));
    reader_.refuse(std::move(item), error);
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
  ItemReader& reader_;
  store::KnownItems& known_;
  std::uint64_t entries_before_ = 0;
  std::int64_t unread_ = 0;
};

ingest::RawItem raw_item(const store::KeptItem& kept, std::string octets) {
  return {.source = kept.item.source,
          .locator = kept.item.locator,
          .kind = kept.item.kind == store::ItemKind::mail ? ingest::ItemKind::mail : ingest::ItemKind::file,
          .modified = kept.item.received,
          .bytes = ingest::Bytes::from_string(std::move(octets))};
}

model::Result<void> read_kept_items(const IngestPlan& plan, ItemReader& reader, WorkSender& sender,
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
    reader.read(item, kept->item.content_hash,
                {.reprocessed_ledger_key = last, .message = std::nullopt, .seen = kept->item.now});
  }
  return {};
}

}  // namespace

model::Result<IngestCounts> ingest(const IngestPlan& plan, store::Database& database,
                                   const verify::suffix::PublicSuffixList& list, const IngestObserver& observer) {
  TwoThreads threads(database, plan.commit, observer.part);
  TRY(auto known, store::KnownItems::open(plan.database_path));
  std::int64_t unread = 0;
  auto counts = threads.run([&](WorkSender& sender) -> model::Result<void> {
    TRY(auto reader, ItemReader::create(list, plan.reading, sender));
    SourceWalk walk(plan, observer, threads, reader, known);
    for (const std::string& source : plan.sources) {
      if (should_stop(sender, observer)) break;
      TRY_VOID(walk.walk(source, sender));
    }
    unread = walk.unread();
    return {};
  });
  if (counts) counts->unread = unread;
  return counts;
}

model::Result<IngestCounts> reprocess(const IngestPlan& plan, store::Database& database,
                                      const verify::suffix::PublicSuffixList& list, const IngestObserver& observer) {
  TwoThreads threads(database, plan.commit, observer.part);
  return threads.run([&](WorkSender& sender) -> model::Result<void> {
    TRY(auto reader, ItemReader::create(list, plan.reading, sender));
    return read_kept_items(plan, reader, sender, observer);
  });
}

}  // namespace ruaudit::jobs
