#include "jobs/digest/judgement.hpp"

#include "assess/findings/findings.hpp"
#include "jobs/digest/source_roles.hpp"
#include "jobs/judge/service_lists.hpp"
#include "model/calendar.hpp"
#include "store/findings/intake_facts.hpp"
#include "store/tls/facts.hpp"

namespace ruaudit::jobs {
namespace {

constexpr std::int64_t rejected_for = 30 * 86'400;  // seconds
constexpr std::int64_t tls_history = 100 * 86'400;

// Addresses of all domains, whose streams follow one another: roles are grown once, and seldom again for parts of one.
std::size_t count_sources(const std::vector<model::StreamDays::Stream>& streams) {
  std::size_t count = streams.empty() ? 0 : 1;
  for (std::size_t i = 1; i < streams.size(); ++i)
    if (streams[i].domain != streams[i - 1].domain || streams[i].source != streams[i - 1].source) ++count;
  return count + count / 64;
}

}  // namespace

model::Result<std::unique_ptr<Judgement>> read_judgement(store::Database& database, const JudgeRequest& request,
                                                         std::int64_t told_until,
                                                         std::optional<std::int64_t> received_since) {
  auto judgement = std::make_unique<Judgement>();
  TRY(judgement->sources, store::read_received_facts(database, {}, received_since));
  TRY(judgement->intake, store::read_intake_facts(database, request.now - rejected_for));
  TRY(judgement->tls, store::read_tls_facts(database, model::day_text(request.now - tls_history)));
  const auto& streams = judgement->sources.facts.days.streams();
  TRY(const auto services, services_with(request.service_files));
  judgement->classes.reserve(streams.size());
  std::vector<assess::ClassedSource> roles;
  roles.reserve(count_sources(streams));
  assess::classify(judgement->sources.facts, services, {.domains = request.own_domains}, [&](const auto& classes) {
    judgement->classes.add(classes);
    add_source_roles(classes, roles);
  });
  judgement->situation = {.facts = &judgement->sources.facts,
                          .intake = &judgement->intake,
                          .tls = &judgement->tls,
                          .classes = std::move(roles),
                          .own_domains = request.own_domains,
                          .parked_domains = request.parked_domains,
                          .report_addresses = request.report_addresses,
                          .now = request.now,
                          .told_until = told_until};
  judgement->findings = assess::findings(judgement->situation);
  return judgement;
}

void find_anew(Judgement& judgement, std::int64_t told_until) {
  const auto before = assess::first_news(judgement.situation);
  judgement.situation.told_until = told_until;
  // The rules ask for the first day of news alone, which is the same where no night was missed.
  if (assess::first_news(judgement.situation) != before) judgement.findings = assess::findings(judgement.situation);
}

}  // namespace ruaudit::jobs
