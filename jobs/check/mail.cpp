#include "jobs/check/mail.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/verify_text.hpp"
#include "verify/explain/json.hpp"

namespace ruaudit::jobs {
namespace {

using verify::dmarc::DmarcResult;
using verify::evaluate::MessageEvaluation;

MailStanding standing_of(const MessageEvaluation& done) {
  if (!done.dmarc) return MailStanding::unknown;
  switch (done.dmarc->result) {
    case DmarcResult::pass:
    case DmarcResult::none:
      return MailStanding::passes;
    case DmarcResult::fail:
    case DmarcResult::permerror:
      return MailStanding::fails;
    default:
      return MailStanding::unknown;
  }
}

bool is_failed(const MessageEvaluation& done) {
  return done.dkim && done.dkim->summary != model::DkimResult::none && done.dkim->summary != model::DkimResult::pass;
}

// RFC 7372 section 3: of the checks that failed; a signature that passes for another domain did not. RFC 3463 section
// 3.8 has the code for a refusal by policy where none did.
std::string_view status_code(const MessageEvaluation& done) {
  const auto spf = done.spf ? done.spf->result : model::SpfResult::none;
  const bool has_spf_error = spf == model::SpfResult::temperror || spf == model::SpfResult::permerror;
  if (is_failed(done)) return spf == model::SpfResult::fail || has_spf_error ? "5.7.26" : "5.7.20";
  if (spf == model::SpfResult::fail) return "5.7.23";
  if (has_spf_error) return "5.7.24";
  const bool is_of_other = done.dkim && done.dkim->summary == model::DkimResult::pass && !done.dmarc->is_dkim_aligned;
  return is_of_other ? "5.7.22" : "5.7.1";
}

bool is_refused(const MessageEvaluation& done) {
  return done.dmarc && done.dmarc->result == DmarcResult::fail && done.dmarc->applied == model::Policy::reject;
}

std::string bounce_of(const MessageEvaluation& done) {
  const bool is_spf_fail = done.spf && done.spf->result == model::SpfResult::fail;
  const std::string said = is_spf_fail && !done.spf->explanation.empty() ? ": " + done.spf->explanation : std::string();
  if (is_refused(done))
    return fmt::format("550 {} refused by the DMARC policy of {} ({}=reject): SPF {}, DKIM {}{}", status_code(done),
                       done.dmarc->policy_domain ? done.dmarc->policy_domain->text() : "the author's domain",
                       model::to_text(done.dmarc->policy_tag.value_or(verify::dmarc::PolicyTag::p)),
                       done.spf ? model::to_text(done.spf->result) : "not checked",
                       done.dkim ? model::to_text(done.dkim->summary) : "not checked", said);
  // A receiver may refuse on SPF alone.
  return is_spf_fail ? fmt::format("550 5.7.23 SPF: {}", done.spf->reason) + said : std::string();
}

std::string outcome_of(const MessageEvaluation& done) {
  if (is_refused(done)) return {};
  const auto result = done.dmarc ? done.dmarc->result : DmarcResult::undecided;
  if (result == DmarcResult::pass || result == DmarcResult::none)
    return "No receiver that follows these records rejects it.";
  if (result == DmarcResult::permerror)
    return "DMARC cannot be evaluated (permerror): each receiver decides for itself.";
  if (result != DmarcResult::fail) return "It is not known whether a receiver rejects it: DMARC could not be decided.";
  if (done.dmarc->applied == model::Policy::quarantine)
    return "It fails DMARC: receivers that follow these records put it into the spam folder.";
  return "It fails DMARC; the policy does not ask receivers to reject it.";
}

bool is_new_selector(const CheckedMail& mail, const verify::dkim::Signature& signature) {
  return signature.domain == mail.domain && !signature.selector.empty() &&
         std::find(mail.selectors.begin(), mail.selectors.end(), signature.selector) == mail.selectors.end();
}

}  // namespace

model::Result<CheckedMail> check_mail(const VerifyRequest& request, verify::dns::Resolver& resolver) {
  verify::evaluate::Caches caches;
  TRY(const auto done, judge(request, resolver, caches));
  CheckedMail out{.standing = standing_of(done), .bounce = bounce_of(done), .outcome = outcome_of(done)};
  if (done.dmarc && done.dmarc->author_domain) out.domain = done.dmarc->author_domain->text();
  if (done.dkim)
    for (const auto& signature : done.dkim->signatures)
      if (is_new_selector(out, signature.signature)) out.selectors.push_back(signature.signature.selector);
  if (done.ip) out.ip = done.ip->to_string();
  out.helo = done.helo;
  out.is_host_authorised = done.dmarc && done.dmarc->is_spf_aligned;
  out.is_sender_known = done.mail_from.has_value();
  out.mail_from = done.mail_from.value_or("");
  out.text = report::verify_text(done, request.options.checks);
  out.json = verify::explain::to_json(done, {.checks = request.options.checks, .indent = 2});
  return out;
}

}  // namespace ruaudit::jobs
