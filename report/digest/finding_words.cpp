#include <algorithm>
#include <iterator>

#include "model/ascii.hpp"
#include "report/digest/outline.hpp"
#include "report/tls_scope.hpp"

namespace ruaudit::report {
namespace {

// Seen by xgettext.
constexpr std::string_view mark(std::string_view text) { return text; }

struct KindWords {
  model::FindingKind kind;
  std::string_view text;  // {} is whom or what it is about; of a wave nobody
};
using K = model::FindingKind;
constexpr KindWords kind_words[] = {
    {K::dkim_broken, mark("{}: DKIM no longer passes")},
    {K::spf_broken, mark("{}: SPF no longer passes")},
    {K::sender_unaligned, mark("{}: passes neither SPF nor DKIM")},
    {K::new_sender, mark("{}: a new sender")},
    {K::unknown_steady, mark("{}: unknown, and sends steadily")},
    {K::spoofing_wave, mark("Strangers send much mail in the name of the domain")},
    {K::subdomain_abuse, mark("Strangers send in the name of subdomains that do not exist")},
    {K::parked_abuse, mark("Strangers send in the name of a parked domain")},
    {K::sender_gone, mark("{}: no longer sends")},
    {K::volume_jump, mark("{}: sent several times the usual amount")},
    {K::reporter_silent, mark("{}: no longer sends reports")},
    {K::reporter_back, mark("{}: sends reports again")},
    {K::policy_changed, mark("The DMARC policy changed")},
    {K::record_changed, mark("The {} record changed")},
    {K::record_broken, mark("The {} record is broken")},
    {K::own_mail_harmed, mark("{}: quarantined or rejected since the policy was raised")},
    {K::forged_reports, mark("{}: a forged report in its name")},
    {K::report_conflict, mark("{}: two versions of one report")},
    {K::forwarding, mark("{}: a new forwarder")},
    {K::input_rejected, mark("A report could not be read")},
    {K::mailbox_trouble, mark("The mailbox for reports: none arrive")},
    {K::tls_failing, mark("{}: encrypted delivery fails")},
    {K::tls_reporter_silent, mark("{}: no TLS reports any more")}};

// One mailbox that cannot be read; of the others reports may come.
constexpr std::string_view one_mailbox = mark("{}: the mailbox cannot be read");
// Others still report.
constexpr std::string_view some_silent = mark("{}: some senders of TLS reports are silent");

std::string_view words_of(const model::Finding& finding) {
  if (finding.kind == K::mailbox_trouble && !finding.subject.service.empty()) return one_mailbox;
  const auto scope = tls_scope_of(finding);
  if (finding.kind == K::tls_reporter_silent && (scope == TlsScope::several || scope == TlsScope::further_domains))
    return some_silent;
  const auto* words = std::find_if(std::begin(kind_words), std::end(kind_words),
                                   [&](const KindWords& w) { return w.kind == finding.kind; });
  return words == std::end(kind_words) ? model::to_text(finding.kind) : words->text;
}

// Several may fail at once.
std::string tls_result_in(const model::Finding& finding) {
  const std::string type(tls_result_of(finding));
  return type.empty() ? type : " (" + type + ")";
}

constexpr std::ptrdiff_t most_sources = 10;  // that a finding names: there may be more (model/finding.hpp)

// "Zendesk", "own server 192.0.2.10", "203.0.113.7 and 3 other addresses", "SPF", "WEB.DE".
std::string subject_of(const model::Finding& finding, const Language& language) {
  const auto& subject = finding.subject;
  if (!subject.reporter.empty()) return subject.reporter + tls_result_in(finding);
  const bool is_own = subject.service == "own server";
  if (!subject.service.empty() && !is_own) return subject.service;
  if (subject.sources.empty() && subject.mechanism == "tls")
    return tls_scope_of(finding) == TlsScope::further_domains ? language.translate("further domains")
                                                              : finding.domain + tls_result_in(finding);
  if (subject.sources.empty()) return ascii::upper(subject.mechanism);
  std::string name = subject.sources.front();
  if (is_own) name = language.fill("own server {}", {name});
  const auto more = std::ssize(subject.sources) - 1;
  if (more == 0) return name;
  if (more + 1 == most_sources)
    return language.say(
        model::say_count("{1} and at least {0} other address", "{1} and at least {0} other addresses", more, name));
  return language.say(model::say_count("{1} and {0} other address", "{1} and {0} other addresses", more, name));
}

}  // namespace

std::string severity_words(model::Severity severity, const Language& language) {
  switch (severity) {
    case model::Severity::fix:
      return language.translate("fix");
    case model::Severity::ask:
      return language.translate("decide");
    case model::Severity::watch:
      return language.translate("watch");
    case model::Severity::info:
      break;
  }
  return language.translate("note");
}

std::string finding_headline(const model::Finding& finding, const Language& language) {
  const std::string line = language.fill(words_of(finding), {subject_of(finding, language)});
  const std::string since = finding.since ? language.date(*finding.since) : std::string();
  if (finding.messages == 0) {
    if (since.empty()) return line;
    return finding.is_said_once ? line + ", " + since : language.fill("{}, since {}", {line, since});
  }
  const std::string messages = language.translate_n("{} message", "{} messages", finding.messages);
  if (since.empty()) return line + ", " + messages;
  return language.fill("{}, {} since {}", {line, messages, since});
}

}  // namespace ruaudit::report
