#include "verify/failure/examine.hpp"

#include <algorithm>

#include "verify/failure/authorisation.hpp"
#include "verify/failure/claim_facts.hpp"
#include "verify/failure/forwarding_facts.hpp"
#include "verify/failure/signature_facts.hpp"
#include "verify/message/message.hpp"
#include "verify/trace/session_facts.hpp"

namespace ruaudit::verify::failure {
namespace {

using evaluate::MessageEvaluation;

// "dns; mx.example.net" (RFC 3464 section 2.2.2) is the host that took the mail in, and so is the one whose results the
// report tells (RFC 8601 section 2.5, authserv-id).
trace::Trust trust_of(const model::FailureClaims& claims, const suffix::PublicSuffixList* list) {
  trace::Trust trust{.hosts = reporting_hosts(claims), .list = list};
  if (!claims.reporting_mta) return trust;
  std::string_view host = *claims.reporting_mta;
  if (const auto semicolon = host.find(';'); semicolon != std::string_view::npos) host.remove_prefix(semicolon + 1);
  const auto begin = host.find_first_not_of(" \t");
  if (begin != std::string_view::npos)
    trust.hosts.emplace_back(host.substr(begin, host.find_first_of(" \t(", begin) - begin));
  return trust;
}

bool is_internal(const std::optional<model::IpAddress>& ip) { return ip && trace::is_internal(*ip); }

class Examiner {
 public:
  Examiner(const model::FailureReport& report, const ExamineOptions& options, dns::Resolver& resolver,
           evaluate::Caches& caches)
      : report_(report), options_(options), resolver_(resolver), caches_(caches) {}

