#include "assess/pattern.hpp"

#include <algorithm>

#include "assess/domain_text.hpp"

namespace ruaudit::assess {
namespace {

using model::AlignedResult;
using model::DkimResult;
using model::OverrideType;
using model::SpfResult;
using model::SpfScope;

// What a receiver found aligned is the owner's, also where the policy domain lies below the signing domain.
bool is_own(std::string_view domain, const model::AuthPattern& pattern, std::span<const std::string> owner_domains) {
  if (owner_of(domain, owner_domains)) return true;
  return domain.find('.') != std::string_view::npos && is_at_or_below(pattern.header_from, domain);
}

void take_signatures(PatternView& view, const model::AuthPattern& pattern, std::span<const std::string> owners) {
  for (const auto& signature : pattern.signatures) {
    const bool has_passed = signature.result == DkimResult::pass;
    const bool is_ours = is_own(signature.domain, pattern, owners);
    if (is_ours && has_passed && view.dkim_aligned) {
      view.own_pass.push_back({signature.domain, signature.selector});
    } else if (is_ours && !has_passed) {
      view.own_fail.push_back({signature.domain, signature.selector});
      view.has_clear_failure = view.has_clear_failure || signature.result == DkimResult::fail;
    } else if (!is_ours && has_passed) {
      view.foreign_pass.push_back(signature.domain);
    }
  }
}

void take_envelope(PatternView& view, const model::AuthPattern& pattern, std::span<const std::string> owners) {
  for (const auto& spf : pattern.spf_results) {
    if (spf.scope == SpfScope::helo) continue;
    // Without an SPF record, too, somebody else's return path is one.
    view.has_foreign_path = view.has_foreign_path || (!spf.domain.empty() && !is_own(spf.domain, pattern, owners));
    if (view.envelope.empty() && spf.result != SpfResult::none) view.envelope = spf.domain;
    if (spf.result == SpfResult::pass && !is_own(spf.domain, pattern, owners)) view.spf_pass = spf.domain;
  }
  if (pattern.envelope_from) view.envelope = domain_of_address(*pattern.envelope_from);
  view.is_envelope_own = !view.envelope.empty() && is_own(view.envelope, pattern, owners);
}

std::string text_of(const PatternView& view) {
  std::string text = "dkim ";
  if (!view.own_pass.empty())
    text += view.own_pass.front().domain + '/' + view.own_pass.front().selector + " pass";
  else if (view.dkim_aligned)
    text += "aligned pass";
  else if (!view.own_fail.empty())
    text += view.own_fail.front().domain + '/' + view.own_fail.front().selector + " fail";
  else
    text += "none";
  if (!view.foreign_pass.empty()) text += ", also " + view.foreign_pass.front() + " pass";
  text += ", envelope " + (view.envelope.empty() ? std::string("empty") : view.envelope);
  if (view.spf_aligned || !view.spf_pass.empty()) return text + " pass";
  return text + " no pass";
}

}  // namespace

PatternView view_of(const model::AuthPattern& pattern, std::span<const std::string> owner_domains) {
  PatternView view;
  view.dkim_aligned = pattern.dkim == AlignedResult::pass;
  view.spf_aligned = pattern.spf == AlignedResult::pass;
  take_signatures(view, pattern, owner_domains);
  take_envelope(view, pattern, owner_domains);
  for (const auto type : pattern.overrides) {
    view.is_marked_list = view.is_marked_list || type == OverrideType::mailing_list;
    view.is_marked_forwarded =
        view.is_marked_forwarded || type == OverrideType::forwarded || type == OverrideType::trusted_forwarder;
  }
  view.text = text_of(view);
  return view;
}

}  // namespace ruaudit::assess
