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

// RFC 7372 section 3: 5.7.20 no passing signature, 5.7.23 SPF failed, 5.7.26 both.
std::string_view status_code(const MessageEvaluation& done) {
  const bool has_dkim_failure = done.dkim && done.dkim->summary != model::DkimResult::none;
  const bool has_spf_failure = done.spf && done.spf->result != model::SpfResult::pass;
  if (has_dkim_failure && has_spf_failure) return "5.7.26";
  return has_spf_failure ? "5.7.23" : "5.7.20";
}

std::string bounce_of(const MessageEvaluation& done) {
  const bool is_spf_fail = done.spf && done.spf->result == model::SpfResult::fail;
  const std::string said = is_spf_fail && !done.spf->explanation.empty() ? ": " + done.spf->explanation : std::string();
  const bool is_refused =
      done.dmarc && done.dmarc->result == DmarcResult::fail && done.dmarc->applied == model::Policy::reject;
  if (is_refused)
    return fmt::format("550 {} refused by the DMARC policy of {} (p=reject): SPF {}, DKIM {}{}", status_code(done),
                       done.dmarc->policy_domain ? done.dmarc->policy_domain->text() : "the author's domain",
                       done.spf ? model::to_text(done.spf->result) : "not checked",
                       done.dkim ? model::to_text(done.dkim->summary) : "not checked", said);
  // A receiver may refuse on SPF alone.
  if (is_spf_fail)
    return fmt::format("550 5.7.23 SPF: {} at receivers that refuse on SPF alone", done.spf->reason) + said;
  return {};
}

bool is_new_selector(const CheckedMail& mail, const verify::dkim::Signature& signature) {
  return signature.domain == mail.domain && !signature.selector.empty() &&
         std::find(mail.selectors.begin(), mail.selectors.end(), signature.selector) == mail.selectors.end();
}

}  // namespace

model::Result<CheckedMail> check_mail(const VerifyRequest& request, verify::dns::Resolver& resolver) {
  verify::evaluate::Caches caches;
  TRY(const auto done, judge(request, resolver, caches));
  CheckedMail out{.standing = standing_of(done), .bounce = bounce_of(done)};
  if (done.dmarc && done.dmarc->author_domain) out.domain = done.dmarc->author_domain->text();
  if (done.dkim)
    for (const auto& signature : done.dkim->signatures)
      if (is_new_selector(out, signature.signature)) out.selectors.push_back(signature.signature.selector);
  if (done.ip) out.ip = done.ip->to_string();
  out.helo = done.helo;
  out.is_sender_known = done.mail_from.has_value();
  out.mail_from = done.mail_from.value_or("");
  out.text = report::verify_text(done, request.options.checks);
  out.json = verify::explain::to_json(done, {.checks = request.options.checks, .indent = 2});
  return out;
}

}  // namespace ruaudit::jobs
