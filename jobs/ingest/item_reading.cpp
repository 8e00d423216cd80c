#include "jobs/ingest/item_reading.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "jobs/confined/readiness.hpp"
#include "jobs/ingest/step_wire.hpp"
#include "jobs/threads/contained.hpp"

namespace ruaudit::jobs {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t most_items_waiting = 64;
constexpr std::size_t most_octets_waiting = std::size_t{4} * 1024 * 1024;
constexpr std::size_t most_octets_inline =
    std::size_t{1} * 1024 * 1024;  // larger ones are shared as a file, if they are one
constexpr std::size_t bunch_items = 16;
constexpr std::size_t bunch_octets = std::size_t{256} * 1024;
constexpr milliseconds tick(200);

}  // namespace

model::Result<Child*> ReaderHost::child() {
  constexpr int tries = 5;  // somebody may kill one before it has begun
  for (int left = tries; !child_; --left) {
    TRY(auto started, Child::start(reader_argument));
    child_.emplace(std::move(started));
    items_done_ = 0;
    auto done = greet();
    if (done) break;
    const bool was_killed = child_->was_killed();
    child_.reset();
    if (!was_killed || left == 1) return model::failure(std::move(done).error());
  }
  return &*child_;
}

model::Result<void> ReaderHost::greet() {
  ReaderSetup setup;
  setup.reading = options_;
  setup.cpu_seconds = options_.reader_cpu_seconds;
  setup.may_go_unconfined = options_.confinement == Confinement::preferred;
  child_->send(frame_kind::setup, encode(setup));
  return await_ready(*child_, options_.confinement, [this](const model::Error& error) { warning_ = error; });
}

std::string ReaderHost::bury() {
  std::string how = child_ ? child_->end() : "was not there";
  was_killed_ = child_ && child_->was_killed();
  was_starved_ = child_ && child_->was_starved();
  child_.reset();
  return how;
}

ItemReading::ItemReading(ReaderHost& host, WorkSender& sender, ReadingEvents events)
    : host_(host), steps_(sender), sender_(sender), events_(std::move(events)) {}

ItemReading::~ItemReading() {
  if (!waiting_.empty() && !contained([this] {
        give_up();
        return model::Result<void>();
      }))
    sender_.fail();
}

model::Result<void> ItemReading::read(ingest::RawItem item, const store::ContentHash& hash, const ItemRole& role) {
  if (is_given_up_) return {};
  const std::size_t octets = item.bytes.size();
  Waiting waiting{.item = std::move(item), .hash = hash, .role = role, .steps = {}};
  if (host_.options().confinement == Confinement::off) return read_here(waiting);
  waiting_octets_ += octets;
  waiting_.push_back(std::move(waiting));
  // Handed over in bunches: a wake-up of the other process costs as much as a small item.
  if (++unpumped_ < bunch_items && waiting_octets_ < bunch_octets) return {};
  unpumped_ = 0;
  return pump(Wait::for_room);
}

model::Result<void> ItemReading::touch(const ingest::RawItem& item, const store::ContentHash& hash,
                                       const ItemRole& role) {
  Parcel steps;
  steps.emplace_back(BeginItem{ledger_item(item, hash, host_.options().now, role), std::nullopt});
  return pass(std::move(steps));
}

model::Result<void> ItemReading::pass(Parcel steps) {
  if (is_given_up_) return {};
  waiting_.push_back({.item = std::nullopt, .hash = {}, .role = {}, .steps = std::move(steps)});
  if (waiting_.size() == 1) {
    pass_own_steps();
    return {};
  }
  return waiting_.size() >= most_items_waiting ? pump(Wait::for_room) : model::Result<void>();
}

model::Result<void> ItemReading::read_here(const Waiting& waiting) {
  if (!reader_) {
    TRY(auto reader, ItemReader::create(host_.list(), host_.options(), steps_));
    reader_.emplace(std::move(reader));
  }
  const auto postponed = contained([&]() -> model::Result<void> {
    auto error = reader_->read(*waiting.item, waiting.hash, waiting.role);
    return error ? model::Result<void>(model::failure(std::move(*error))) : model::Result<void>();
  });
  if (postponed) return {};
  // After an exception what the reader holds is of no use.
  if (postponed.error().code == "machine" || postponed.error().code == "internal") reader_.reset();
  steps_.take_back();
  if (events_.postponed) events_.postponed(*waiting.item, postponed.error());
  return {};
}

model::Result<void> ItemReading::finish() {
  TRY_VOID(pump(Wait::for_all));
  pass_own_steps();
  return {};
}

bool ItemReading::is_enough(Wait wait) const {
  if (wait == Wait::no || waiting_.empty()) return true;
  return wait == Wait::for_room && waiting_.size() < most_items_waiting && waiting_octets_ < most_octets_waiting;
}

model::Result<void> ItemReading::pump(Wait wait) {
  pass_own_steps();
  alive_ = std::chrono::steady_clock::now();
  bool is_first = true;
  while (!waiting_.empty() && (is_first || !is_enough(wait))) {
    TRY(Child* const child, host_.child());
    if (const auto warning = host_.take_warning(); warning && events_.warning) events_.warning(*warning);
    send_waiting(*child);
    const auto state = child->exchange(is_first ? milliseconds(0) : tick, -1);
    is_first = false;
    const bool makes_sense = take_frames(*child);
    if (!makes_sense || state == ChildState::ended || (state == ChildState::silent && is_stalled(*child))) child_died();
    if (events_.stop_requested && events_.stop_requested()) give_up();
  }
  return {};
}

