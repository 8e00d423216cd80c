#include "jobs/mailbox/round.hpp"

#include <thread>

#include "ingest/content_hash.hpp"
#include "jobs/ingest/two_threads.hpp"
#include "jobs/threads/bounded_queue.hpp"
#include "model/fail_point.hpp"

namespace ruaudit::jobs {
namespace {

constexpr std::size_t max_fetched_octets = std::size_t{8} * 1024 * 1024;

using ArrivedQueue = BoundedQueue<ArrivedMail>;

// The fetching thread: what it leaves behind may be looked at when it has ended.
class Fetching {
 public:
  Fetching(MailSource& source, const RoundPlan& plan, const RoundTools& tools)
      : source_(source), plan_(plan), tools_(tools), queue_(max_fetched_octets), thread_([this] { run(); }) {}
  Fetching(const Fetching&) = delete;
  Fetching& operator=(const Fetching&) = delete;
  ~Fetching() { end(); }

  std::optional<ArrivedMail> next() { return queue_.pop(); }
  // Stops it where it has not ended by itself.
  void end() {
    queue_.abandon();
    if (thread_.joinable()) thread_.join();
  }
  void move_into(RoundResult& result) {
    result.arrived = std::move(arrived_);
    result.not_arrived = std::move(not_arrived_);
    result.fetch_error = std::move(error_);
  }

 private:
  void run() {
    auto rest = plan_.is_giving_up ? give_up()
                                   : source_.fetch(plan_.mails, [this](ArrivedMail m) { return take(std::move(m)); });
    if (rest)
      not_arrived_ = std::move(*rest);
    else
      error_ = std::move(rest).error();
    queue_.close();
  }

  model::Result<NotArrived> give_up() {
    for (const ListedMail& mail : plan_.mails)
      if (!take({mail.uid, 0,
                 model::failure("mail-given-up", "message " + mail.uid + " was tried too often without success",
                                "look at it in the mailbox; the ledger holds this row so that it is not tried again")}))
        break;
    return NotArrived{};
  }

  bool take(ArrivedMail mail) {
    RUAUDIT_FAIL_POINT("mailbox.fetched");
    arrived_.push_back(mail.uid);
    const std::size_t octets = mail.octets ? mail.octets->size() : 0;
    if (!queue_.push(std::move(mail), octets + 256)) return false;
    return !tools_.stop_requested || !tools_.stop_requested();
  }

  MailSource& source_;
  const RoundPlan& plan_;
  const RoundTools& tools_;
  ArrivedQueue queue_;
  std::vector<std::string> arrived_;
  std::optional<NotArrived> not_arrived_;
  std::optional<model::Error> error_;
  std::thread thread_;
};

class MailReading {
 public:
  MailReading(const RoundPlan& plan, const RoundTools& tools, ItemReader& reader)
      : plan_(plan), tools_(tools), reader_(reader) {}

  model::Result<void> read(ArrivedMail& mail) {
    RUAUDIT_FAIL_POINT("mailbox.read");
    if (!mail.octets) {
      refuse(mail);
      return {};
    }
    const ingest::RawItem item{.source = plan_.source,
                               .locator = mail.uid,
                               .kind = ingest::ItemKind::mbox_member,
                               .modified = mail.received,
                               .bytes = std::move(*mail.octets)};
    return reader_.read_unless_known(item, tools_.known, role(mail.uid));
  }

 private:
  [[nodiscard]] ItemRole role(const std::string& uid) const {
    return {.reprocessed_ledger_key = std::nullopt,
            .message = store::MailboxMessage{.mailbox = plan_.folder.mailbox,
                                             .folder = plan_.folder.folder,
                                             .uidvalidity = plan_.folder.uidvalidity,
                                             .uid = uid},
            .needs_acknowledgement = plan_.needs_acknowledgement};
  }

  // A message without octets: its name and what was said about it stand for them.
  void refuse(const ArrivedMail& mail) {
    const model::Error& error = mail.octets.error();
    const ItemRole named = role(mail.uid);
    store::Item item;
    item.kind = store::ItemKind::mail;
    item.source = plan_.source;
    item.locator = mail.uid;
    item.message = named.message;
    item.needs_acknowledgement = named.needs_acknowledgement;
    item.content_hash = ingest::content_hash(
        ingest::Bytes::from_string(plan_.folder.mailbox + "\n" + plan_.folder.folder + "\n" +
                                   std::to_string(plan_.folder.uidvalidity) + "\n" + mail.uid + "\n" + error.code));
    reader_.refuse(std::move(item), error);
  }

  const RoundPlan& plan_;
  const RoundTools& tools_;
  ItemReader& reader_;
};

}  // namespace

RoundResult run_round(MailSource& source, const RoundPlan& plan, const RoundTools& tools) {
  RoundResult result;
  TwoThreads threads(tools.database, tools.commit, tools.notice);
  Fetching fetching(source, plan, tools);
  const auto counts = threads.run([&](WorkSender& sender) -> model::Result<void> {
    TRY(auto reader, ItemReader::create(tools.list, tools.reading, sender));
    MailReading reading(plan, tools, reader);
    while (auto mail = fetching.next()) {
      TRY_VOID(reading.read(*mail));
      if (!sender.is_wanted()) break;
    }
    return {};
  });
  fetching.end();
  fetching.move_into(result);
  if (counts)
    result.counts = *counts;
  else
    result.store_error = counts.error();
  return result;
}

}  // namespace ruaudit::jobs
