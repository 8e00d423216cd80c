#include "verify/failure/claim_facts.hpp"

#include <algorithm>

#include "verify/authres/authres.hpp"

namespace ruaudit::verify::failure {
namespace {

constexpr std::size_t max_fields = 20;

bool is_trouble(std::string_view result) { return result == "temperror" || result == "permerror"; }

void add(ClaimFacts& out, const authres::MethodResult& result) {
  if (result.method == "spf") {
    if (!out.spf) out.spf = authres::spf_result(result);
  } else if (result.method == "dkim") {
    const auto found = authres::dkim_result(result);
    if (!out.dkim || found == model::DkimResult::pass) out.dkim = found;
  } else if (result.method == "dmarc") {
    const auto found = model::parse_enum<dmarc::DmarcResult>(result.result);
    if (!out.dmarc) out.dmarc = found;
  } else {
    return;
  }
  if (is_trouble(result.result)) out.tells_dns_trouble = true;
}

void add(ClaimFacts& out, model::AuthFailure failure) {
  using model::AuthFailure;
  out.failures.push_back(failure);
  if (failure == AuthFailure::revoked) out.tells_dns_trouble = true;
  if (failure == AuthFailure::dmarc && !out.dmarc) out.dmarc = dmarc::DmarcResult::fail;
  const bool is_dkim =
      failure == AuthFailure::signature || failure == AuthFailure::bodyhash || failure == AuthFailure::revoked;
  if (is_dkim && !out.dkim) out.dkim = model::DkimResult::fail;
}

std::string unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '<' && text.back() == '>') text = text.substr(1, text.size() - 2);
  return std::string(text);
}

}  // namespace

ClaimFacts claim_facts(const model::FailureClaims& claims) {
  ClaimFacts out;
  const std::size_t fields = std::min(claims.authentication_results.size(), max_fields);
  for (std::size_t i = 0; i < fields; ++i)
    for (const auto& result : authres::parse(claims.authentication_results[i]).results) add(out, result);
  for (const auto& failure : claims.auth_failures) add(out, failure.type);
  if (out.spf == model::SpfResult::unknown) out.spf.reset();
  if (out.dkim == model::DkimResult::unknown) out.dkim.reset();
  return out;
}

evaluate::Envelope claimed_envelope(const model::FailureClaims& claims) {
  evaluate::Envelope envelope;
  envelope.ip = claims.source_ip;
  if (claims.original_mail_from) envelope.mail_from = unquoted(*claims.original_mail_from);
  return envelope;
}

std::vector<std::string> reporting_hosts(const model::FailureClaims& claims) {
  std::vector<std::string> hosts;
  const std::size_t fields = std::min(claims.authentication_results.size(), max_fields);
  for (std::size_t i = 0; i < fields; ++i) {
    auto id = authres::parse(claims.authentication_results[i]).authserv_id;
    // A word without a dot names no host that the world knows, and would cover too much.
    if (id.find('.') != std::string::npos) hosts.push_back(std::move(id));
  }
  return hosts;
}

std::optional<std::string> mail_from_of_results(const model::FailureClaims& claims) {
  const std::size_t fields = std::min(claims.authentication_results.size(), max_fields);
  for (std::size_t i = 0; i < fields; ++i)
    for (const auto& result : authres::parse(claims.authentication_results[i]).results) {
      if (result.method != "spf") continue;
      const auto* value = authres::find_property(result, "smtp", "mailfrom");
      if (value == nullptr) continue;
      const std::string address = unquoted(*value);
      // RFC 8601 section 2.7.2: the domain alone may stand there.
      return address.empty() || address.find('@') != std::string::npos ? address : "postmaster@" + address;
    }
  return std::nullopt;
}

}  // namespace ruaudit::verify::failure
