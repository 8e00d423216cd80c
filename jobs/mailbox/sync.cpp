#include "jobs/mailbox/sync.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "model/counted.hpp"
#include "model/fail_point.hpp"

namespace ruaudit::jobs {
namespace {

// Messages that failed twice are fetched in small groups, and from the third attempt on one at a time: so that none of
// them harms another, and the good ones arrive.
constexpr std::int64_t attempts_before_groups = 2;
constexpr std::int64_t attempts_before_isolation = 3;
constexpr std::size_t group_messages = 16;
// Where actions count at the end of a connection only: so that it can be ended in time.
constexpr std::size_t round_until_close = 200;
// From then on a message that does not arrive counts only so often: the cause may be a server that gives no mail for an
// hour or two, and what is given up is never asked for again.
constexpr std::int64_t attempt_rest_seconds = std::int64_t{6} * 3600;

// Failures of this machine, or of a server that used up all the time, are not the message's fault.
bool is_messages_fault(const model::Error& error) {
  constexpr std::array<std::string_view, 12> others = {
      "disk-low", "database-busy",   "wal-limit",           "database-open", "database-in-use",    "database-sealed",
      "spool",    "mailbox-stopped", "mailbox-visit-limit", "machine",       "reader-unavailable", "confinement"};
  return std::find(others.begin(), others.end(), error.code) == others.end();
}

// The connection goes on: other folders can be read.
bool is_folders_fault(const model::Error& error) {
  constexpr std::array<std::string_view, 6> codes = {"mailbox-command-refused", "mailbox-folder-missing",
                                                     "mailbox-folder-name",     "mailbox-folder-unclear",
                                                     "mailbox-no-uids",         "mailbox-too-many-mails"};
  return std::find(codes.begin(), codes.end(), error.code) != codes.end();
}

std::vector<std::string> uids_of(std::span<const ListedMail> mails) {
  std::vector<std::string> uids;
  uids.reserve(mails.size());
  for (const ListedMail& mail : mails) uids.push_back(mail.uid);
  return uids;
}

}  // namespace

SyncCounts& SyncCounts::operator+=(const SyncCounts& other) {
  ingest += other.ingest;
  listed += other.listed;
  fresh += other.fresh;
  gone += other.gone;
  refused += other.refused;
  given_up += other.given_up;
  acknowledged += other.acknowledged;
  unacknowledged += other.unacknowledged;
  checked += other.checked;
  return *this;
}

model::Result<MailboxSync> MailboxSync::create(const SyncPlan& plan, store::Database& database,
                                               const verify::suffix::PublicSuffixList& list,
                                               const SyncObserver& observer) {
  TRY(auto state, store::MailboxState::create(database));
  TRY(auto known, store::KnownItems::open(database.options().path));
  return MailboxSync(plan, database, list, observer, std::move(state), std::move(known));
}

MailboxSync::MailboxSync(const SyncPlan& plan, store::Database& database, const verify::suffix::PublicSuffixList& list,
                         const SyncObserver& observer, store::MailboxState state, store::KnownItems known)
    : plan_(plan),
      observer_(observer),
      rules_{.done = plan.mailbox.done, .failed = plan.mailbox.failed},
      state_(std::move(state)),
      known_(std::move(known)),
      database_(database),
      reader_(std::make_unique<ReaderHost>(list, plan.reading)) {}

void MailboxSync::note(NoteLevel level, const std::string& text) const {
  if (observer_.note) observer_.note(level, source_name_ + ": " + text);
}

bool MailboxSync::should_stop() const {
  if (observer_.progress) observer_.progress();
  return observer_.stop_requested && observer_.stop_requested();
}

model::Result<void> MailboxSync::visit(MailSource& source) {
  TRY(const auto found, folders(source));
  for (const std::string& folder : found) {
    if (should_stop()) break;
    TRY_VOID(visit_folder(source, folder));
  }
  const auto closed = close(source);
  TRY_VOID(end_of_visit());
  return closed;
}

model::Result<std::vector<std::string>> MailboxSync::folders(MailSource& source) {
  auto found = source.folders();
  if (const auto error = source.folders_error(); found && error)
    folder_error_ = error->in(source_name(plan_.mailbox, {}));
  return found;
}

model::Result<void> MailboxSync::end_of_visit() const {
  if (local_error_) return model::failure(*local_error_);
  if (folder_error_) return model::failure(*folder_error_);
  return {};
}

model::Result<void> MailboxSync::visit_folder(MailSource& source, const std::string& folder) {
  source_name_ = source_name(plan_.mailbox, folder);
  auto done = sync_folder(source, folder);
  if (done || !is_folders_fault(done.error())) return done;
  if (folder_error_)
    note(NoteLevel::error, with_hint(done.error()));
  else
    folder_error_ = done.error().in(source_name_);
  return {};
}

model::Result<void> MailboxSync::sync_folder(MailSource& source, const std::string& folder) {
  TRY(folder_, source.open(folder));
  const bool looks_only = plan_.mode == VisitMode::look_only;
  TRY_VOID(begin_folder());
  const bool is_checked_first = source.actions_count() == ActionsCount::at_close;
  if (!looks_only && !is_checked_first) TRY_VOID(acknowledge_pending(source));
  TRY(auto listed, source.list(plan_.mailbox.since));
  if (const std::string remark = source.list_remark(); !remark.empty()) note(NoteLevel::warning, remark);
  counts_.listed += static_cast<std::int64_t>(listed.size());
  const std::size_t all = listed.size();
  std::vector<ListedMail> suspects;
  if (is_checked_first) {
    TRY(suspects, find_suspects(listed));
  }
  if (!looks_only && is_checked_first) TRY_VOID(acknowledge_pending(source));
  TRY(auto fresh, without_row(std::move(listed)));
  fresh.insert(fresh.end(), suspects.begin(), suspects.end());
  counts_.fresh += static_cast<std::int64_t>(fresh.size());
  note(fresh.empty() && !looks_only ? NoteLevel::debug : NoteLevel::info,
       fmt::format("{}, {} new", model::counted(all, "message"), fresh.size()));
  return looks_only ? model::Result<void>() : take_in(source, std::move(fresh));
}

model::Result<void> MailboxSync::in_turn(const std::function<model::Result<void>()>& write) const {
  TRY(const auto turn, jobs::take_turn(observer_.turn));
  return write();
}

model::Result<void> MailboxSync::begin_folder() {
  TRY(folder_.mailbox, ledger_identity(state_, plan_.mailbox));
  if (plan_.mode == VisitMode::look_only) return {};
  return in_turn([this]() -> model::Result<void> {
    const std::string name = mailbox_identity(plan_.mailbox);
    if (folder_.mailbox != name) TRY_VOID(state_.rename_mailbox(folder_.mailbox, name));
    folder_.mailbox = name;
    return state_.forget_other_validities(folder_);
  });
}

model::Result<std::vector<ListedMail>> MailboxSync::without_row(std::vector<ListedMail> listed) {
  std::size_t kept = 0;
  for (ListedMail& mail : listed) {
    TRY(const bool is_known, state_.is_known(folder_, mail.uid));
    if (!is_known) std::swap(listed[kept++], mail);
  }
  listed.resize(kept);
  listed.shrink_to_fit();
  return listed;
}

// Attempts at messages that are not there any more are forgotten.
model::Result<void> MailboxSync::read_attempts(std::span<const ListedMail> fresh) {
  TRY(former_, state_.attempts(folder_));
  if (former_.empty() || plan_.mailbox.since) return {};
  std::unordered_set<std::string_view> listed;
  for (const ListedMail& mail : fresh) listed.insert(mail.uid);
  for (auto attempt = former_.begin(); attempt != former_.end();) {
    if (listed.contains(attempt->first)) {
      ++attempt;
      continue;
    }
    TRY_VOID(in_turn([&] { return state_.forget_attempt(folder_, attempt->first); }));
    attempt = former_.erase(attempt);
  }
  return {};
}

store::Attempt MailboxSync::former_attempt(const std::string& uid) const {
  const auto found = former_.find(uid);
  return found == former_.end() ? store::Attempt{} : found->second;
}

// A message that did not arrive. One that the server will give another time is isolated, but never given up.
bool MailboxSync::counts_again(const std::string& uid, bool is_temporary) const {
  const auto former = former_attempt(uid);
  if (former.count < attempts_before_isolation) return true;
  return !is_temporary && plan_.reading.now - former.last >= attempt_rest_seconds;
}

model::Result<void> MailboxSync::take_in(MailSource& source, std::vector<ListedMail> fresh) {
  TRY_VOID(read_attempts(fresh));
  std::vector<ListedMail> grouped, alone, given_up;
  for (ListedMail& mail : fresh)
    mail.is_taken_short = former_attempt(mail.uid).count + 1 >= static_cast<std::int64_t>(plan_.mailbox.max_attempts);
  std::erase_if(fresh, [&](const ListedMail& mail) {
    const std::int64_t tried = former_attempt(mail.uid).count;
    const bool is_over = tried >= static_cast<std::int64_t>(plan_.mailbox.max_attempts);
    if (tried < attempts_before_groups && !is_over) return false;
    (is_over ? given_up : tried >= attempts_before_isolation ? alone : grouped).push_back(mail);
    return true;
  });
  const bool is_ended_early = source.actions_count() == ActionsCount::at_close;
  TRY_VOID(
      rounds(source, fresh, is_ended_early ? std::min(plan_.round_messages, round_until_close) : plan_.round_messages));
  TRY_VOID(rounds(source, grouped, group_messages));
  TRY_VOID(rounds(source, alone, 1));
  if (given_up.empty() || should_stop() || has_more_) return {};
  counts_.given_up += static_cast<std::int64_t>(given_up.size());
  note(NoteLevel::warning, fmt::format("{} given up after {} attempts", model::counted(given_up.size(), "message"),
                                       plan_.mailbox.max_attempts));
  return round(source, given_up, true);
}

model::Result<void> MailboxSync::rounds(MailSource& source, std::span<const ListedMail> mails, std::size_t size) {
  for (std::size_t at = 0; at < mails.size() && !should_stop() && !has_more_; at += size)
    TRY_VOID(round(source, mails.subspan(at, std::min(size, mails.size() - at))));
  return {};
}

model::Result<void> MailboxSync::round(MailSource& source, std::span<const ListedMail> mails, bool is_giving_up) {
  TRY_VOID(in_turn([&] { return state_.begin_attempts(folder_, uids_of(mails), plan_.reading.now); }));
  RUAUDIT_FAIL_POINT("mailbox.attempt");
  const RoundPlan round_plan{.source = source_name_,
                             .folder = folder_,
                             .mails = mails,
                             .needs_acknowledgement = rules_.are_active(),
                             .is_giving_up = is_giving_up};
  const RoundTools tools{.database = database_,
                         .known = known_,
                         .reader = *reader_,
                         .reading = plan_.reading,
                         .commit = plan_.commit,
                         .notice = observer_.part,
                         .stop_requested = observer_.stop_requested,
                         .turn = observer_.turn,
                         .warning = [this](const model::Error& error) { note(NoteLevel::error, error.message); }};
  const RoundResult result = run_round(source, round_plan, tools);
  counts_.ingest += result.counts;
  if (result.store_error && !is_messages_fault(*result.store_error)) {
    // May fail for the same reason; then the attempts stay counted, and a success forgets them.
    static_cast<void>(in_turn([&] { return state_.settle_attempts(folder_, uids_of(mails), former_); }).has_value());
    return model::failure(*result.store_error);
  }
  TRY_VOID(settle(mails, result));
  if (result.store_error) return model::failure(*result.store_error);
  if (result.fetch_error) return model::failure(*result.fetch_error);
  if (result.not_arrived && result.not_arrived->local_error) local_error_ = result.not_arrived->local_error;
  return acknowledge_pending(source);
}

void MailboxSync::count_not_arrived(const NotArrived& rest) {
  counts_.gone += static_cast<std::int64_t>(rest.gone.size());
  const std::size_t refused = rest.refused.size() + rest.put_off.size();
  counts_.refused += static_cast<std::int64_t>(refused);
  if (rest.local_error)
    note(NoteLevel::error, fmt::format("{} not taken in, to be asked for again (the last is message {}): {}",
                                       model::counted(rest.unspooled.size(), "message"), rest.unspooled.back(),
                                       rest.local_error->message));
  if (!rest.refused.empty())
    note(NoteLevel::warning,
         fmt::format("{} listed but not given by the server (the first is message {}); asked for again at the next "
                     "visit{}{}",
                     model::counted(refused, "message"), rest.refused.front(), rest.refusal.empty() ? "" : ": ",
                     rest.refusal));
}

model::Result<void> MailboxSync::settle(std::span<const ListedMail> mails, const RoundResult& result) {
  std::unordered_set<std::string_view> arrived(result.arrived.begin(), result.arrived.end());
  std::unordered_set<std::string_view> refused, temporary;
  note_checked(result);
  if (result.not_arrived) {
    refused.insert(result.not_arrived->refused.begin(), result.not_arrived->refused.end());
    temporary.insert(result.not_arrived->temporary.begin(), result.not_arrived->temporary.end());
    count_not_arrived(*result.not_arrived);
  }
  std::vector<std::string> not_counted = result.postponed;
  bool has_suspect = false;  // the connection broke at the first message that did not arrive
  for (const ListedMail& mail : mails) {
    if (arrived.contains(mail.uid)) continue;
    const bool is_suspect = result.fetch_error && is_messages_fault(*result.fetch_error) && !has_suspect;
    has_suspect = has_suspect || is_suspect;
    const bool was_tried = is_suspect || refused.contains(mail.uid);
    if (!was_tried || !counts_again(mail.uid, temporary.contains(mail.uid))) not_counted.push_back(mail.uid);
  }
  return in_turn([&] { return state_.settle_attempts(folder_, not_counted, former_); });
}

namespace {

bool is_on_a_server(const config::Mailbox& mailbox) {
  return mailbox.type == config::SourceType::imap || mailbox.type == config::SourceType::pop3;
}

std::string name_without_port(const config::Mailbox& mailbox) {
  const std::string type(model::to_text(mailbox.type));
  if (!is_on_a_server(mailbox)) return type + ":" + mailbox.path;
  return type + "://" + mailbox.user + "@" + mailbox.host;
}

}  // namespace

// Two servers on one host number their mails each by itself.
std::string mailbox_identity(const config::Mailbox& mailbox) {
  std::string text = name_without_port(mailbox);
  return is_on_a_server(mailbox) ? text + ":" + std::to_string(mailbox.port) : text;
}

// Version 2 of the database named mailboxes without their port.
model::Result<std::string> ledger_identity(store::MailboxState& state, const config::Mailbox& mailbox) {
  std::string former = name_without_port(mailbox);
  if (!is_on_a_server(mailbox)) return former;
  TRY(const bool has_former, state.has_mailbox(former));
  return has_former ? former : mailbox_identity(mailbox);
}

std::string source_name(const config::Mailbox& mailbox, std::string_view folder) {
  const std::string text = name_without_port(mailbox);
  return folder.empty() ? text : text + "/" + std::string(folder);
}

}  // namespace ruaudit::jobs
