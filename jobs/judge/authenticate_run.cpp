#include "jobs/judge/authenticate_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "jobs/threads/workers.hpp"
#include "store/ledger/reprocess.hpp"
#include "verify/dns/evidence.hpp"
#include "verify/dns/limited_resolver.hpp"
#include "verify/evaluate/evaluate.hpp"

namespace ruaudit::jobs {
namespace {

namespace authenticity = verify::authenticity;
namespace dns = verify::dns;
namespace evaluate = verify::evaluate;
using model::Authenticity;

constexpr std::size_t batch_mails = 64;
constexpr std::int64_t batch_octets = std::int64_t{64} << 20;  // one mail may exceed it
constexpr std::size_t max_reason = 500;

struct Task {
  store::Carrier carrier;
  std::string octets;
  std::vector<store::CarriedReport> reports;
  std::optional<dns::Evidence> kept;  // judged by these answers
  bool asks_again = false;            // judged by today's DNS too: what was proved once stays proved
};

// Of a mail as one for people, and as one that carries TLS reports (RFC 8460 section 3).
struct Evaluations {
  std::optional<evaluate::MessageEvaluation> mail, tls;
};

struct Judged {
  std::vector<authenticity::Decision> decisions;  // one for each report
  std::string evidence;                           // of answers that were asked for now; empty: none were
  bool is_silent = false;
  bool is_unreadable = false;
  std::optional<model::Error> error{};
};

// The file name among the steps of a way: the one that has the form of RFC 9990 section 3.5.
std::string file_name_in(const std::string& path) {
  std::size_t end = path.size();
  while (true) {
    const auto slash = end == 0 ? std::string::npos : path.rfind('/', end - 1);
    const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
    std::string step = path.substr(begin, end - begin);
    if (step.find('!') != std::string::npos || begin == 0) return step;
    end = slash;
  }
}

std::string unfolded(std::string_view value) {
  std::string text;
  for (const char c : value.substr(0, 2000))
    if (c != '\r' && c != '\n') text += c;
  return text;
}

// A report that several mails brought has the best that one of them proves.
int rank(Authenticity state) {
  constexpr Authenticity order[] = {Authenticity::unchecked, Authenticity::unauthenticated, Authenticity::indeterminate,
                                    Authenticity::authenticated};
  return static_cast<int>(std::find(std::begin(order), std::end(order), state) - std::begin(order));
}

class Judge {
 public:
  Judge(const AuthenticatePlan& plan, const verify::suffix::PublicSuffixList& list, dns::Resolver* resolver)
      : plan_(plan), rules_{list, plan.same}, resolver_(resolver) {}

  Judged judge(const Task& task) {
    try {
      return examine(task);
    } catch (const std::exception& e) {  // memory; none may leave a thread
      Judged judged;
      judged.error = model::Error{"authenticate", e.what(), ""};
      return judged;
    }
  }

 private:
  Judged examine(const Task& task) {
    const auto message = verify::message::Message::view(task.octets);
    if (!message) return unreadable(task, message.error());
    if (!task.kept) return by_dns(task, *message);
    dns::RecordedResolver recorded(*task.kept);
    auto former = decide(task, *message, evaluate_with(task, *message, task.kept->time, recorded));
    if (!task.asks_again) return former;
    auto today = by_dns(task, *message);
    return is_better(former, today) ? former : today;
  }

  Judged by_dns(const Task& task, const verify::message::Message& message) {
    dns::LimitedResolver limited(*resolver_, {});
    dns::RecordingResolver recorder(limited);
    auto judged = decide(task, message, evaluate_with(task, message, plan_.now, recorder));
    judged.evidence = dns::to_json({.time = plan_.now, .suffix_list = {}, .answers = recorder.answers()});
    return judged;
  }

  // Every mail has caches of its own: the answers that one rests on are kept with it.
  Evaluations evaluate_with(const Task& task, const verify::message::Message& message, std::int64_t now,
                            dns::Resolver& resolver) const {
    evaluate::Options options{.now = now};
    options.checks.dmarc = false;
    options.trust = plan_.trust;
    evaluate::Caches caches;
    Evaluations done;
    for (const auto& report : task.reports) {
      auto& one = report.sort == store::ReportSort::tls ? done.tls : done.mail;
      if (one) continue;
      options.service =
          report.sort == store::ReportSort::tls ? verify::dkim::Service::tlsrpt : verify::dkim::Service::email;
      one = evaluate::evaluate(&message, {}, options, resolver, caches);
    }
    return done;
  }

