#include "verify/spf/evaluator.hpp"

#include <algorithm>
#include <chrono>

namespace ruaudit::verify::spf {
namespace {

using model::SpfResult;

std::int64_t seconds_of(const dns::Clock& clock) {
  if (clock) return clock();
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::vector<std::string> spf_records(const dns::Answer& answer) {  // RFC 7208 section 4.5
  std::vector<std::string> out;
  for (const auto& record : answer.txt) {
    auto text = record.text();
    if (is_spf_record(text)) out.push_back(std::move(text));
  }
  return out;
}

std::string quoted(std::string_view term) { return "'" + std::string(term) + "'"; }

}  // namespace

Evaluator::Evaluator(const Session& session, const Identity& identity, dns::Resolver& resolver, const Options& options)
    : session_(session),
      identity_(identity),
      resolver_(resolver),
      options_(options),
      started_(seconds_of(options.clock)) {}

Outcome Evaluator::error(SpfResult result, Problem problem, const Place& place, std::string text) {
  return {.result = result, .problem = ProblemReport{problem, place.domain, {}, place.term, std::move(text)}};
}

Outcome Evaluator::dns_error(const dns::Answer& answer, const Place& place) {
  std::string text = "DNS answered " + std::string(model::to_text(answer.status)) + " to " +
                     std::string(model::to_text(answer.question.type)) + " " + answer.question.name;
  if (!place.term.empty()) text += ", asked by " + quoted(place.term) + " of " + place.domain;
  return error(SpfResult::temperror, Problem::dns_error, place, std::move(text));
}

ParsedRecordPtr Evaluator::parse(const std::string& text) {
  if (options_.cache != nullptr) return options_.cache->get(text);
  return std::make_shared<const ParsedRecord>(parse_record(text));
}

Outcome Evaluator::check_host(const std::string& domain, Entry entry) {
  const std::string none;
  const Place place{domain, none};
  // RFC 7208 section 4.3: a malformed or single-label domain is "none".
  if (!is_well_formed_domain(domain))
    return error(SpfResult::none, Problem::no_domain, place, quoted(domain) + " is not a full domain name");
  // Sections 3.1 and 4.4: TXT only; an error other than NXDOMAIN is "temperror".
  const auto answer = ask(domain, dns::RecordType::TXT, place, Counting::not_counted);
  if (answer.is_temporary_error()) return dns_error(answer, place);
  if (answer.status == dns::Status::nxdomain)
    return error(SpfResult::none, Problem::no_such_domain, place, domain + " does not exist in DNS");
  // Sections 3.2 and 4.5: exactly one record with the version section.
  auto records = spf_records(answer);
  if (records.empty()) return error(SpfResult::none, Problem::no_record, place, domain + " publishes no SPF record");
  if (records.size() > 1) {
    auto out = error(SpfResult::permerror, Problem::several_records, place,
                     domain + " publishes " + std::to_string(records.size()) + " SPF records; only one is allowed");
    out.problem->record = records[0];
    return out;
  }
  // Section 4.6.
  auto out = evaluate(domain, parse(records[0]), entry);
  if (out.problem && out.problem->domain == domain && out.problem->record.empty()) out.problem->record = records[0];
  out.record = std::move(records[0]);
  return out;
}

Outcome Evaluator::evaluate(const std::string& domain, const ParsedRecordPtr& parsed, Entry entry) {
  // Section 4.6: a syntax error anywhere ends the check before anything is evaluated.
  if (const auto& fault = parsed->fault) {
    return error(SpfResult::permerror, Problem::syntax, {domain, fault->term},
                 "the SPF record of " + domain + " cannot be read: term " + std::to_string(fault->number) + " " +
                     quoted(fault->term) + ": " + fault->what);
  }
  if (auto decided = directives(domain, parsed, entry)) return std::move(*decided);
  const auto& record = parsed->record;
  // Section 6.1: redirect is ignored when "all" is anywhere in the record.
  if (record.redirect && !record.has_all) return redirect(domain, *record.redirect, entry);
  if (entry != Entry::include)
    if (auto decided = local_policy(domain)) return std::move(*decided);
  return {.result = SpfResult::neutral};  // section 4.7
}

// RFC 7208 section 4.6.2: mechanisms from left to right until one matches or fails.
std::optional<Outcome> Evaluator::directives(const std::string& domain, const ParsedRecordPtr& parsed, Entry entry) {
  for (const auto& directive : parsed->record.directives) {
    // A local policy stands before the final "all" unless that passes anyway; never inside an include.
    if (directive.mechanism == Mechanism::all && directive.result != SpfResult::pass && entry != Entry::include)
      if (auto decided = local_policy(domain)) return decided;
    auto found = match(directive, domain);
    if (found.is_error) return std::move(found.inner);
    if (found.is_match) return decide(directive, domain, std::move(found), parsed);
  }
  return std::nullopt;
}

Outcome Evaluator::decide(const Directive& directive, const std::string& domain, Match match,
                          const ParsedRecordPtr& parsed) {
  Outcome out{.result = directive.result, .decided_by = Decision{domain, directive.text}};
  if (match.inner) {  // an include: its path and its deciding term tell more than the include itself
    out.path = std::move(match.inner->path);
    if (match.inner->decided_by) out.decided_by = std::move(match.inner->decided_by);
  }
  if (out.result == SpfResult::fail) {  // section 6.2: exp of the record whose directive said fail
    out.explainer = parsed;
    out.explainer_domain = domain;
  }
  return out;
}

std::optional<Outcome> Evaluator::local_policy(const std::string& domain) {
  if (options_.local_policy.empty()) return std::nullopt;
  const auto parsed = std::make_shared<const ParsedRecord>(parse_local_policy(options_.local_policy));
  if (parsed->fault) {
    notes_.push_back("the local policy was not used: " + quoted(parsed->fault->term) + ": " + parsed->fault->what);
    return std::nullopt;
  }
  // It has its own budget: a receiver's addition must not use up what the domain owner may spend.
  const auto terms = lookups_.terms;
  const auto voids = lookups_.voids;
  reset_limits();
  auto decided = directives(domain, parsed, Entry::include);
  lookups_.terms = terms;
  lookups_.voids = voids;
  if (!decided) return std::nullopt;
  if (decided->result == SpfResult::permerror) {
    notes_.push_back("the local policy was not used: " + (decided->problem ? decided->problem->text : "permerror"));
    return std::nullopt;
  }
  decided->policy = PolicySource::local_policy;
  return decided;
}

// RFC 7208 section 6.1.
Outcome Evaluator::redirect(const std::string& domain, const Modifier& modifier, Entry entry) {
  const Place place{domain, modifier.text};
  if (auto limit = count_term(place)) return std::move(*limit);
  // RFC 8616 section 4: a term with %{s} or %{l} does not match anything; without its target nothing is left.
  if (never_matches(modifier.domain_spec)) return {.result = SpfResult::neutral};
  const auto target = expand(modifier.domain_spec, place);
  if (auto limit = void_limit(place)) return std::move(*limit);
  auto out = check_host(target, entry == Entry::initial ? Entry::redirect : entry);
  out.path.insert(out.path.begin(), Step{domain, modifier.text, target});
  if (out.result != SpfResult::none) return out;
  auto none = error(SpfResult::permerror, Problem::redirect_without_record, place,
                    quoted(modifier.text) + " of " + domain + " leads nowhere" +
                        (out.problem ? ": " + out.problem->text : std::string()));
  none.path = std::move(out.path);
  return none;
}

// RFC 7208 section 6.2. Its lookups are made after the result is known and do not count.
std::optional<std::string> Evaluator::explanation(const Outcome& fail) {
  if (!fail.explainer || !fail.explainer->record.exp) return std::nullopt;
  const auto& exp = *fail.explainer->record.exp;
  const Place place{fail.explainer_domain, exp.text};
  if (never_matches(exp.domain_spec)) return std::nullopt;
  const auto target = expand_name(exp.domain_spec, scope(place, Counting::not_counted));
  const auto answer = ask(target, dns::RecordType::TXT, place, Counting::not_counted);
  if (!answer.is_found() || answer.txt.size() != 1) return std::nullopt;
  const auto text = parse_macro_string(answer.txt[0].text(), MacroUse::explanation);
  if (!text) return std::nullopt;
  return expand_explanation(*text, scope(place, Counting::not_counted));
}

// RFC 7208 section 4.6.4: 10 terms and 20 seconds.
std::optional<Outcome> Evaluator::count_term(const Place& place) {
  if (++lookups_.terms > options_.limits.terms)
    return error(SpfResult::permerror, Problem::too_many_terms, place,
                 "more than " + std::to_string(options_.limits.terms) + " terms need DNS lookups; " +
                     quoted(place.term) + " of " + place.domain + " is one too many");
  if (seconds_of(options_.clock) - started_ > options_.limits.seconds)
    return error(SpfResult::temperror, Problem::too_slow, place,
                 "the check took more than " + std::to_string(options_.limits.seconds) + " seconds");
  return std::nullopt;
}

std::optional<Outcome> Evaluator::void_limit(const Place& place) const {
  if (lookups_.voids <= options_.limits.void_lookups) return std::nullopt;
  return error(SpfResult::permerror, Problem::too_many_voids, place,
               "more than " + std::to_string(options_.limits.void_lookups) +
                   " lookups found nothing (void lookups), the last one for " + quoted(place.term) + " of " +
                   place.domain);
}

bool Evaluator::never_matches(const MacroString& text) const {
  return !identity_.has_ascii_local_part && text.uses("sl");
}

MacroScope Evaluator::scope(const Place& place, Counting counting) {
  return {.sender = identity_.sender,
          .local_part = identity_.local_part,
          .sender_domain = identity_.sender_domain,
          .domain = place.domain,
          .ip = session_.ip,
          .helo = identity_.helo,
          .receiver = session_.receiver,
          .time = session_.time,
          .validated_name = [this, place, counting] { return validated_name(place, counting); }};
}

dns::Answer Evaluator::ask(const std::string& name, dns::RecordType type, const Place& place, Counting counting) {
  auto answer = resolver_.query(name, type);
  note_use(answer, place, counting);
  return answer;
}

// RFC 7208 section 4.6.4 counts the queries of the terms; those for the hosts of an mx and the names of a ptr are among
// them, those for the first record, for records of include and redirect (an error of their own) and for exp are not.
void Evaluator::note_use(const dns::Answer& answer, const Place& place, Counting counting) {
  const bool is_void = answer.status == dns::Status::nodata || answer.status == dns::Status::nxdomain;
  if (is_void && counting == Counting::counted) ++lookups_.voids;
  if (lookups_.list.size() >= max_listed) return;
  lookups_.list.push_back(
      {place.term.empty() ? std::string() : place.domain, place.term, answer.question, answer.status, is_void});
}

}  // namespace ruaudit::verify::spf
