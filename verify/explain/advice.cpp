#include "verify/explain/advice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/ascii.hpp"

namespace ruaudit::verify::explain {
namespace {

using dmarc::DmarcResult;
using evaluate::MessageEvaluation;

std::string author_of(const dmarc::Evaluation& done) {
  return done.author_domain ? done.author_domain->text() : std::string("the From domain");
}

std::string consequence(const dmarc::Evaluation& done) {
  if (!done.policy_domain) return "";
  if (done.applied == model::Policy::none)
    return fmt::format(" The policy of {} is none: receivers deliver it all the same.", done.policy_domain->text());
  return fmt::format(" The policy of {} asks receivers to {} it.", done.policy_domain->text(),
                     model::to_text(done.applied));
}

std::string verdict_of(const dmarc::Evaluation& done) {
  switch (done.result) {
    case DmarcResult::pass:
      return fmt::format("This mail PASSES DMARC for {}.", author_of(done));
    case DmarcResult::fail:
      return fmt::format("This mail FAILS DMARC for {}.{}", author_of(done), consequence(done));
    case DmarcResult::none:
      return fmt::format("DMARC does not apply: {} has no DMARC policy.", author_of(done));
    case DmarcResult::temperror:
      return fmt::format("DMARC could not be judged for {} now: DNS did not answer (temperror).", author_of(done));
    case DmarcResult::undecided:
      return fmt::format("DMARC could not be judged for {}: SPF was not checked, and no signature decides (undecided).",
                         author_of(done));
    case DmarcResult::permerror:
      break;
  }
  return "DMARC cannot be judged: the mail or the policy is faulty (permerror).";
}

// ---- why

std::string why_identifier(const dmarc::IdentifierAlignment& one, const std::string& author) {
  const std::string name = one.mechanism == dmarc::Mechanism::spf
                               ? "SPF " + one.result + " for " + one.domain
                               : "DKIM " + one.result + " for d=" + one.domain + " s=" + one.selector;
  const bool is_aligned = one.alignment == model::Alignment::aligned;
  if (one.is_authenticated && is_aligned) return fmt::format("{}, aligned with {}.", name, author);
  if (one.is_authenticated) return fmt::format("{}, but not aligned with {}: {}.", name, author, one.explanation);
  return fmt::format("{}{}.", name,
                     is_aligned ? ", though it would be aligned" : ", and not aligned with " + author + " either");
}

std::vector<std::string> why_of(const MessageEvaluation& done, const dmarc::Evaluation& judged) {
  std::vector<std::string> why;
  for (const auto& reason : judged.reasons)
    if (judged.result != DmarcResult::fail || !reason.code.ends_with("-not-aligned"))
      if (!reason.code.ends_with("-not-authenticated") && reason.code != "spf-not-checked")
        why.push_back(reason.text + ".");
  constexpr std::size_t enough = 6;
  for (const auto& one : judged.identifiers)
    if (why.size() < enough) why.push_back(why_identifier(one, author_of(judged)));
  if (!done.spf) why.push_back("SPF was not checked: " + why_no_spf(done) + ".");
  if (done.dkim && done.dkim->signatures.empty()) why.emplace_back("The mail has no DKIM signature.");
  return why;
}

// ---- the one change

bool signs_for(const dkim::SignatureResult& signature, const dmarc::IdentifierAlignment& one) {
  const auto& domain = signature.signature.ascii_domain;
  return signature.signature.selector == one.selector &&
         (domain ? domain->text() : signature.signature.domain) == one.domain;
}

const dkim::SignatureResult* aligned_signature(const MessageEvaluation& done, const dmarc::Evaluation& judged) {
  for (const auto& one : judged.identifiers) {
    if (one.mechanism != dmarc::Mechanism::dkim || one.alignment != model::Alignment::aligned || !done.dkim) continue;
    for (const auto& signature : done.dkim->signatures)
      if (signs_for(signature, one)) return &signature;
  }
  return nullptr;
}

const dmarc::IdentifierAlignment* find(const dmarc::Evaluation& judged, dmarc::Mechanism mechanism, bool is_aligned,
                                       bool is_authenticated) {
  for (const auto& one : judged.identifiers)
    if (one.mechanism == mechanism && one.is_authenticated == is_authenticated &&
        (one.alignment == model::Alignment::aligned) == is_aligned)
      return &one;
  return nullptr;
}

std::string remedy_alignment(const dmarc::Evaluation& judged) {
  const std::string author = author_of(judged);
  if (const auto* dkim = find(judged, dmarc::Mechanism::dkim, false, true))
    return fmt::format(
        "The service that sends for you signs with d={}. Set up DKIM for {} there, so that it signs with d={} "
        "(custom or \"branded\" DKIM in its settings).",
        dkim->domain, author, author);
  if (const auto* spf = find(judged, dmarc::Mechanism::spf, false, true))
    return fmt::format(
        "Align this return path: SPF passed for {}, which is not {}. Use an envelope sender of {}, or sign with "
        "d={}.",
        spf->domain, author, author, author);
  return "";
}

std::string remedy_fail(const MessageEvaluation& done, const dmarc::Evaluation& judged) {
  if (const auto* signature = aligned_signature(done, judged)) {
    if (auto remedy = remedy_signature(*signature); !remedy.empty()) return remedy;
  }
  if (find(judged, dmarc::Mechanism::spf, true, false) != nullptr && done.spf)
    return remedy_spf(done.spf_published ? *done.spf_published : *done.spf, done.ip);
  if (auto remedy = remedy_alignment(judged); !remedy.empty()) return remedy;
  return fmt::format(
      "If this mail is yours: sign it with DKIM, d={} (that survives forwarding, SPF does not). If you do not know "
      "its sender: nothing, the policy does what it is for.",
      author_of(judged));
}

std::string remedy_for_no_spf(const MessageEvaluation& done) {
  if (done.ip) return "Name the envelope sender: --mail-from ADDRESS (\"<>\" for a bounce).";
  const auto& host = done.facts.untrusted_host;
  // Of the mail, and to be typed: nothing but a name.
  if (!model::Domain::parse(host) && !model::IpAddress::parse(host))
    return "Name the client: --ip ADDRESS; or name your own hosts: --trusted-host NAME.";
  return fmt::format("If {} is a host of your side: --trusted-host {}. Else name the client: --ip ADDRESS.", host,
                     host);
}

std::string remedy_of(const MessageEvaluation& done, const dmarc::Evaluation& judged) {
  const std::string author = author_of(judged);
  switch (judged.result) {
    case DmarcResult::pass:
      if (judged.is_dkim_aligned) return "";
      return fmt::format("Nothing for this mail. It rests on SPF alone, which breaks on forwarding: sign with d={}.",
                         author);
    case DmarcResult::fail:
      return remedy_fail(done, judged);
    case DmarcResult::none:
      return fmt::format("Publish a policy: _dmarc.{} TXT \"v=DMARC1; p=none; rua=mailto:dmarc@{}\".", author, author);
    case DmarcResult::temperror:
      return "Try again later; if it stays, fix the name servers of the domain named below.";
    case DmarcResult::undecided:
      return remedy_for_no_spf(done);
    case DmarcResult::permerror:
      break;
  }
  if (judged.authors.status != dmarc::AuthorStatus::one_domain && !done.is_first_field_readable)
    return "The first line is no header field. Give the mail as it was received: as text, in one octet a letter.";
  if (judged.authors.status != dmarc::AuthorStatus::one_domain)
    return "Write exactly one From field with one address in it.";
  return "Correct the DMARC record named below.";
}

std::string bounce_of(const MessageEvaluation& done, const dmarc::Evaluation& judged) {
  if (judged.result != DmarcResult::fail) return "";
  std::string out = "Bounces say: 550 5.7.26 (unauthenticated, DMARC)";
  using model::SpfResult;
  if (done.spf && (done.spf->result == SpfResult::fail || done.spf->result == SpfResult::softfail))
    out += "; 550 5.7.23 (SPF check failed)";
  const auto* signature = aligned_signature(done, judged);
  if (signature == nullptr) return out + (done.dkim && done.dkim->signatures.empty() ? "; 550 5.7.20 (no DKIM)" : "");
  using dkim::Reason;
  if (signature->reason == Reason::body_changed || signature->reason == Reason::body_and_header_changed)
    out += "; 550 5.7.20 (DKIM body hash did not verify)";
  else if (signature->reason == Reason::header_changed)
    out += "; 550 5.7.20 (DKIM bad signature)";
  else if (signature->reason == Reason::no_key)
    out += "; 550 5.7.20 (DKIM: no key for signature)";
  return out;
}

// Without DMARC: what was asked for, in one line.
Advice advise_without_dmarc(const MessageEvaluation& done, bool is_spf_asked) {
  Advice out;
  const auto add = [&](std::string_view name, std::string_view result) {
    out.verdict += fmt::format("{}{} {}", out.verdict.empty() ? "" : ", ", name, ascii::upper(result));
  };
  if (done.spf) add("SPF", model::to_text(done.spf->result));
  if (done.dkim) add("DKIM", model::to_text(done.dkim->summary));
  if (done.arc) add("ARC", model::to_text(done.arc->result));
  out.verdict += out.verdict.empty() ? "Nothing could be checked." : ".";
  if (done.spf) out.remedy = remedy_spf(*done.spf, done.ip);
  if (is_spf_asked && !done.spf) {
    out.why.push_back("SPF was not checked: " + why_no_spf(done) + ".");
    out.remedy = remedy_for_no_spf(done);
  }
  if (done.dkim && out.remedy.empty() && done.dkim->summary != model::DkimResult::pass)
    for (const auto& signature : done.dkim->signatures)
      if (out.remedy.empty()) out.remedy = remedy_signature(signature);
  return out;
}

// ---- DKIM

std::string tell_fields(const dkim::SignatureResult& signature) {
  std::string names;
  for (const auto& note : signature.field_notes) {
    const auto* const verb = note.present < note.listed ? " was removed or was never there" : " was added";
    names += fmt::format("{}{}{}", names.empty() ? "" : ", ", note.name, verb);
  }
  return names.empty() ? "a signed header field was rewritten (often Subject or To)" : "of the signed fields " + names;
}

std::string remedy_change(const dkim::SignatureResult& signature) {
  const std::string domain = signature.signature.domain;
  if (signature.reason == dkim::Reason::header_changed)
    return fmt::format(
        "The header was changed on the way: {} (bad signature). Fix what changes it after d={} signed: sign last, "
        "or leave the field out of h=.",
        tell_fields(signature), domain);
  if (signature.added_text)
    return fmt::format(
        "The mail was changed on the way: {} octets were added below it, from line {} of the body on, as a footer is "
        "(DKIM body hash did not verify). Switch the footer off, or let the list put its own address in From.",
        signature.added_text->octets, signature.added_text->line);
  return fmt::format(
      "The mail was changed on the way after d={} signed it (DKIM body hash did not verify). Find the gateway, "
      "scanner or list that rewrites the body; sign behind it.",
      domain);
}

std::string remedy_key(const dkim::SignatureResult& signature) {
  using dkim::Reason;
  const auto& name = signature.signature.key_name;
  switch (signature.reason) {
    case Reason::no_key:
      return fmt::format("Publish the public key: {} has no TXT record (no key for signature).", name);
    case Reason::key_revoked:
      return fmt::format("The key at {} is revoked (p= is empty). Sign with a selector whose key is published.", name);
    case Reason::dns_failure:
      return fmt::format("DNS did not answer for the key at {}. Try again; fix the name servers if it stays.", name);
    case Reason::weak_key:
      return fmt::format("The RSA key at {} has {} bits. Publish one of 2048 bits and sign with it.", name,
                         signature.key_bits);
    case Reason::key_malformed:
    case Reason::key_hash_not_allowed:
    case Reason::key_type_mismatch:
    case Reason::key_not_for_email:
    case Reason::key_strict_identity:
    case Reason::key_granularity:
    case Reason::key_too_large:
      return fmt::format("Correct the key record at {}: {}.", name, signature.text);
    default:
      return "";
  }
}

// ---- SPF

std::string term_for(const std::optional<model::IpAddress>& client) {
  if (!client) return "the sending host";
  return (client->is_v4() ? "ip4:" : "ip6:") + client->to_string();
}

std::string remedy_spf_problem(const spf::CheckResult& check, const spf::ProblemReport& problem,
                               const std::string& term) {
  using spf::Problem;
  switch (problem.problem) {
    case Problem::no_record:
      return fmt::format("Publish an SPF record: {} TXT \"v=spf1 {} -all\".", check.domain, term);
    case Problem::no_such_domain:
    case Problem::no_domain:
      return fmt::format("Use an envelope sender whose domain exists: {}.", problem.text);
    case Problem::several_records:
      return fmt::format("Leave one SPF record at {}: merge them into one.", problem.domain);
    case Problem::too_many_terms:
    case Problem::too_many_voids:
    case Problem::too_many_mx:
      return fmt::format("Shorten the SPF record of {}: {} (too many DNS lookups).", check.domain, problem.text);
    case Problem::dns_error:
    case Problem::too_slow:
      return fmt::format("Try again later: {}.", problem.text);
    case Problem::syntax:
    case Problem::include_without_record:
    case Problem::redirect_without_record:
      break;
  }
  return fmt::format("Correct the SPF record of {}: {}.", problem.domain, problem.text);
}

}  // namespace

std::string remedy_signature(const dkim::SignatureResult& signature) {
  using dkim::Reason;
  if (signature.result == model::DkimResult::pass && !signature.is_legacy) return "";
  if (auto remedy = remedy_key(signature); !remedy.empty()) return remedy;
  switch (signature.reason) {
    case Reason::body_changed:
    case Reason::body_and_header_changed:
    case Reason::header_changed:
      return remedy_change(signature);
    case Reason::body_length_exceeds:
      return "The body is shorter than was signed (l=): the mail was cut on the way.";
    case Reason::expired:
      return fmt::format("The signature of d={} had expired (x=). Send sooner, or sign for a longer time.",
                         signature.signature.domain);
    case Reason::weak_hash:
      return "Sign with rsa-sha256: receivers do not accept rsa-sha1 any more.";
    case Reason::body_missing:
      return "Give the whole mail: without its body no signature can be verified.";
    case Reason::not_evaluated:
    case Reason::ok:
      return "";
    default:
      return fmt::format("Correct what d={} signs with: {}.", signature.signature.domain, signature.text);
  }
}

std::string remedy_spf(const spf::CheckResult& check, const std::optional<model::IpAddress>& client) {
  if (check.result == model::SpfResult::pass) return "";
  const std::string term = term_for(client);
  if (check.problem) return remedy_spf_problem(check, *check.problem, term);
  return fmt::format(
      "If this server sends for {}: add {} (or the include of its service) to the SPF record of {} (SPF check failed). "
      "If the mail was forwarded, SPF cannot pass: sign with DKIM.",
      check.domain, term, check.domain);
}

std::string why_no_spf(const MessageEvaluation& done) {
  if (!done.ip) return "the address of the client is not known";
  return "the envelope sender is not known";
}

Advice advise(const MessageEvaluation& done, const evaluate::Checks& checks) {
  if (!done.dmarc) return advise_without_dmarc(done, checks.spf);
  const auto& judged = *done.dmarc;
  return {.verdict = verdict_of(judged),
          .why = why_of(done, judged),
          .remedy = remedy_of(done, judged),
          .bounce = bounce_of(done, judged)};
}

}  // namespace ruaudit::verify::explain
