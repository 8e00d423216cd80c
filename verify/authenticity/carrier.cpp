#include "verify/authenticity/carrier.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "model/ascii.hpp"
#include "verify/authres/authres.hpp"
#include "verify/dmarc/author_domain.hpp"

namespace ruaudit::verify::authenticity {
namespace {

constexpr std::size_t max_statements = 50;  // of each kind

std::optional<model::Domain> parsed(std::string_view text) {
  if (text.empty()) return std::nullopt;
  auto domain = model::Domain::parse(text);
  return domain ? std::optional(std::move(*domain)) : std::nullopt;
}

std::optional<model::Domain> author_of(const message::Message& message) {
  std::vector<std::string_view> values;
  for (const auto position : message.positions("From")) values.push_back(message.fields()[position].value);
  const auto authors = dmarc::find_authors(values);
  if (authors.status != dmarc::AuthorStatus::one_domain) return std::nullopt;
  return authors.domains.front();
}

Obstacle obstacle_of(dkim::Reason reason) {
  if (reason == dkim::Reason::no_key || reason == dkim::Reason::key_revoked) return Obstacle::key_gone;
  return reason == dkim::Reason::dns_failure ? Obstacle::dns_failure : Obstacle::broken;
}

void add_signatures(const dkim::Verification& dkim, Admitted admitted, Carrier& carrier) {
  for (const auto& one : dkim.signatures) {
    const auto& signature = one.signature;
    const std::string name = "the signature of " + signature.domain + ", selector " + signature.selector;
    const bool passes = one.result == model::DkimResult::pass && !one.is_legacy;
    if (passes && admitted == Admitted::dkim && signature.body_length) {
      carrier.gaps.push_back({signature.ascii_domain, Obstacle::broken, name + ": l= limits what it signs"});
      continue;
    }
    // What only a legacy option made pass proves nothing. RFC 8301 section 3
    if (passes && signature.ascii_domain)
      carrier.proofs.push_back({*signature.ascii_domain, Means::dkim, name + ", verifies"});
    else
      carrier.gaps.push_back({signature.ascii_domain, obstacle_of(one.reason), name + ": " + one.text});
  }
}

bool lets_everyone_send(const spf::CheckResult& spf) {
  return spf.decided_by &&
         (ascii::equal_folded(spf.decided_by->term, "all") || ascii::equal_folded(spf.decided_by->term, "+all"));
}

void add_spf(const spf::CheckResult& spf, const evaluate::MessageEvaluation& evaluation, Carrier& carrier) {
  auto domain = parsed(spf.domain);
  const std::string client = evaluation.ip ? evaluation.ip->to_string() : "the client";
  const std::string who = spf.domain + (spf.is_null_sender ? " (HELO of a null sender)" : " (envelope sender)");
  if (spf.result == model::SpfResult::temperror)
    carrier.gaps.push_back({domain, Obstacle::dns_failure, "SPF of " + who + ": " + spf.reason});
  if (spf.result != model::SpfResult::pass || !domain || lets_everyone_send(spf)) return;
  carrier.proofs.push_back({std::move(*domain), Means::spf, client + " may send for " + who});
}

// A name that is trusted covers the names below it, as in trace::Trust.
bool is_trusted_name(std::string_view name, const trace::Trust& trust) {
  const auto domain = parsed(name);
  return std::any_of(trust.hosts.begin(), trust.hosts.end(), [&](const std::string& host) {
    if (ascii::equal_folded(name, host)) return true;
    const auto trusted = parsed(host);
    return domain && trusted && domain->is_at_or_below(*trusted);
  });
}

std::string_view domain_part(std::string_view value) {
  const auto at = value.rfind('@');
  return at == std::string_view::npos ? value : value.substr(at + 1);
}

// The domain that a passing result is about (RFC 8601 section 2.7).
std::string_view proved_domain(const authres::MethodResult& result) {
  const auto property = [&](std::string_view type, std::string_view name) -> std::string_view {
    const auto* value = authres::find_property(result, type, name);
    return value == nullptr ? std::string_view{} : domain_part(*value);
  };
  if (result.method == "dmarc") return property("header", "from");
  if (result.method == "dkim") {
    const auto domain = property("header", "d");
    return domain.empty() ? property("header", "i") : domain;
  }
  if (result.method != "spf") return {};
  const auto sender = property("smtp", "mailfrom");
  return sender.empty() ? property("smtp", "helo") : sender;
}

// A property that is there twice with two values: one of them may be the sender's.
bool contradicts_itself(const authres::MethodResult& result) {
  for (const auto& one : result.properties)
    for (const auto& other : result.properties)
      if (one.ptype == other.ptype && one.name == other.name && one.value != other.value) return true;
  return false;
}

// What servers have said something of: their name and the method.
using Spoken = std::set<std::pair<std::string, std::string>>;

// RFC 8601 section 7.1: only what the server itself found proves something, not what it repeats of the sender's words.
// Section 2.5: what has another version may mean something else. `above`: of what the same server speaks in a field
// further up, that counts; a field of its name below may have come with the mail.
void add_results(const authres::AuthenticationResults& results, Means means, Admitted admitted, const Spoken& above,
                 Carrier& carrier) {
  if (!results.defects.empty() || results.version != 1) return;
  for (const auto& result : results.results) {
    if (result.version != 1 || above.contains({ascii::lower(results.authserv_id), result.method})) continue;
    if (result.result != "pass" || carrier.proofs.size() >= max_statements || contradicts_itself(result)) continue;
    if (admitted == Admitted::dkim && result.method != "dkim") continue;
    auto domain = parsed(proved_domain(result));
    if (!domain) continue;
    std::string text = results.authserv_id + " says " + result.method + "=pass for " + domain->text();
    carrier.proofs.push_back({std::move(*domain), means, std::move(text)});
  }
}

// What a server repeats of the envelope cannot end a comment or a result.
bool is_plain(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '(' || c == ')' || c == ';' || c == '\\' ||
           c == 0x7f;
  });
}

