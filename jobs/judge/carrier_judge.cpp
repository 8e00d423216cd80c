#include "jobs/judge/carrier_judge.hpp"

#include <algorithm>
#include <iterator>

#include "verify/dns/limited_resolver.hpp"

namespace ruaudit::jobs {
namespace {

namespace authenticity = verify::authenticity;
namespace dns = verify::dns;
namespace evaluate = verify::evaluate;
using model::Authenticity;

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

bool is_better(const CarrierFinding& one, const CarrierFinding& other) {
  for (std::size_t i = 0; i < one.decisions.size(); ++i)
    if (rank(one.decisions[i].state) > rank(other.decisions[i].state)) return true;
  return false;
}

std::vector<authenticity::SameOrganization> domains_of(const std::vector<NamePair>& pairs) {
  std::vector<authenticity::SameOrganization> out;
  for (const auto& pair : pairs) {
    auto one = model::Domain::parse(pair.one), other = model::Domain::parse(pair.other);
    if (one && other) out.push_back({std::move(*one), std::move(*other)});
  }
  return out;
}

}  // namespace

int rank(Authenticity state) {
  constexpr Authenticity order[] = {Authenticity::unchecked, Authenticity::unauthenticated, Authenticity::indeterminate,
                                    Authenticity::authenticated};
  return static_cast<int>(std::find(std::begin(order), std::end(order), state) - std::begin(order));
}

CarrierJudge::CarrierJudge(const CarrierOptions& options, const verify::suffix::PublicSuffixList& list)
    : options_(options), rules_{list, domains_of(options.same)} {
  trust_.hosts = options.trusted_hosts;
}

CarrierFinding CarrierJudge::judge(const CarrierTask& task, dns::Resolver* resolver) const {
  auto found = examine(task, resolver);
  if (found) return std::move(*found);
  CarrierFinding failed;
  failed.error = found.error();
  return failed;
}

model::Result<CarrierFinding> CarrierJudge::examine(const CarrierTask& task, dns::Resolver* resolver) const {
  const auto message = verify::message::Message::view(task.octets);
  if (!message) return unreadable(task, message.error());
  if (!task.kept) return by_dns(task, *message, *resolver);
  TRY(auto kept, dns::parse_evidence(*task.kept));
  const std::int64_t then = kept.time;
  dns::RecordedResolver recorded(std::move(kept));
  auto former = decide(task, *message, evaluate_with(task, *message, then, recorded));
  if (!task.asks_again) return former;
  auto today = by_dns(task, *message, *resolver);
  return is_better(former, today) ? former : today;
}

CarrierFinding CarrierJudge::by_dns(const CarrierTask& task, const verify::message::Message& message,
                                    dns::Resolver& resolver) const {
  dns::LimitedResolver limited(resolver, {});
  dns::RecordingResolver recorder(limited);
  auto found = decide(task, message, evaluate_with(task, message, options_.now, recorder));
  found.evidence = dns::to_json({.time = options_.now, .suffix_list = {}, .answers = recorder.answers()});
  return found;
}

// Every mail has caches of its own: the answers that one rests on are kept with it.
CarrierJudge::Evaluations CarrierJudge::evaluate_with(const CarrierTask& task, const verify::message::Message& message,
                                                      std::int64_t now, dns::Resolver& resolver) const {
  evaluate::Options options{.now = now};
  options.checks.dmarc = false;
  options.trust = trust_;
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

CarrierFinding CarrierJudge::decide(const CarrierTask& task, const verify::message::Message& message,
                                    const Evaluations& done) const {
  std::optional<authenticity::Carrier> mail, tls;
  if (done.mail) mail = authenticity::examine(message, *done.mail, trust_);
  if (done.tls) tls = authenticity::examine(message, *done.tls, trust_, authenticity::Admitted::dkim);
  const auto* subject = message.first("Subject");
  CarrierFinding found;
  for (const auto& report : task.reports) {
    const authenticity::Claims claims{.org_name = report.org_name,
                                      .email = report.email,
                                      .file_name = file_name_in(report.path),
                                      .subject = subject == nullptr ? std::string() : unfolded(subject->value)};
    const auto& carrier = report.sort == store::ReportSort::tls ? tls : mail;
    found.decisions.push_back(authenticity::decide(claims, *carrier, rules_));
    found.is_silent = found.is_silent || found.decisions.back().reason == authenticity::Reason::dns_failure;
  }
  return found;
}

CarrierFinding CarrierJudge::unreadable(const CarrierTask& task, const model::Error& error) const {
  CarrierFinding found;
  found.is_unreadable = true;
  found.decisions.assign(task.reports.size(), {.state = Authenticity::unauthenticated,
                                               .reason = authenticity::Reason::no_author,
                                               .authenticated_as = {},
                                               .text = error.message});
  if (!task.kept) found.evidence = dns::to_json({.time = options_.now, .suffix_list = {}, .answers = {}});
  return found;
}

}  // namespace ruaudit::jobs
