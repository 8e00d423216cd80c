#include "jobs/judge/authenticate_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <variant>

#include "jobs/judge/carrier_judge.hpp"
#include "jobs/judge/judge_wire.hpp"
#include "jobs/threads/workers.hpp"
#include "store/ledger/reprocess.hpp"

namespace ruaudit::jobs {
namespace {

namespace authenticity = verify::authenticity;
namespace dns = verify::dns;
using model::Authenticity;

constexpr std::size_t batch_mails = 64;
constexpr std::int64_t batch_octets = std::int64_t{64} << 20;  // one mail may exceed it
constexpr std::size_t max_reason = 500;

struct CarrierAtWork {
  store::Carrier carrier;
  CarrierTask task;
};

// The one mail that ended the process that read it: nothing was found of its reports, and that stands.
struct LostCarrier {
  model::Error error;
};
using CarrierOutcome = std::variant<CarrierFinding, LostCarrier>;

CarrierOptions carrier_options(const AuthenticatePlan& plan, bool may_ask) {
  CarrierOptions options{.now = plan.now, .trusted_hosts = plan.trust.hosts, .same = {}, .may_ask = may_ask};
  for (const auto& pair : plan.same) options.same.push_back({pair.one.text(), pair.other.text()});
  return options;
}

// A proof names who proved it, and nothing else does.
bool holds_together(const CarrierFinding& found, const CarrierTask& task) {
  return found.error || (found.decisions.size() == task.reports.size() &&
                         std::all_of(found.decisions.begin(), found.decisions.end(), [](const auto& one) {
                           return one.authenticated_as.empty() == (one.state != Authenticity::authenticated);
                         }));
}

// Judges mails by several threads, each in a process without rights.
class CarrierJudges {
 public:
  CarrierJudges(const AuthenticatePlan& plan, const verify::suffix::PublicSuffixList& list, dns::Resolver* resolver)
      : plan_(plan),
        resolver_(resolver),
        pool_(plan.judging, JudgeWork::carriers, wire::encoded(carrier_options(plan, resolver != nullptr))),
        judge_(carrier_options(plan, resolver != nullptr), list) {}

  // Errors end the run.
  model::Result<std::vector<model::Result<CarrierOutcome>>> judge_all(const std::vector<CarrierAtWork>& mails) {
    TRY_VOID(pool_.prepare());
    std::vector<model::Result<CarrierOutcome>> outcomes(mails.size(), CarrierOutcome(CarrierFinding{}));
    in_parallel(mails.size(), plan_.threads, [&](std::size_t i) { outcomes[i] = judge(mails[i].task); });
    return outcomes;
  }

 private:
  model::Result<CarrierOutcome> judge(const CarrierTask& task) {
    try {
      if (!pool_.is_confined()) return outcome_of(judge_.judge(task, resolver_), task);
      const auto said = pool_.work_off(wire::encoded(task), resolver_);
      if (!said && is_of_one_item(said.error())) return CarrierOutcome(LostCarrier{said.error()});
      if (!said) return model::failure(said.error());
      auto found = wire::decoded<CarrierFinding>(*said);
      if (found && found->error) return CarrierOutcome(LostCarrier{{"reader-died", found->error->message, {}}});
      return found ? outcome_of(std::move(*found), task) : CarrierOutcome(LostCarrier{JudgePool::senseless()});
    } catch (const std::exception& e) {  // memory; none may leave a thread
      return model::failure("authenticate", e.what());
    }
  }

  static model::Result<CarrierOutcome> outcome_of(CarrierFinding found, const CarrierTask& task) {
    if (!holds_together(found, task)) return CarrierOutcome(LostCarrier{JudgePool::senseless()});
    if (found.error) return model::failure(*found.error);
    return CarrierOutcome(std::move(found));
  }

  const AuthenticatePlan& plan_;
  dns::Resolver* resolver_;
  JudgePool pool_;
  CarrierJudge judge_;
};

store::Authenticity stored(Authenticity state) {
  return model::parse_enum<store::Authenticity>(model::to_text(state)).value_or(store::Authenticity::unchecked);
}
Authenticity from_stored(store::Authenticity state) {
  return model::parse_enum<Authenticity>(model::to_text(state)).value_or(Authenticity::unchecked);
}

class Run {
 public:
  Run(const AuthenticatePlan& plan, store::Database& database, const verify::suffix::PublicSuffixList& list,
      dns::Resolver* resolver)
      : plan_(plan), database_(database), judges_(plan, list, resolver), may_ask_(resolver != nullptr) {}

