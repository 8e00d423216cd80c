#include "verify/explain/authres_value.hpp"

namespace ruaudit::verify::explain {
namespace {

using authres::MethodResult;

template <class E>
MethodResult method(std::string name, E result) {
  return {.method = std::move(name), .result = std::string(model::to_text(result))};
}

void add(MethodResult& result, std::string ptype, std::string name, const std::string& value) {
  if (!value.empty()) result.properties.push_back({std::move(ptype), std::move(name), value});
}

// RFC 8601 section 2.7.2. What was not checked has no result, not even none (RFC 7208 section 2.6.1).
MethodResult spf_method(const evaluate::MessageEvaluation& done) {
  MethodResult out = method("spf", done.spf->result);
  const bool is_own_policy = done.spf->policy != spf::PolicySource::published;  // then the reason names it
  if (done.spf->result != model::SpfResult::pass || is_own_policy) out.reason = done.spf->reason;
  if (done.mail_from) add(out, "smtp", "mailfrom", *done.mail_from);
  if (done.spf->is_null_sender) add(out, "smtp", "helo", done.helo);
  return out;
}

// RFC 8601 section 2.7.1; header.s and header.b: RFC 6008
MethodResult dkim_method(const dkim::SignatureResult& one) {
  MethodResult out = method("dkim", one.result);
  if (one.result != model::DkimResult::pass) out.reason = one.text;
  add(out, "header", "d", one.signature.domain);
  add(out, "header", "i", one.signature.identity);
  add(out, "header", "s", one.signature.selector);
  add(out, "header", "b", one.signature.signature_text.substr(0, 8));
  return out;
}

MethodResult arc_method(const arc::Chain& chain) {
  MethodResult out = method("arc", chain.result);
  if (chain.result == arc::ChainResult::fail) out.reason = chain.text;
  if (chain.oldest_pass) add(out, "header", "oldest-pass", std::to_string(*chain.oldest_pass));  // RFC 8617 10.2
  return out;
}

MethodResult dmarc_method(const dmarc::Evaluation& judged) {
  MethodResult out = method("dmarc", judged.result);
  if (judged.author_domain) add(out, "header", "from", judged.author_domain->text());
  // RFC 9989 section 9.1: the policy applied or to be applied, after its options; with an error none is (5.3.6).
  const bool is_decided = judged.result == dmarc::DmarcResult::pass || judged.result == dmarc::DmarcResult::fail;
  if (is_decided && judged.policy_after_options)
    add(out, "policy", "dmarc", std::string(model::to_text(*judged.policy_after_options)));
  return out;
}

}  // namespace

authres::AuthenticationResults authentication_results(const evaluate::MessageEvaluation& done,
                                                      const evaluate::Checks& checks, const std::string& authserv_id) {
  authres::AuthenticationResults out{.authserv_id = authserv_id};
  if (checks.spf && done.spf) out.results.push_back(spf_method(done));
  if (checks.dkim && done.dkim) {
    for (const auto& one : done.dkim->signatures) out.results.push_back(dkim_method(one));
    if (done.dkim->signatures.empty()) out.results.push_back(method("dkim", model::DkimResult::none));
  }
  if (checks.arc && done.arc) out.results.push_back(arc_method(*done.arc));
  if (checks.dmarc && done.dmarc && done.dmarc->result != dmarc::DmarcResult::undecided)
    out.results.push_back(dmarc_method(*done.dmarc));
  out.is_none = out.results.empty();
  return out;
}

}  // namespace ruaudit::verify::explain
