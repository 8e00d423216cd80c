#include "jobs/ingest/item_reader.hpp"

#include <algorithm>

#include "ingest/local_error.hpp"
#include "ingest/unpack.hpp"
#include "jobs/ingest/report_reading.hpp"
#include "model/calendar.hpp"
#include "parser/date_text.hpp"
#include "store/failure/permitted.hpp"

namespace ruaudit::jobs {
namespace {

// The last component of the path under which the item lies; an offset in an mbox is no file name.
std::string file_name_of(const ingest::RawItem& item) {
  if (item.kind == ingest::ItemKind::mbox_member) return {};
  const std::string& path = item.locator.empty() ? item.source : item.locator;
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

store::Item ledger_item(const ingest::RawItem& item, const store::ContentHash& hash, std::int64_t now,
                        const ItemRole& role) {
  return {.kind = item.kind == ingest::ItemKind::file ? store::ItemKind::file : store::ItemKind::mail,
          .source = item.source,
          .locator = item.locator,
          .content_hash = hash,
          .size = static_cast<std::int64_t>(item.bytes.size()),
          .received = item.modified > 0 ? item.modified : now,
          .now = now,
          .message = role.message,
          .needs_acknowledgement = role.needs_acknowledgement};
}

namespace {

constexpr std::int64_t date_tolerance = 2 * model::seconds_per_day;  // clocks and time zones

// When a mail says it was sent, where that can be; else `seen`.
std::int64_t arrival_of(const std::optional<ingest::MailHeader>& header, std::int64_t seen) {
  if (!header || !header->date_epoch) return seen;
  const std::int64_t date = *header->date_epoch;
  return date >= parser::first_report_date && date <= seen + date_tolerance ? date : seen;
}

bool is_letter(const ingest::PayloadOutcome& outcome) {
  using ingest::PayloadKind;
  const PayloadKind kind = outcome.info.kind;
  return kind == PayloadKind::text || kind == PayloadKind::html || kind == PayloadKind::signature;
}

}  // namespace

model::Error shrunk_error() {
  return {"file-shrank", "the file became shorter while it was being read",
          "read it again when nobody is writing to it; mail stores replace whole files"};
}

class ItemReader::Impl {
 public:
  Impl(store::ReportEncoder encoder, FailureReading failures, std::unique_ptr<TlsReading> tls,
       const verify::suffix::PublicSuffixList& list, const ReadingOptions& options, StepSink& sender)
      : options_(options),
        sender_(sender),
        reading_(std::move(encoder), std::move(failures), std::move(tls), list, options.aggregate,
                 options.samples.policy, sender) {
    reading_.expect_domains(options.domains);
  }

  std::optional<model::Error> read(const ingest::RawItem& item, const store::ContentHash& hash, const ItemRole& role) {
    const auto header = ingest::read_mail_header(item, options_.unpack);
    store::Item entry = ledger_item(item, hash, options_.now, role);
    const std::int64_t seen = role.seen.value_or(options_.now);
    const std::int64_t arrival = arrival_of(header, seen);
    if (header) {
      entry.kind = store::ItemKind::mail;
      if (header->date_epoch == arrival) entry.received = arrival;
    }
    const std::int64_t received = entry.received;
    sender_.send(BeginItem{std::move(entry), role.reprocessed_ledger_key});
    reading_.start_item({.file_name = file_name_of(item),
                         .subject = header ? header->subject : std::string(),
                         .from = header ? header->from : std::string(),
                         // A mail's own date may lag behind; the clock that saw it does not.
                         .latest_date = std::max(arrival, seen) + date_tolerance},
                        received, seen, item.bytes.size());
    const ingest::UnpackResult result = ingest::unpack(item, options_.unpack, reading_);
    if (auto local = local_error(result)) return local;
    if (item.bytes.has_shrunk()) {
      const model::Error error = shrunk_error();
      reading_.add_part({.kind = store::PartKind::other, .path = {}}, store::Outcome::rejected,
                        {.code = error.code, .place = {}, .reason = error.message + "; " + error.hint});
      sender_.send(EndItem{});
      return std::nullopt;
    }
    add_remaining_parts(result);
    if (!role.reprocessed_ledger_key) keep_original(item, header);
    sender_.send(EndItem{});
    return std::nullopt;
  }

  void touch(const ingest::RawItem& item, const store::ContentHash& hash, const ItemRole& role) {
    sender_.send(BeginItem{ledger_item(item, hash, options_.now, role), std::nullopt});
  }

 private:
  // A full disk says nothing of the item.
  static std::optional<model::Error> local_error(const ingest::UnpackResult& result) {
    const auto is_local = [](const std::optional<model::Error>& error) {
      return error && ingest::is_local_error(*error);
    };
    if (is_local(result.error)) return result.error;
    for (const auto& payload : result.payloads)
      if (is_local(payload.error)) return payload.error;
    return std::nullopt;
  }

  void add_remaining_parts(const ingest::UnpackResult& result) {
    // The covering letter of a report needs no row of its own; where there is no report, each part says what it was.
    reading_.set_letter_alone(std::all_of(result.payloads.begin(), result.payloads.end(), is_letter));
    for (const auto& outcome : result.payloads)
      if (!outcome.taken && (outcome.error || !reading_.is_covering_letter(outcome.info.kind)))
        reading_.add_untaken(outcome);
    if (result.error)
      reading_.add_untaken({.info = {}, .bytes = 0, .taken = false, .error = result.error, .defects = {}});
    else if (result.payloads.empty())
      reading_.add_part({.kind = store::PartKind::other, .path = {}}, store::Outcome::not_a_report,
                        {.code = "empty", .place = {}, .reason = "nothing in it"});
  }

  // Reports are kept whole; of a mail that is none, or that may hold people's mail which nothing stored would let cut
  // later, what the policy for samples permits; of any other file nothing but its hash.
  void keep_original(const ingest::RawItem& item, const std::optional<ingest::MailHeader>& header) {
    using store::SamplePolicy;
    if (options_.originals == Originals::drop) return;
    const SamplePolicy policy = options_.samples.policy;
    const auto octets = item.bytes.view();
    if (reading_.is_known_throughout() || (policy == SamplePolicy::full && (header || reading_.is_worth_keeping())))
      return send_original(item, store::Extent::full, octets);
    if (!header || policy != SamplePolicy::headers) return;
    const std::string fields = store::header_fields(octets.substr(0, options_.unpack.header_bytes));
    if (!fields.empty()) send_original(item, store::Extent::headers, fields);
  }

  void send_original(const ingest::RawItem& item, store::Extent extent, std::string_view octets) {
    store::OriginalChunker chunker(octets);
    std::size_t done = 0;
    while (auto chunk = chunker.next()) {
      done += chunk->size;
      sender_.send(AddChunk{extent, std::move(*chunk)});
      if (extent == store::Extent::full) item.bytes.drop_before(done);
    }
  }

  ReadingOptions options_;
  StepSink& sender_;
  ReportReading reading_;
};

model::Result<ItemReader> ItemReader::create(const verify::suffix::PublicSuffixList& list,
                                             const ReadingOptions& options, StepSink& sender) {
  TRY(auto encoder, store::ReportEncoder::create());
  TRY(auto failures, FailureReading::create(options.unpack, options.samples));
  TRY(auto tls, TlsReading::create(options.unpack, options.aggregate.records));
  return ItemReader(
      std::make_unique<Impl>(std::move(encoder), std::move(failures), std::move(tls), list, options, sender));
}

ItemReader::ItemReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ItemReader::ItemReader(ItemReader&&) noexcept = default;
ItemReader& ItemReader::operator=(ItemReader&&) noexcept = default;
ItemReader::~ItemReader() = default;

std::optional<model::Error> ItemReader::read(const ingest::RawItem& item, const store::ContentHash& hash,
                                             const ItemRole& role) {
  return impl_->read(item, hash, role);
}

void ItemReader::touch(const ingest::RawItem& item, const store::ContentHash& hash, const ItemRole& role) {
  impl_->touch(item, hash, role);
}

}  // namespace ruaudit::jobs