  static bool is_better(const Judged& one, const Judged& other) {
    for (std::size_t i = 0; i < one.decisions.size(); ++i)
      if (rank(one.decisions[i].state) > rank(other.decisions[i].state)) return true;
    return false;
  }

  Judged decide(const Task& task, const verify::message::Message& message, const Evaluations& done) const {
    std::optional<authenticity::Carrier> mail, tls;
    if (done.mail) mail = authenticity::examine(message, *done.mail, plan_.trust);
    if (done.tls) tls = authenticity::examine(message, *done.tls, plan_.trust, authenticity::Admitted::dkim);
    const auto* subject = message.first("Subject");
    Judged judged;
    for (const auto& report : task.reports) {
      const authenticity::Claims claims{.org_name = report.org_name,
                                        .email = report.email,
                                        .file_name = file_name_in(report.path),
                                        .subject = subject == nullptr ? std::string() : unfolded(subject->value)};
      const auto& carrier = report.sort == store::ReportSort::tls ? tls : mail;
      judged.decisions.push_back(authenticity::decide(claims, *carrier, rules_));
      judged.is_silent = judged.is_silent || judged.decisions.back().reason == authenticity::Reason::dns_failure;
    }
    return judged;
  }

  Judged unreadable(const Task& task, const model::Error& error) const {
    Judged judged;
    judged.is_unreadable = true;
    judged.decisions.assign(task.reports.size(), {.state = Authenticity::unauthenticated,
                                                  .reason = authenticity::Reason::no_author,
                                                  .authenticated_as = {},
                                                  .text = error.message});
    if (!task.kept) judged.evidence = dns::to_json({.time = plan_.now, .suffix_list = {}, .answers = {}});
    return judged;
  }

  const AuthenticatePlan& plan_;
  const authenticity::Rules rules_;
  dns::Resolver* resolver_;
};

std::vector<Judged> judge_all(const std::vector<Task>& tasks, Judge& judge, unsigned threads) {
  std::vector<Judged> judged(tasks.size());
  in_parallel(tasks.size(), threads, [&](std::size_t i) { judged[i] = judge.judge(tasks[i]); });
  return judged;
}

store::Authenticity stored(Authenticity state) {
  return model::parse_enum<store::Authenticity>(model::to_text(state)).value_or(store::Authenticity::unchecked);
}
Authenticity from_stored(store::Authenticity state) {
  return model::parse_enum<Authenticity>(model::to_text(state)).value_or(Authenticity::unchecked);
}

class Run {
 public:
  Run(const AuthenticatePlan& plan, store::Database& database, Judge judge, bool may_ask)
      : plan_(plan), database_(database), judge_(std::move(judge)), may_ask_(may_ask) {}

  model::Result<AuthenticateCounts> run(const std::function<bool()>& stop_requested) {
    TRY(auto writer, store::AuthenticityWriter::create(database_));
    while (!counts_.has_given_up && !(stop_requested && stop_requested())) {
      TRY(const auto tasks, next_tasks());
      if (is_at_end_ && tasks.empty()) break;
      const auto judged = judge_all(tasks, judge_, plan_.threads);
      TRY_VOID(writer.begin());
      for (std::size_t i = 0; i < tasks.size(); ++i) {
        if (judged[i].error) return model::failure(*judged[i].error);
        TRY_VOID(write(writer, tasks[i], judged[i]));
      }
      TRY_VOID(writer.commit());
    }
    for (const auto& [key, state] : found_) count(state);
    counts_.reports = static_cast<std::int64_t>(found_.size());
    return counts_;
  }

 private:
  model::Result<std::vector<Task>> next_tasks() {
    TRY(const auto carriers, store::next_carriers(database_, plan_.request, last_, batch_mails));
    is_at_end_ = carriers.empty();
    std::vector<Task> tasks;
    std::int64_t octets = 0;
    for (const auto& carrier : carriers) {
      if (!tasks.empty() && octets + carrier.octets > batch_octets) break;
      last_ = carrier.ledger_key;
      TRY(auto task, load(carrier));
      if (!task) continue;
      octets += carrier.octets;
      tasks.push_back(std::move(*task));
    }
    return tasks;
  }

