// Reads one item (mail or file) completely, on the reading thread: unpacks it, parses its reports, checks every record
// against itself, encodes, and sends the writer's steps in order. Decides what each leaf payload becomes in the
// ledger. Used by ingest (items from sources) and reprocess (items from kept originals) alike.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "config/configuration.hpp"
#include "ingest/limits.hpp"
#include "ingest/source.hpp"
#include "jobs/confined/order.hpp"
#include "jobs/ingest/work.hpp"
#include "model/domain.hpp"
#include "parser/aggregate_report_parser.hpp"
#include "store/content/digest.hpp"
#include "store/failure/sample_policy.hpp"
#include "verify/suffix/public_suffix_list.hpp"

namespace ruaudit::jobs {

enum class Originals : std::uint8_t { keep, drop };

struct ReadingOptions {
  ingest::SourceLimits source;
  ingest::UnpackLimits unpack;
  parser::AggregateLimits aggregate;
  Originals originals = Originals::keep;
  store::SampleOrder samples = store::SamplePolicy::headers;  // of failure reports, once they are verified
  std::int64_t now = 0;                                       // epoch seconds, written as first_seen and last_seen
  // Policy domains whose reports are expected, with all below them; reports for others are flagged. Empty: all.
  std::vector<model::Domain> domains;
  std::string suffix_list_file;                // empty: the system's
  Confinement confinement = Confinement::off;  // of what reads hostile octets
  std::uint64_t reader_cpu_seconds = 120;      // of one item, where it is confined
};

// What the ledger is told about an item beside what its octets say.
struct ItemRole {
  std::optional<std::int64_t> reprocessed_ledger_key;  // stored before, read again
  std::optional<store::MailboxMessage> message;        // its name in a mailbox
  bool needs_acknowledgement = false;
  std::optional<std::int64_t> seen{};  // of an item that is read again: when it was there last
};

// The ledger's entry for an item, as far as it is known without looking into it.
store::Item ledger_item(const ingest::RawItem& item, const store::ContentHash& hash, std::int64_t now,
                        const ItemRole& role);

// Of a file that lost octets while it was read, code "file-shrank".
model::Error shrunk_error();

class ItemReader {
 public:
  // The list and the sender must outlive the reader.
  static model::Result<ItemReader> create(const verify::suffix::PublicSuffixList& list, const ReadingOptions& options,
                                          StepSink& sender);
  ItemReader(ItemReader&&) noexcept;
  ItemReader& operator=(ItemReader&&) noexcept;
  ~ItemReader();

  // `hash` is the SHA-256 of the item's bytes. Ends with EndItem, or returns the error of this machine's (a full disk)
  // for which the item is to stay unknown: what was sent of it is to be taken back.
  std::optional<model::Error> read(const ingest::RawItem& item, const store::ContentHash& hash,
                                   const ItemRole& role = {});
  // An item that is known by its bytes: its ledger row is only touched.
  void touch(const ingest::RawItem& item, const store::ContentHash& hash, const ItemRole& role = {});

 private:
  class Impl;
  explicit ItemReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ruaudit::jobs
