#include "verify/evaluate/evaluate.hpp"

namespace ruaudit::verify::evaluate {
namespace {

template <class T>
std::optional<T> value_of(const std::optional<trace::Taken<T>>& taken) {
  return taken ? std::optional<T>(taken->value) : std::nullopt;
}

// What the caller gave wins; the trusted trace fills the rest.
void settle_envelope(const Envelope& envelope, const Options& options, MessageEvaluation& out) {
  out.ip = envelope.ip ? envelope.ip : value_of(out.facts.ip);
  out.helo = envelope.helo ? *envelope.helo : value_of(out.facts.helo).value_or("");
  out.mail_from = envelope.mail_from ? envelope.mail_from : value_of(out.facts.mail_from);
  if (!out.mail_from && envelope.helo) out.mail_from = "";
  out.given = envelope;
  const auto arrival = value_of(out.facts.arrival);
  out.at = options.at ? *options.at : arrival.value_or(options.now);
  out.at_source = options.at ? TimeSource::given : (arrival ? TimeSource::trace : TimeSource::now);
}

void check_spf(const Options& options, dns::Resolver& resolver, Caches& caches, MessageEvaluation& out) {
  if (!out.ip) return;
  const spf::Options spf_options{
      .local_policy = options.spf_local, .best_guess = options.spf_guess, .cache = &caches.spf_records, .clock = {}};
  const spf::Session session{.ip = *out.ip,
                             .helo = out.helo,
                             .mail_from = out.mail_from.value_or(""),
                             .receiver = options.receiver,
                             .time = out.at};
  if (out.mail_from) out.spf = spf::check_mail_from(session, resolver, spf_options);
  if (out.spf && out.spf->policy != spf::PolicySource::published)
    out.spf_published = spf::check_mail_from(session, resolver, {.cache = &caches.spf_records, .clock = {}});
  if (!out.helo.empty()) out.spf_helo = spf::check_helo(session, resolver, spf_options);
}

// RFC 9989 section 4.3 and RFC 7489 section 3.1.2: MAIL FROM; for a null sender postmaster@HELO stands for it. A policy
// of the checker's own is no authorization by the domain's owner and authenticates nothing.
std::vector<dmarc::SpfIdentifier> spf_identifiers(const MessageEvaluation& done) {
  const auto& check = done.spf_published ? done.spf_published : done.spf;
  std::vector<dmarc::SpfIdentifier> list;
  if (check) list.push_back({check->result, check->domain, check->scope});
  return list;
}

std::vector<dmarc::DkimIdentifier> dkim_identifiers(const MessageEvaluation& done) {
  std::vector<dmarc::DkimIdentifier> list;
  if (!done.dkim) return list;
  for (const auto& signature : done.dkim->signatures) {
    if (signature.is_testing && signature.result != model::DkimResult::pass) continue;
    const auto& domain = signature.signature.ascii_domain;
    // What only a legacy option made pass is no pass for DMARC. RFC 8301 section 3
    const auto result = signature.is_legacy ? model::DkimResult::policy : signature.result;
    list.push_back({result, domain ? domain->text() : signature.signature.domain, signature.signature.selector,
                    signature.reason != dkim::Reason::body_missing});
  }
  return list;
}

std::string sender_domain(const MessageEvaluation& done) {
  if (!done.mail_from) return {};
  const auto at = done.mail_from->rfind('@');
  return at == std::string::npos ? std::string() : done.mail_from->substr(at + 1);
}

void check_dmarc(const message::Message& message, const Options& options, dns::Resolver& resolver,
                 MessageEvaluation& out) {
  std::vector<std::string_view> from;
  for (const auto position : message.positions("From")) from.push_back(message.fields()[position].value);
  const dmarc::Input input{.from_values = from,
                           .spf = spf_identifiers(out),
                           .dkim = dkim_identifiers(out),
                           .is_spf_checked = out.spf.has_value(),
                           .unchecked_sender = sender_domain(out),
                           .is_null_sender = out.mail_from && out.mail_from->empty()};
  dmarc::Options chosen{.rules = options.rules, .list = options.list};
  if (!options.list) chosen.rules = dmarc::Rules::rfc9989;
  out.dmarc = dmarc::evaluate(input, chosen, resolver);
  if (!options.list) return;
  dmarc::Options other = chosen;
  other.rules = chosen.rules == dmarc::Rules::rfc9989 ? dmarc::Rules::rfc7489 : dmarc::Rules::rfc9989;
  auto second = dmarc::evaluate(input, other, resolver);
  if (differs(*out.dmarc, second)) out.dmarc_other = std::move(second);
}

}  // namespace

bool differs(const dmarc::Evaluation& a, const dmarc::Evaluation& b) {
  return a.result != b.result || a.policy != b.policy || a.applied != b.applied || a.policy_domain != b.policy_domain ||
         a.is_spf_aligned != b.is_spf_aligned || a.is_dkim_aligned != b.is_dkim_aligned;
}

MessageEvaluation evaluate(const message::Message* message, const Envelope& envelope, const Options& options,
                           dns::Resolver& resolver, Caches& caches) {
  MessageEvaluation out;
  if (message != nullptr) {
    trace::Trust trust = options.trust;
    if (trust.list == nullptr) trust.list = options.list;
    out.facts = trace::session_facts(message->fields(), trust);
    out.is_first_field_readable = message->is_first_readable();
    out.repairs = message->repairs();
  }
  settle_envelope(envelope, options, out);
  if (out.mail_from) out.rewrite = srs::recognise(*out.mail_from, out.at);
  const Checks& checks = options.checks;
  const bool needs_dmarc = checks.dmarc && message != nullptr;
  if (checks.spf || needs_dmarc) check_spf(options, resolver, caches, out);
  if (message != nullptr && (checks.dkim || needs_dmarc))
    out.dkim = dkim::Verifier(resolver, caches.keys)
                   .verify(*message,
                           {.at = out.at, .legacy = options.legacy, .body = options.body, .service = options.service});
  if (message != nullptr && checks.arc) out.arc = arc::validate_chain(*message, resolver, caches.keys, out.at);
  if (needs_dmarc) check_dmarc(*message, options, resolver, out);
  return out;
}

}  // namespace ruaudit::verify::evaluate
