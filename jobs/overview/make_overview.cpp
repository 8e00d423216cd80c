#include "jobs/overview/make_overview.hpp"

#include <algorithm>
#include <unordered_map>

#include "jobs/digest/judgement.hpp"
#include "jobs/overview/question.hpp"
#include "model/calendar.hpp"
#include "store/facts/overview_facts.hpp"
#include "store/findings/told.hpp"
#include "store/kept/answers.hpp"
#include "store/kept/overview_codec.hpp"

namespace ruaudit::jobs {
namespace {

constexpr std::int64_t receiver_days = 30;

void place_patterns(std::vector<model::ReceiverRow>& rows, const std::vector<std::int64_t>& keys) {
  std::unordered_map<std::int64_t, std::uint32_t> places;
  for (std::uint32_t i = 0; i < keys.size(); ++i) places[keys[i]] = i;
  for (auto& row : rows)
    if (const auto at = places.find(row.pattern_key); at != places.end()) row.pattern = at->second;
}

// What came in after the moment that was asked for would make the answer of a later one differ.
bool is_to_be_kept(const Judgement& judgement, const OverviewOrder& order) {
  const auto is_past = [&](const auto& one) { return one.taken_in <= order.judge.now; };
  const auto& intake = judgement.intake;
  return judgement.sources.facts.days.streams().size() >= order.keep_from &&
         std::all_of(intake.reports.begin(), intake.reports.end(), is_past) &&
         std::all_of(intake.rejected.begin(), intake.rejected.end(), is_past) &&
         std::all_of(judgement.tls.reports.begin(), judgement.tls.reports.end(), is_past);
}

}  // namespace

model::Result<std::vector<model::Finding>> current_findings(store::Database& database, const OverviewOrder& order) {
  TRY(auto moment, store::Moment::begin(database));
  TRY(const auto question, question_about("findings", {.judge = order.judge}, {}));
  if (const auto kept = store::kept_answer(database, question); kept && kept->made_at <= order.judge.now)
    if (auto findings = store::unpacked_findings(kept->content)) return std::move(*findings);
  TRY(auto judgement, read_judgement(database, order.judge, 0));
  if (is_to_be_kept(*judgement, order))
    store::keep_answers(moment, {{question, order.judge.now, store::packed(judgement->findings)}});
  return std::move(judgement->findings);
}

model::Result<model::Overview> make_overview(store::Database& database, const OverviewOrder& order) {
  TRY(auto moment, store::Moment::begin(database));
  TRY(const auto care, store::finding_care(database));
  TRY(const auto question, question_about("overview", order, assess::snoozed_findings(care, order.judge.now)));
  if (const auto kept = store::kept_answer(database, question); kept && kept->made_at <= order.judge.now)
    if (auto overview = store::unpacked_overview(kept->content)) {
      overview->made_at = order.judge.now;
      overview->label = order.overview.label;
      return std::move(*overview);
    }
  TRY(auto judgement, read_judgement(database, order.judge, 0, order.overview.received_since));
  TRY(auto overview, make_overview(database, *judgement, order));
  if (!is_to_be_kept(*judgement, order)) return overview;
  // A list of services may have been written while it was judged.
  TRY(const auto asked_again, question_about("overview", order, assess::snoozed_findings(care, order.judge.now)));
  if (asked_again != question) return overview;
  std::vector<store::KeptJudgement> answers;
  TRY(auto of_findings, question_about("findings", {.judge = order.judge}, {}));
  answers.push_back({std::move(of_findings), order.judge.now, store::packed(judgement->findings)});
  judgement.reset();  // its facts take more room than all that is kept
  answers.push_back({question, order.judge.now, store::packed(overview)});
  store::keep_answers(moment, answers);
  return overview;
}

model::Result<model::Overview> make_overview(store::Database& database, Judgement& judgement,
                                             const OverviewOrder& order) {
  find_anew(judgement, 0);
  TRY(const auto care, store::finding_care(database));
  const auto& all = judgement.sources;
  assess::OverviewFacts facts{.situation = &judgement.situation,
                              .classes = &judgement.classes,
                              .days = order.overview.received_since ? &all.received : &all.facts.days,
                              .findings = judgement.findings,
                              .snoozed = assess::snoozed_findings(care, order.judge.now)};
  TRY(facts.policies, store::read_seen_policies(database));
  TRY(facts.unaddressed, store::read_unaddressed(database));
  TRY(facts.contradictions, store::read_contradictions(database, "0000-01-01", "9999-12-31"));
  if (order.has_receivers) {
    const auto day = [&](std::int64_t back) {
      return model::day_text(order.judge.now - back * model::seconds_per_day);
    };
    TRY(facts.receiver_rows, store::read_receiver_rows(database, day(receiver_days), day(1)));
    place_patterns(facts.receiver_rows, all.pattern_keys);
  }
  return assess::make_overview(facts, order.overview);
}

}  // namespace ruaudit::jobs
