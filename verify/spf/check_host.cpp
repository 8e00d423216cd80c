#include "verify/spf/check_host.hpp"

#include <algorithm>

#include "model/domain.hpp"
#include "verify/spf/evaluator.hpp"

namespace ruaudit::verify::spf {
namespace {

using model::SpfResult;

constexpr std::size_t max_text =
    1024;  // octets of a local part or HELO; SMTP allows 64 and 255 (RFC 5321 section 4.5.3.1)

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// RFC 8616 section 4: U-labels become A-labels before anything else. What cannot be converted stays as it is and is
// found malformed later.
std::string to_a_labels(std::string_view name) {
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  if (is_ascii(name)) return std::string(name);
  const auto domain = model::Domain::parse(name);
  return domain ? domain->text() : std::string(name);
}

struct Mailbox {
  std::string local_part;
  std::string domain;
};

// The path of MAIL FROM: "<>" and a source route (RFC 5321 appendix C) are taken off, the last '@' divides.
Mailbox split(std::string_view path) {
  if (path.size() >= 2 && path.front() == '<' && path.back() == '>') path = path.substr(1, path.size() - 2);
  if (!path.empty() && path.front() == '@')
    if (const auto colon = path.find(':'); colon != std::string_view::npos) path.remove_prefix(colon + 1);
  const auto at = path.rfind('@');
  if (at == std::string_view::npos) return {{}, std::string(path)};
  return {std::string(path.substr(0, at)), std::string(path.substr(at + 1))};
}

Identity identity_of(Mailbox mailbox, std::string_view helo) {
  // RFC 7208 section 4.3: no local part means "postmaster".
  if (mailbox.local_part.empty()) mailbox.local_part = "postmaster";
  Identity out{.local_part = std::move(mailbox.local_part), .sender_domain = to_a_labels(mailbox.domain)};
  out.sender = out.local_part + "@" + out.sender_domain;
  out.helo = to_a_labels(helo.substr(0, max_text));
  out.has_ascii_local_part = is_ascii(out.local_part);
  return out;
}

// RFC 7208 section 4.3 and 2.3: address literals, blanks and raw 8-bit bytes are not a domain either.
bool is_mail_domain(std::string_view name) {
  return is_well_formed_domain(name) && name.front() != '[' &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string standard_explanation(const CheckResult& check, const Session& session) {
  return check.domain + " does not allow " + session.ip.to_string() + " to send its mail";
}

std::string by_way_of(const std::vector<Step>& path) {
  std::string out;
  for (const auto& step : path) out += (out.empty() ? ", reached by '" : "' and '") + step.term;
  return out.empty() ? out : out + "'";
}

std::string origin(const CheckResult& check) {
  if (check.policy == PolicySource::local_policy) return "the local policy";
  if (check.policy == PolicySource::best_guess) return "the best-guess policy for " + check.decided_by->domain;
  return check.decided_by->domain;
}

std::string reason_text(const CheckResult& check, const Session& session) {
  if (check.problem) return check.problem->text + (check.problem->term.empty() ? by_way_of(check.path) : "");
  if (!check.decided_by)
    return "no term of the " +
           std::string(check.policy == PolicySource::best_guess ? "best-guess policy for " : "SPF record of ") +
           check.domain + " matches " + session.ip.to_string() + ", and it does not end in 'all'";
  const auto verb = check.result == SpfResult::pass ? " is allowed by '" : " matches '";
  return session.ip.to_string() + verb + check.decided_by->term + "' of " + origin(check) + by_way_of(check.path) +
         (check.result == SpfResult::pass ? "" : ", which says " + std::string(model::to_text(check.result)));
}

// The policy for a domain that exists and has no record. Its failures leave "none" as it was.
void guess(Evaluator& evaluator, const Options& options, const std::string& domain, Outcome& outcome) {
  if (options.best_guess.empty() || !outcome.problem || outcome.problem->problem != Problem::no_record) return;
  if (!outcome.path.empty() || outcome.result != SpfResult::none) return;
  const auto parsed = std::make_shared<const ParsedRecord>(parse_record(options.best_guess));
  evaluator.reset_limits();
  auto guessed = evaluator.evaluate(domain, parsed, Evaluator::Entry::include);
  if (guessed.problem) {
    evaluator.notes().push_back("the best-guess policy gave no answer: " + guessed.problem->text);
    return;
  }
  guessed.policy = PolicySource::best_guess;
  guessed.explainer.reset();
  outcome = std::move(guessed);
}

void take(CheckResult& check, Outcome outcome) {
  check.result = outcome.result;
  check.policy = outcome.policy;
  check.record = std::move(outcome.record);
  check.decided_by = std::move(outcome.decided_by);
  check.path = std::move(outcome.path);
  check.problem = std::move(outcome.problem);
}

CheckResult run(const Session& session, const Identity& identity, dns::Resolver& resolver, const Options& options) {
  CheckResult check{.domain = identity.sender_domain, .sender = identity.sender};
  if (!is_mail_domain(check.domain) || identity.local_part.size() > max_text) {
    check.problem = ProblemReport{.problem = Problem::no_domain,
                                  .domain = check.domain,
                                  .text = "'" + check.sender.substr(0, 320) + "' names no mail domain"};
    check.reason = check.problem->text;
    return check;
  }
  Evaluator evaluator(session, identity, resolver, options);
  auto outcome = evaluator.check_host(check.domain, Evaluator::Entry::initial);
  guess(evaluator, options, check.domain, outcome);
  if (outcome.result == SpfResult::fail) {
    const auto published = evaluator.explanation(outcome);
    check.explanation = published ? *published : standard_explanation(check, session);
    check.explanation_source = published ? ExplanationSource::published : ExplanationSource::standard;
  }
  take(check, std::move(outcome));
  check.lookups = std::move(evaluator.lookups());
  check.notes = std::move(evaluator.notes());
  check.reason = reason_text(check, session);
  return check;
}

model::Result<void> check_parsed(std::string_view option, const ParsedRecord& parsed) {
  if (!parsed.fault) return {};
  return model::failure("spf-option", std::string(option) + ": '" + parsed.fault->term + "': " + parsed.fault->what,
                        "write terms as in an SPF record, separated by blanks");
}

}  // namespace

model::Result<void> validate(const Options& options) {
  TRY_VOID(check_parsed("local policy", parse_local_policy(options.local_policy)));
  if (options.best_guess.empty()) return {};
  if (!is_spf_record(options.best_guess))
    return model::failure("spf-option", "best guess: does not begin with 'v=spf1'", "write a whole SPF record");
  return check_parsed("best guess", parse_record(options.best_guess));
}

CheckResult check_mail_from(const Session& session, dns::Resolver& resolver, const Options& options) {
  auto mailbox = split(session.mail_from);
  const bool is_null = mailbox.local_part.empty() && mailbox.domain.empty();
  // RFC 7208 section 2.4: a null reverse-path is checked as postmaster@HELO.
  if (is_null) mailbox.domain = session.helo;
  auto check = run(session, identity_of(std::move(mailbox), session.helo), resolver, options);
  check.is_null_sender = is_null;
  return check;
}

CheckResult check_helo(const Session& session, dns::Resolver& resolver, const Options& options) {
  auto check = run(session, identity_of({{}, session.helo}, session.helo), resolver, options);
  check.scope = model::SpfScope::helo;
  return check;
}

}  // namespace ruaudit::verify::spf