  Examination run(std::string_view octets) {
    auto& facts = out_.facts;
    facts.claims = claim_facts(report_.claims);
    facts.is_redacted = !report_.redactions.empty();
    facts.at = time_of_sample(report_).value_or(options_.now);
    facts.source = report_.claims.source_ip;
    const auto message = message::Message::view(octets);
    if (octets.empty() || !message || report_.sample.extent == model::SampleExtent::none) return std::move(out_);
    facts.extent = report_.sample.extent;
    judge(*message);
    compare_reported_domains();
    take_spf();
    look_at_signatures(*message);
    take_authorisation();
    facts.forwarding =
        forwarding_facts(*message, out_.evaluation, [this](const std::string& domain) { return is_aligned(domain); });
    // RFC 8617 section 5.2 step 4: without the body the newest message signature proves nothing either way.
    if (!has_body() && !facts.forwarding.arc_sealer.empty()) {
      facts.forwarding.arc_passes = options_.arc_passed.value_or(false);
      facts.forwarding.arc_is_unchecked = !options_.arc_passed;
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool has_body() const { return report_.sample.extent == model::SampleExtent::full; }

  void judge(const message::Message& message) {
    evaluate::Options options{.at = out_.facts.at,
                              .now = options_.now,
                              .body = has_body() ? dkim::BodyPart::present : dkim::BodyPart::missing,
                              .trust = trust_of(report_.claims, options_.list),
                              .list = options_.list};
    auto envelope = claimed_envelope(report_.claims);
    if (!envelope.mail_from) {
      const auto trace = trace::session_facts(message.fields(), options.trust);
      if (!trace.mail_from) envelope.mail_from = mail_from_of_results(report_.claims);
    }
    // A content filter hands the mail to the reporter from an address inside: SPF says nothing about it, and the client
    // stands in the Received of the reporter's own host.
    if (is_internal(envelope.ip)) envelope.ip.reset();
    auto& done = out_.evaluation;
    done = evaluate::evaluate(&message, envelope, options, resolver_, caches_);
    auto& facts = out_.facts;
    facts.source = done.ip ? done.ip : report_.claims.source_ip;
    facts.is_source_internal = is_internal(facts.source);
    facts.is_first_field_readable = message.is_first_readable();
    if (!done.dmarc) return;
    if (done.dmarc->author_domain) facts.author = done.dmarc->author_domain->text();
    facts.has_policy = done.dmarc->policy_domain.has_value() || done.dmarc->result == dmarc::DmarcResult::temperror;
    facts.is_refused = done.dmarc->policy && *done.dmarc->policy != model::Policy::none;
    facts.is_dmarc_undecided = done.dmarc->result == dmarc::DmarcResult::temperror;
    facts.passes_rfc9989 = done.dmarc->result == dmarc::DmarcResult::pass;
    facts.passes_rfc7489 =
        done.dmarc_other ? done.dmarc_other->result == dmarc::DmarcResult::pass : facts.passes_rfc9989;
  }

  // By what either RFC found; where neither could look, by the names.
  [[nodiscard]] bool is_aligned(const std::string& text) const {
    const auto domain = model::Domain::parse(text);
    const auto author = model::Domain::parse(out_.facts.author);
    if (!domain || !author) return false;
    bool is_known = false;
    for (const auto* done : {&out_.evaluation.dmarc, &out_.evaluation.dmarc_other}) {
      if (!*done) continue;
      for (const auto& one : (*done)->identifiers) {
        if (one.domain != domain->text()) continue;
        if (one.alignment == model::Alignment::aligned) return true;
        is_known |= one.alignment == model::Alignment::not_aligned;
      }
    }
    if (is_known || *domain == *author) return *domain == *author;
    return options_.list != nullptr &&
           options_.list->organizational_domain(*domain) == options_.list->organizational_domain(*author);
  }

  // RFC 5965 section 3.2: Reported-Domain is what the reporter holds the message to be of.
  void compare_reported_domains() {
    auto& facts = out_.facts;
    bool names_any = false, names_author = false;
    for (const auto& text : report_.claims.reported_domains) {
      if (!model::Domain::parse(text)) continue;
      names_any = true;
      names_author |= is_aligned(text) || is_ancestor(text, facts.author);
    }
    facts.is_of_another_domain = !facts.author.empty() && names_any && !names_author;
  }
  // A policy domain above the author's, as a tree walk may find it.
  static bool is_ancestor(std::string_view name, std::string_view author) {
    return author.size() > name.size() && author.ends_with(name) && author[author.size() - name.size() - 1] == '.';
  }

  // RFC 7208 section 7: "%{l}" becomes the local part.
  static bool uses_macros(const spf::CheckResult& check) {
    const auto is_macro = [](const std::string& text) { return text.find('%') != std::string::npos; };
    if (check.problem && (is_macro(check.problem->term) || is_macro(check.problem->text))) return true;
    return std::any_of(check.path.begin(), check.path.end(), [&](const auto& step) { return is_macro(step.term); });
  }

  void take_spf() {
    const auto& check = out_.evaluation.spf;
    if (!check) return;
    SpfFacts spf;
    spf.result = check->result;
    spf.domain = check->domain;
    spf.is_aligned = !spf.domain.empty() && is_aligned(spf.domain);
    spf.allows_anyone = passes_for_anyone(*check);
    spf.is_record_faulty = check->result == model::SpfResult::permerror;
    if (check->problem)
      spf.text = check->problem->text;
    else if (check->decided_by)
      spf.text = "decided by " + check->decided_by->term + " of " + check->decided_by->domain;
    spf.quotes_mail = uses_macros(*check);
    out_.facts.spf = std::move(spf);
  }

  void look_at_signatures(const message::Message& message) {
    if (!out_.evaluation.dkim) return;
    const auto& signatures = out_.evaluation.dkim->signatures;
    SignatureScene scene{.message = message,
                         .claims = report_.claims,
                         .has_body = has_body(),
                         .is_only_signature = signatures.size() == 1,
                         .resolver = resolver_,
                         .keys = caches_.keys};
    for (std::size_t i = 0; i < signatures.size(); ++i) {
      const auto& signature = signatures[i];
      scene.known_body = known_body(i, signature);
      auto look = examine_signature(signature, scene);
      look.facts.is_aligned = is_aligned(look.facts.domain);
      for (auto& change : look.changes)
        if (out_.changes.size() < max_changes) out_.changes.push_back(std::move(change));
      out_.signatures.push_back({.value = std::string(message.fields()[signature.field].value),
                                 .header_input = std::move(look.header_input),
                                 .body_hash = body_hash(message, signature)});
      out_.facts.signatures.push_back(std::move(look.facts));
    }
  }

  [[nodiscard]] std::optional<KnownBody> known_body(std::size_t number, const dkim::SignatureResult& signature) const {
    if (has_body() || number >= options_.bodies.size()) return std::nullopt;
    const auto& known = options_.bodies[number];
    const auto& s = signature.signature;
    const std::string domain = s.ascii_domain ? s.ascii_domain->text() : s.domain;
    if (known.octets.empty() || known.domain != domain || known.selector != s.selector) return std::nullopt;
    return known;
  }

  // Also of signatures that the verifier gave up before it came to the body.
  [[nodiscard]] std::string body_hash(const message::Message& message, const dkim::SignatureResult& signature) const {
    if (!has_body() || !signature.computed_body_hash.empty()) return signature.computed_body_hash;
    const auto& s = signature.signature;
    const dkim::BodyHashRequest request{s.body, s.hash, s.body_length};
    return dkim::compute_body_hashes(message.body(), {&request, 1}).front().hash;
  }

  void take_authorisation() {
    auto& facts = out_.facts;
    if (!facts.source || facts.author.empty()) return;
    const auto author = model::Domain::parse(facts.author);
    const std::string organizational =
        options_.list != nullptr && author ? options_.list->organizational_domain(*author).text() : std::string();
    const AuthorisationQuestion question{*facts.source, facts.author, organizational, facts.at};
    const auto then = authorisation(question, resolver_, caches_.spf_records);
    facts.authorised_then = then.answer;
    facts.authorised_by = then.term;
    const auto quoted = quoted_authorisation(question, report_.claims.spf_dns, resolver_, caches_.spf_records);
    facts.quoted_spf_authorises = quoted.answer == Authorisation::yes && then.answer != Authorisation::yes;
  }

  const model::FailureReport& report_;
  const ExamineOptions& options_;
  dns::Resolver& resolver_;
  evaluate::Caches& caches_;
  Examination out_;
};

}  // namespace

std::optional<std::int64_t> time_of_sample(const model::FailureReport& report) {
  if (report.claims.arrival_date) return report.claims.arrival_date;
  if (const auto message = message::Message::view(report.sample.octets)) {
    const auto trace = trace::session_facts(message->fields(), trust_of(report.claims, nullptr));
    if (trace.arrival) return trace.arrival->value;
  }
  return report.reporter.date_epoch;
}

Examination examine(const model::FailureReport& report, std::string_view octets, const ExamineOptions& options,
                    dns::Resolver& resolver, evaluate::Caches& caches) {
  return Examiner(report, options, resolver, caches).run(octets);
}

std::optional<HistoryKey> history_key(const SampleFacts& facts) {
  if (facts.author.empty() || !facts.source) return std::nullopt;
  return HistoryKey{facts.author, *facts.source};
}

}  // namespace ruaudit::verify::failure
