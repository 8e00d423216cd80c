#include "jobs/mailbox/round.hpp"

#include <chrono>
#include <thread>

#include "ingest/content_hash.hpp"
#include "jobs/ingest/two_threads.hpp"
#include "jobs/threads/bounded_queue.hpp"
#include "jobs/threads/contained.hpp"
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
  std::optional<ArrivedMail> next_within(std::chrono::milliseconds time) { return queue_.pop_within(time); }
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
    auto done = contained([this] {
      fetch();
      return model::Result<void>();
    });
    if (!done) error_ = std::move(done).error();
    queue_.close();
  }

  void fetch() {
    auto rest = plan_.is_giving_up ? give_up()
                                   : source_.fetch(plan_.mails, [this](ArrivedMail m) { return take(std::move(m)); });
    if (rest)
      not_arrived_ = std::move(*rest);
    else
      error_ = std::move(rest).error();
  }

  model::Result<NotArrived> give_up() {
    for (const ListedMail& mail : plan_.mails)
      if (!take({mail.uid, 0,
                 model::failure("mail-given-up", "message " + mail.uid + " was tried too often without success",
                                "look at it in the mailbox; this row in the ledger keeps it from being tried again")}))
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
  MailReading(const RoundPlan& plan, const RoundTools& tools, ItemReading& reading)
      : plan_(plan), tools_(tools), reading_(reading) {}

  model::Result<void> read(ArrivedMail& mail) {
    RUAUDIT_FAIL_POINT("mailbox.read");
    if (!mail.octets) return refuse(mail);
    ingest::RawItem item{.source = plan_.source,
                         .locator = mail.uid,
                         .kind = ingest::ItemKind::mbox_member,
                         .modified = mail.received,
                         .bytes = std::move(*mail.octets)};
    const store::ContentHash hash = ingest::content_hash(item.bytes);
    TRY(const bool is_known, tools_.known.contains(hash));
    return is_known ? reading_.touch(item, hash, role(mail.uid)) : reading_.read(std::move(item), hash, role(mail.uid));
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
  model::Result<void> refuse(const ArrivedMail& mail) {
    const model::Error& error = mail.octets.error();
    const ItemRole named = role(mail.uid);
    store::Item item;
    item.kind = store::ItemKind::mail;
    item.source = plan_.source;
    item.locator = mail.uid;
    item.now = item.received = tools_.reading.now;
    item.message = named.message;
    item.needs_acknowledgement = named.needs_acknowledgement;
    item.content_hash = ingest::content_hash(
        ingest::Bytes::from_string(plan_.folder.mailbox + "\n" + plan_.folder.folder + "\n" +
                                   std::to_string(plan_.folder.uidvalidity) + "\n" + mail.uid + "\n" + error.code));
    Parcel steps;
    steps.reserve(3);
    steps.emplace_back(BeginItem{std::move(item), std::nullopt});
    steps.emplace_back(AddPart{{.kind = store::PartKind::other, .path = {}},
                               store::Outcome::rejected,
                               {.code = error.code, .place = {}, .reason = error.message}});
    steps.emplace_back(EndItem{});
    return reading_.pass(std::move(steps));
  }

  const RoundPlan& plan_;
  const RoundTools& tools_;
  ItemReading& reading_;
};

}  // namespace

namespace {

// Of one portion: what has arrived within this time of its first mail, up to so many octets.
constexpr std::chrono::milliseconds portion_time(500);
constexpr std::size_t portion_octets = std::size_t{4} * 1024 * 1024;

std::vector<ArrivedMail> next_portion(Fetching& fetching) {
  std::vector<ArrivedMail> portion;
  std::size_t octets = 0;
  auto mail = fetching.next();
  const auto end = std::chrono::steady_clock::now() + portion_time;
  while (mail) {
    octets += mail->octets ? mail->octets->size() : 0;
    portion.push_back(std::move(*mail));
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (octets >= portion_octets || left.count() <= 0) break;
    mail = fetching.next_within(left);
  }
  return portion;
}

model::Result<IngestCounts> store_portion(std::vector<ArrivedMail> portion, const RoundPlan& plan,
                                          const RoundTools& tools, std::vector<std::string>& postponed) {
  TRY(const auto turn, take_turn(tools.turn));
  TwoThreads threads(tools.database, tools.commit, tools.notice);
  const ReadingEvents events{.postponed =
                                 [&](const ingest::RawItem& item, const model::Error& error) {
                                   postponed.push_back(item.locator);
                                   if (tools.warning) tools.warning(error.in("message " + item.locator));
                                 },
                             .stop_requested = tools.stop_requested,
                             .warning = tools.warning};
  return threads.run([&](WorkSender& sender) -> model::Result<void> {
    ItemReading items(tools.reader, sender, events);
    MailReading reading(plan, tools, items);
    for (ArrivedMail& mail : portion) {
      TRY_VOID(reading.read(mail));
      if (!sender.is_wanted()) break;
    }
    return items.finish();
  });
}

}  // namespace

model::Result<std::shared_ptr<void>> take_turn(const TurnTaker& taker) {
  return taker ? taker() : model::Result<std::shared_ptr<void>>(nullptr);
}

RoundResult run_round(MailSource& source, const RoundPlan& plan, const RoundTools& tools) {
  RoundResult result;
  Fetching fetching(source, plan, tools);
  while (!result.store_error) {
    auto portion = next_portion(fetching);
    if (portion.empty()) break;
    const auto counts = store_portion(std::move(portion), plan, tools, result.postponed);
    if (counts)
      result.counts += *counts;
    else
      result.store_error = counts.error();
  }
  fetching.end();
  fetching.move_into(result);
  result.counts.postponed = static_cast<std::int64_t>(result.postponed.size());
  return result;
}

}  // namespace ruaudit::jobs