  model::Result<AuthenticateCounts> run(const std::function<bool()>& stop_requested) {
    TRY(auto writer, store::AuthenticityWriter::create(database_));
    TRY(auto carriers, store::CarrierReader::create(database_));
    TRY(auto originals, store::OriginalReader::create(database_));
    Stored stored{carriers, originals};
    while (!counts_.has_given_up && !(stop_requested && stop_requested())) {
      TRY(const auto tasks, next_tasks(stored));
      if (is_at_end_ && tasks.empty()) break;
      TRY(const auto outcomes, judges_.judge_all(tasks));
      TRY_VOID(writer.begin());
      for (std::size_t i = 0; i < tasks.size(); ++i) {
        if (!outcomes[i]) return model::failure(outcomes[i].error());
        TRY_VOID(write(writer, tasks[i], *outcomes[i]));
      }
      TRY_VOID(writer.commit());
    }
    for (const auto& [key, state] : found_) count(state);
    counts_.reports = static_cast<std::int64_t>(found_.size());
    return counts_;
  }

 private:
  struct Stored {
    store::CarrierReader& carriers;
    store::OriginalReader& originals;
  };

  model::Result<std::vector<CarrierAtWork>> next_tasks(Stored& stored) {
    TRY(const auto carriers, store::next_carriers(database_, plan_.request, last_, batch_mails));
    is_at_end_ = carriers.empty();
    std::vector<CarrierAtWork> tasks;
    std::int64_t octets = 0;
    for (const auto& carrier : carriers) {
      if (!tasks.empty() && octets + carrier.octets > batch_octets) break;
      last_ = carrier.ledger_key;
      TRY(auto task, load(carrier, stored));
      if (!task) continue;
      octets += carrier.octets;
      tasks.push_back(std::move(*task));
    }
    return tasks;
  }

  // Nothing where answers are needed and may not be asked for.
  model::Result<std::optional<CarrierAtWork>> load(const store::Carrier& carrier, Stored& stored) {
    CarrierAtWork mail{carrier, {}};
    CarrierTask& task = mail.task;
    task.asks_again = may_ask_ && plan_.request.choice == store::CarrierChoice::all;
    const bool by_kept = !may_ask_ || plan_.request.choice == store::CarrierChoice::recorded ||
                         (plan_.request.choice == store::CarrierChoice::waiting && carrier.has_answers);
    if (by_kept || (task.asks_again && carrier.has_answers)) {
      TRY(task.kept, stored.carriers.kept_answers(carrier.ledger_key));
      if (!task.kept) return std::optional<CarrierAtWork>{};
      // A mail that ended its process was never asked for: no answers are not silence.
      const auto kept = dns::parse_evidence(*task.kept);
      if (may_ask_ && kept && kept->answers.empty()) task.kept.reset();
    }
    TRY(task.reports, stored.carriers.reports(carrier.ledger_key));
    TRY_VOID(stored.originals.read(carrier.ledger_key, [&](std::string_view octets) -> model::Result<void> {
      task.octets += octets;
      return {};
    }));
    return std::optional(std::move(mail));
  }

  model::Result<void> write(store::AuthenticityWriter& writer, const CarrierAtWork& mail,
                            const CarrierOutcome& outcome) {
    ++counts_.mails;
    if (const auto* lost = std::get_if<LostCarrier>(&outcome)) return write_lost(writer, mail, lost->error);
    const auto& found = std::get<CarrierFinding>(outcome);
    if (found.is_unreadable) ++counts_.unreadable;
    silent_in_a_row_ = found.is_silent ? silent_in_a_row_ + 1 : 0;
    if (found.is_silent) ++counts_.silent;
    if (plan_.give_up_after != 0 && silent_in_a_row_ >= plan_.give_up_after) counts_.has_given_up = true;
    if (!found.evidence.empty()) TRY_VOID(save(writer, mail, found.evidence, !found.is_silent));
    for (std::size_t i = 0; i < mail.task.reports.size(); ++i) {
      const auto& decision = found.decisions[i];
      TRY_VOID(set(writer, mail.task.reports[i],
                   {decision.state, decision.authenticated_as, reason_of(decision.reason, decision.text)}));
    }
    return {};
  }

