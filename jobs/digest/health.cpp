#include "jobs/digest/health.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "model/calendar.hpp"
#include "store/ledger/mailbox_state.hpp"
#include "store/outbox/outbox.hpp"

namespace ruaudit::jobs {
namespace {

using model::FindingKind;
using model::say;
using model::Sentence;
using Sentences = std::vector<Sentence>;

bool is_open(const model::DigestItem& item, FindingKind kind) {
  return item.finding.kind == kind && item.state != model::FindingState::resolved && !item.is_snoozed;
}

void mailboxes(const model::Digest& digest, Sentences& out) {
  for (const auto& item : digest.items)
    if (is_open(item, FindingKind::mailbox_trouble))
      out.push_back(item.finding.evidence.empty() ? say("no reports are coming in") : item.finding.evidence.front());
}

void reporters(const model::Digest& digest, Sentences& out) {
  for (const auto& item : digest.items)
    if (is_open(item, FindingKind::reporter_silent) && item.finding.since)
      out.push_back(say("no reports of {} since {}", item.finding.subject.reporter, model::DayOf{*item.finding.since}));
}

constexpr std::uint64_t mebi = 1U << 20U;
constexpr std::uint64_t least_free = 256 * mebi, little_free = 4096 * mebi;

void disk(const std::string& database_path, Sentences& out) {
  if (database_path.empty()) return;
  std::error_code fault;
  const auto folder = std::filesystem::absolute(database_path, fault).parent_path();
  struct statvfs facts {};
  if (fault || ::statvfs(folder.c_str(), &facts) != 0) return;
  const std::uint64_t free = std::uint64_t{facts.f_bavail} * facts.f_frsize;
  const std::uint64_t all = std::uint64_t{facts.f_blocks} * facts.f_frsize;
  if (free < least_free || (free < little_free && free < all / 20))
    out.push_back(
        say("the disk of the database is nearly full: {} MiB are free", static_cast<std::int64_t>(free / mebi)));
}

void backlog(store::Database& database, Sentences& out) {
  const auto counts = store::count_acknowledgements(database);
  if (counts && counts->unfetched > 0)
    out.push_back(model::say_count("{} mail could not be fetched: 'ruaudit doctor' says more",
                                   "{} mails could not be fetched: 'ruaudit doctor' says more",
                                   static_cast<std::int64_t>(counts->unfetched)));
}

// Judgement of the cluster's readers rests on what is there.
void unshipped(const model::Digest& digest, store::Database& database, Sentences& out) {
  constexpr std::int64_t late_after = model::seconds_per_day / 4;
  const auto state = store::outbox_state(database);
  if (!state || state->oldest == 0 || digest.made_at - state->oldest < late_after) return;
  out.push_back(model::say_count("{} report could not be shipped to the cluster: 'ruaudit cluster check' says more",
                                 "{} reports could not be shipped to the cluster: 'ruaudit cluster check' says more",
                                 state->reports));
}

constexpr std::int64_t old_after = 3 * model::seconds_per_day;

void age(const model::Digest& digest, const model::IntakeFacts& intake, Sentences& out) {
  if (!out.empty() || intake.reports.empty()) return;
  std::int64_t newest = intake.reports.front().taken_in;
  for (const auto& report : intake.reports)
    if (report.taken_in <= digest.made_at) newest = std::max(newest, report.taken_in);
  if (digest.made_at - newest > old_after)
    out.push_back(say("no report has come in since {}",
                      model::DayOf{static_cast<std::int32_t>(newest / model::seconds_per_day)}));
}

}  // namespace

std::vector<Sentence> health_troubles(const model::Digest& digest, const HealthRequest& request) {
  Sentences out;
  std::optional<store::Database> own;
  if (!request.own_database.empty()) {
    auto opened = store::Database::open({.path = request.own_database, .access = store::Access::read_only});
    if (opened) own = std::move(*opened);  // who has none takes nothing in himself
  }
  store::Database& taking_in = own ? *own : request.database;
  mailboxes(digest, out);
  reporters(digest, out);
  for (const auto& answer : request.refused) out.push_back(say("the last digest did not reach {}", answer));
  disk(request.database_path, out);
  backlog(taking_in, out);
  unshipped(digest, taking_in, out);
  age(digest, request.intake, out);
  return out;
}

}  // namespace ruaudit::jobs