// Fields below the border may be anybody's (RFC 8601 section 5): what stands above it is trusted, and what stands
// between it and the next Received, where some servers write their results, both where a trusted host is named. A
// server of that name takes such fields off that are not its own; no server writes a Received in the sender's name.
void add_authentication_results(const message::Message& message, const evaluate::MessageEvaluation& evaluation,
                                const trace::Trust& trust, Admitted admitted, Carrier& carrier) {
  if (!is_plain(evaluation.mail_from.value_or("")) || !is_plain(evaluation.helo)) return;
  const std::size_t border = evaluation.facts.border.value_or(message.fields().size());
  Spoken above;
  for (std::size_t i = 0; i < message.fields().size(); ++i) {
    const auto& field = message.fields()[i];
    if (i > border && ascii::equal_folded(field.name, "Received")) return;
    if (!ascii::equal_folded(field.name, "Authentication-Results")) continue;
    const auto results = authres::parse(field.value);
    if (!is_trusted_name(results.authserv_id, trust)) continue;
    add_results(results, Means::authentication_results, admitted, above, carrier);
    for (const auto& result : results.results) above.emplace(ascii::lower(results.authserv_id), result.method);
  }
}

void add_chain(const arc::Chain& chain, const trace::Trust& trust, Admitted admitted, Carrier& carrier) {
  if (chain.result != arc::ChainResult::pass || chain.sets.empty()) return;
  const arc::Set& outermost = chain.sets.back();
  if (!is_trusted_name(outermost.domain, trust)) return;
  auto results = authres::parse(outermost.authentication_results);
  results.authserv_id = outermost.domain + " (ARC)";
  add_results(results, Means::arc, admitted, {}, carrier);
}

}  // namespace

Carrier examine(const message::Message& message, const evaluate::MessageEvaluation& evaluation,
                const trace::Trust& trust, Admitted admitted) {
  Carrier carrier;
  carrier.author = author_of(message);
  if (evaluation.dkim) add_signatures(*evaluation.dkim, admitted, carrier);
  // Below a hop that knows every client by an internal address, the client may be the sender's invention.
  const bool is_client_sure = evaluation.given.ip || !evaluation.facts.is_by_inner_client;
  if (evaluation.spf && is_client_sure && admitted == Admitted::all) add_spf(*evaluation.spf, evaluation, carrier);
  if (trust.hosts.empty()) return carrier;
  add_authentication_results(message, evaluation, trust, admitted, carrier);
  if (evaluation.arc) add_chain(*evaluation.arc, trust, admitted, carrier);
  return carrier;
}

}  // namespace ruaudit::verify::authenticity
