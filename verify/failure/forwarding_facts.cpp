#include "verify/failure/forwarding_facts.hpp"

#include <algorithm>

#include "verify/authres/authres.hpp"

namespace ruaudit::verify::failure {
namespace {

constexpr std::size_t max_name = 200;

std::string domain_of(std::string_view address) {
  const auto at = address.rfind('@');
  std::string domain(at == std::string_view::npos ? address : address.substr(at + 1));
  while (!domain.empty() && (domain.back() == '>' || domain.back() == '"')) domain.pop_back();
  return domain;
}

// "dkim=pass header.d=", "dmarc=pass header.from=", "spf=pass smtp.mailfrom=" for the author's domain.
bool tells_author_passed(const authres::MethodResult& result, const IsOfAuthor& is_of_author) {
  if (result.result != "pass") return false;
  const struct {
    std::string_view method, ptype, name;
  } table[] = {
      {"dkim", "header", "d"}, {"dkim", "header", "i"}, {"dmarc", "header", "from"}, {"spf", "smtp", "mailfrom"}};
  return std::any_of(std::begin(table), std::end(table), [&](const auto& row) {
    if (result.method != row.method) return false;
    const auto* value = authres::find_property(result, row.ptype, row.name);
    return value != nullptr && is_of_author(domain_of(*value));
  });
}

void add_arc(ForwardingFacts& out, const arc::Chain& chain, const IsOfAuthor& is_of_author) {
  if (chain.sets.empty()) return;
  out.arc_passes = chain.result == arc::ChainResult::pass;
  out.arc_sealer = chain.sets.back().domain;
  for (const auto& set : chain.sets)
    for (const auto& result : authres::parse(set.authentication_results).results)
      out.arc_tells_author_passed |= tells_author_passed(result, is_of_author);
}

// What stands in the last angle brackets of List-Id: a name in the form of a domain. RFC 2919 section 2
std::string list_id(std::string_view value) {
  const auto open = value.rfind('<');
  const auto close = open == std::string_view::npos ? open : value.find('>', open);
  if (close == std::string_view::npos || close == open + 1) return "List-Id";
  const auto name = value.substr(open + 1, close - open - 1);
  return name.find('@') == std::string_view::npos ? std::string(name.substr(0, max_name)) : "List-Id";
}

std::string list_of(const message::Message& message) {
  if (const auto* field = message.first("List-Id")) return list_id(field->value);
  for (const char* name : {"List-Post", "List-Archive", "Mailing-List", "X-BeenThere", "X-Mailman-Version"})
    if (message.first(name) != nullptr) return name;
  return "";
}

bool is_vouched_for(const evaluate::MessageEvaluation& evaluation, const IsOfAuthor& is_of_author) {
  if (evaluation.spf && evaluation.spf->result == model::SpfResult::pass && !is_of_author(evaluation.spf->domain))
    return true;
  if (!evaluation.dkim) return false;
  const auto& signatures = evaluation.dkim->signatures;
  return std::any_of(signatures.begin(), signatures.end(), [&](const dkim::SignatureResult& one) {
    return one.result == model::DkimResult::pass && !is_of_author(one.signature.domain);
  });
}

}  // namespace

ForwardingFacts forwarding_facts(const message::Message& message, const evaluate::MessageEvaluation& evaluation,
                                 const IsOfAuthor& is_of_author) {
  ForwardingFacts out;
  const auto& rewrite = evaluation.rewrite;
  if (rewrite.scheme == srs::Scheme::srs0 || rewrite.scheme == srs::Scheme::srs1) {
    out.srs_forwarder = rewrite.forwarder;
    out.srs_is_of_author = !rewrite.domain.empty() && is_of_author(rewrite.domain);
    out.srs_passes_spf = evaluation.spf && evaluation.spf->result == model::SpfResult::pass;
  }
  if (evaluation.arc) add_arc(out, *evaluation.arc, is_of_author);
  out.list = list_of(message);
  out.is_list_vouched_for = !out.list.empty() && is_vouched_for(evaluation, is_of_author);
  return out;
}

}  // namespace ruaudit::verify::failure