  // Its reports stay as they are, those without a result in doubt; it is not read again before everything is asked
  // again.
  model::Result<void> write_lost(store::AuthenticityWriter& writer, const CarrierAtWork& mail,
                                 const model::Error& error) {
    ++counts_.lost;
    if (plan_.judging.warning)
      plan_.judging.warning({error.code,
                             fmt::format("mail {} of the ledger: {}", mail.carrier.ledger_key, error.message),
                             "its reports without a result are now indeterminate"});
    if (!mail.task.kept)
      TRY_VOID(save(writer, mail, dns::to_json({.time = plan_.now, .suffix_list = {}, .answers = {}}), true));
    for (const auto& report : mail.task.reports) {
      found_.try_emplace({report.sort, report.report_key}, from_stored(report.state));
      if (!report.is_open) continue;
      TRY_VOID(set(writer, report, {Authenticity::indeterminate, {}, error.code + ": " + error.message}));
    }
    return {};
  }

  model::Result<void> save(store::AuthenticityWriter& writer, const CarrierAtWork& mail, std::string_view evidence,
                           bool is_final) {
    return writer.save(
        {.ledger_key = mail.carrier.ledger_key, .checked_at = plan_.now, .is_final = is_final, .evidence = evidence});
  }

  struct Word {
    Authenticity state;
    std::string authenticated_as;
    std::string reason;
  };
  static std::string reason_of(authenticity::Reason reason, const std::string& text) {
    return std::string(model::to_text(reason)) + ": " + text;
  }

  model::Result<void> set(store::AuthenticityWriter& writer, const store::CarriedReport& report, const Word& word) {
    // What another mail of this run proved stands, and what one of a former run did, unless everything is asked again.
    const auto key = std::pair(report.sort, report.report_key);
    const auto known = found_.find(key);
    const bool keeps_former = plan_.request.choice == store::CarrierChoice::waiting && !report.is_open;
    const Authenticity former = known != found_.end() ? known->second
                                : keeps_former        ? from_stored(report.state)
                                                      : Authenticity::unchecked;
    if (rank(word.state) <= rank(former)) {
      found_.try_emplace(key, former);
      return {};
    }
    found_[key] = word.state;
    return writer.set({.report_key = report.report_key,
                       .state = stored(word.state),
                       .authenticated_as = word.authenticated_as,
                       .reason = word.reason.substr(0, max_reason),
                       .sort = report.sort});
  }

  void count(Authenticity state) {
    if (state == Authenticity::authenticated) ++counts_.authenticated;
    if (state == Authenticity::unauthenticated) ++counts_.unauthenticated;
    if (state == Authenticity::indeterminate) ++counts_.indeterminate;
  }

  const AuthenticatePlan& plan_;
  store::Database& database_;
  CarrierJudges judges_;
  bool may_ask_;
  std::int64_t last_ = 0;
  bool is_at_end_ = false;
  std::size_t silent_in_a_row_ = 0;
  std::map<std::pair<store::ReportSort, std::int64_t>, Authenticity> found_;  // of reports met in this run
  AuthenticateCounts counts_;
};

}  // namespace

model::Result<AuthenticateCounts> authenticate(const AuthenticatePlan& plan, store::Database& database,
                                               dns::Resolver* resolver, const verify::suffix::PublicSuffixList& list,
                                               const std::function<bool()>& stop_requested) {
  return Run(plan, database, list, resolver).run(stop_requested);
}

std::string closing_line(const AuthenticateCounts& counts) {
  std::string line =
      fmt::format("{} {}: {} {} authenticated, {} unauthenticated, {} indeterminate", counts.mails,
                  counts.mails == 1 ? "mail" : "mails", counts.authenticated,
                  counts.authenticated == 1 ? "report" : "reports", counts.unauthenticated, counts.indeterminate);
  if (counts.silent > 0)
    line += fmt::format("; no DNS answer for {} {}", counts.silent, counts.silent == 1 ? "mail" : "mails");
  if (counts.lost > 0)
    line +=
        fmt::format("; {} {} the process that read it", counts.lost, counts.lost == 1 ? "mail ended" : "mails ended");
  if (counts.has_given_up) line += ", the rest is left for `ruaudit authenticate`";
  return line;
}

}  // namespace ruaudit::jobs