  // Nothing where answers are needed and may not be asked for.
  model::Result<std::optional<Task>> load(const store::Carrier& carrier) {
    Task task{carrier, {}, {}, std::nullopt};
    task.asks_again = may_ask_ && plan_.request.choice == store::CarrierChoice::all;
    const bool by_kept = !may_ask_ || plan_.request.choice == store::CarrierChoice::recorded ||
                         (plan_.request.choice == store::CarrierChoice::waiting && carrier.has_answers);
    if (by_kept || (task.asks_again && carrier.has_answers)) {
      TRY(const auto json, store::kept_answers(database_, carrier.ledger_key));
      if (!json) return std::optional<Task>{};
      TRY(task.kept, dns::parse_evidence(*json));
    }
    TRY(task.reports, store::carried_reports(database_, carrier.ledger_key));
    TRY_VOID(store::read_original(database_, carrier.ledger_key, [&](std::string_view octets) -> model::Result<void> {
      task.octets += octets;
      return {};
    }));
    return std::optional(std::move(task));
  }

  model::Result<void> write(store::AuthenticityWriter& writer, const Task& task, const Judged& judged) {
    ++counts_.mails;
    if (judged.is_unreadable) ++counts_.unreadable;
    silent_in_a_row_ = judged.is_silent ? silent_in_a_row_ + 1 : 0;
    if (judged.is_silent) ++counts_.silent;
    if (plan_.give_up_after != 0 && silent_in_a_row_ >= plan_.give_up_after) counts_.has_given_up = true;
    if (!judged.evidence.empty()) {
      TRY_VOID(writer.save({.ledger_key = task.carrier.ledger_key,
                            .checked_at = plan_.now,
                            .is_final = !judged.is_silent,
                            .evidence = judged.evidence}));
    }
    for (std::size_t i = 0; i < task.reports.size(); ++i) TRY_VOID(set(writer, task.reports[i], judged.decisions[i]));
    return {};
  }

  model::Result<void> set(store::AuthenticityWriter& writer, const store::CarriedReport& report,
                          const authenticity::Decision& decision) {
    // What another mail of this run proved stands, and what one of a former run did, unless everything is asked anew.
    const auto key = std::pair(report.sort, report.report_key);
    const auto known = found_.find(key);
    const bool keeps_former = plan_.request.choice == store::CarrierChoice::waiting && !report.is_open;
    const Authenticity former = known != found_.end() ? known->second
                                : keeps_former        ? from_stored(report.state)
                                                      : Authenticity::unchecked;
    if (rank(decision.state) <= rank(former)) {
      found_.try_emplace(key, former);
      return {};
    }
    found_[key] = decision.state;
    const std::string reason = std::string(model::to_text(decision.reason)) + ": " + decision.text;
    return writer.set({.report_key = report.report_key,
                       .state = stored(decision.state),
                       .authenticated_as = decision.authenticated_as,
                       .reason = reason.substr(0, max_reason),
                       .sort = report.sort});
  }

  void count(Authenticity state) {
    if (state == Authenticity::authenticated) ++counts_.authenticated;
    if (state == Authenticity::unauthenticated) ++counts_.unauthenticated;
    if (state == Authenticity::indeterminate) ++counts_.indeterminate;
  }

  const AuthenticatePlan& plan_;
  store::Database& database_;
  Judge judge_;
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
  return Run(plan, database, Judge(plan, list, resolver), resolver != nullptr).run(stop_requested);
}

std::string closing_line(const AuthenticateCounts& counts) {
  std::string line =
      fmt::format("{} {}: {} {} authenticated, {} unauthenticated, {} indeterminate", counts.mails,
                  counts.mails == 1 ? "mail" : "mails", counts.authenticated,
                  counts.authenticated == 1 ? "report" : "reports", counts.unauthenticated, counts.indeterminate);
  if (counts.silent > 0)
    line += fmt::format("; DNS was silent for {} {}", counts.silent, counts.silent == 1 ? "mail" : "mails");
  if (counts.has_given_up) line += ", the rest waits for `ruaudit authenticate`";
  return line;
}

}  // namespace ruaudit::jobs