void ItemReading::send_waiting(Child& child) {
  for (Waiting& waiting : waiting_) {
    if (one_by_one_ > 0 && &waiting != &waiting_.front()) break;
    if (waiting.is_sent || !waiting.item) continue;
    waiting.is_sent = true;
    const ingest::RawItem& item = *waiting.item;
    const auto file = item.bytes.size() > most_octets_inline ? item.bytes.file() : std::nullopt;
    const std::string order = encode(ItemOrder{.source = item.source,
                                               .locator = item.locator,
                                               .kind = item.kind,
                                               .modified = item.modified,
                                               .seen = waiting.role.seen.value_or(host_.options().now),
                                               .is_read_again = waiting.role.reprocessed_ledger_key.has_value(),
                                               .offset = file ? file->offset : 0,
                                               .size = item.bytes.size()});
    if (file)
      child.send_file(frame_kind::file_item, order, file->descriptor);
    else
      child.send(frame_kind::item, order, item.bytes);
  }
}

// False when the reader says what no reader of ours says.
bool ItemReading::take_frames(Child& child) {
  constexpr std::size_t least = std::size_t{16} * 1024 * 1024;
  while (!waiting_.empty()) {
    const std::size_t size = waiting_.front().item ? waiting_.front().item->bytes.size() : 0;
    const auto frame = child.next(least + 8 * size);
    if (!frame) return true;
    alive_ = std::chrono::steady_clock::now();
    if (frame->kind == frame_kind::postponed) {
      const auto error = decode_error(frame->octets);
      if (!error || !waiting_.front().item) return false;
      steps_.take_back();
      if (events_.postponed) events_.postponed(*waiting_.front().item, *error);
      end_front();
    } else if (frame->kind != frame_kind::steps || !take_steps(frame->octets)) {
      return false;
    }
  }
  return true;
}

bool ItemReading::take_steps(const std::string& octets) {
  auto steps = decode_steps(octets);
  if (!steps) return false;
  for (Step& step : *steps) {
    if (waiting_.empty() || !waiting_.front().item || !steps_.may_follow(step)) return false;
    take_step(std::move(step));
  }
  return true;
}

// What names the item, and what is ordered for its samples, is not the reader's to say.
void ItemReading::take_step(Step step) {
  const Waiting& front = waiting_.front();
  if (auto* begin = std::get_if<BeginItem>(&step)) {
    store::Item entry = ledger_item(*front.item, front.hash, host_.options().now, front.role);
    entry.kind = begin->item.kind;
    entry.received = begin->item.received;
    *begin = {std::move(entry), front.role.reprocessed_ledger_key};
  }
  if (auto* failure = std::get_if<AddFailure>(&step)) failure->samples = host_.options().samples;
  const bool is_end = std::holds_alternative<EndItem>(step);
  steps_.send(std::move(step));
  if (is_end) end_front();
}

void ItemReading::end_front() {
  waiting_octets_ -= waiting_.front().item->bytes.size();
  waiting_.pop_front();
  host_.count_item();
  if (one_by_one_ > 0) --one_by_one_;
  pass_own_steps();
}

void ItemReading::pass_own_steps() {
  while (!waiting_.empty() && !waiting_.front().item) {
    for (Step& step : waiting_.front().steps) sender_.send(std::move(step));
    waiting_.pop_front();
  }
}

void ItemReading::child_died() {
  const auto sent = std::count_if(waiting_.begin(), waiting_.end(), [](const Waiting& one) { return one.is_sent; });
  const bool was_alone = host_.is_fresh() && sent == 1;
  const std::string how = host_.bury();
  steps_.take_back();
  for (Waiting& waiting : waiting_) waiting.is_sent = false;
  one_by_one_ = std::max(one_by_one_, static_cast<std::size_t>(sent));
  alive_ = std::chrono::steady_clock::now();
  if (waiting_.empty() || !waiting_.front().item || !was_alone) return;
  if (host_.was_starved()) return postpone_front(out_of_memory());
  // Somebody, or a machine without memory, may kill what does no wrong: that takes more than one time.
  constexpr int most_kills = 3;
  if (host_.was_killed() && ++waiting_.front().kills <= most_kills) return;
  blame_front(how);
}

void ItemReading::postpone_front(const model::Error& error) {
  if (events_.postponed) events_.postponed(*waiting_.front().item, error);
  end_front();
}

void ItemReading::blame_front(const std::string& how) {
  const Waiting& front = waiting_.front();
  const model::Error error{"reader-died", fmt::format("the process that read it {}", how), {}};
  // What was stored of it by an earlier version stays.
  if (front.role.reprocessed_ledger_key) return postpone_front(error);
  steps_.send(BeginItem{ledger_item(*front.item, front.hash, host_.options().now, front.role),
                        front.role.reprocessed_ledger_key});
  steps_.send(AddPart{{.kind = store::PartKind::other, .path = {}},
                      store::Outcome::rejected,
                      {.code = error.code, .place = {}, .reason = error.message + "; nothing of it was stored"}});
  steps_.send(EndItem{});
  end_front();
}

// Busy is not stalled: the kernel ends a reader that has used up its CPU time.
bool ItemReading::is_stalled(Child& child) {
  const auto used = child.cpu_time();
  const auto now = std::chrono::steady_clock::now();
  if (used != cpu_seen_) {
    cpu_seen_ = used;
    alive_ = now;
  }
  return now - alive_ > host_.stall_patience();
}

void ItemReading::give_up() {
  is_given_up_ = true;
  steps_.take_back();
  host_.bury();
  waiting_.clear();
  waiting_octets_ = 0;
}

}  // namespace ruaudit::jobs
