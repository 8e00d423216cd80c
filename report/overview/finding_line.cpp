#include "report/overview/finding_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/calendar.hpp"
#include "report/safe_text.hpp"
#include "report/text_layout.hpp"
#include "report/tls_scope.hpp"

namespace ruaudit::report {
namespace {

using K = model::FindingKind;

// {0} subject, {1} day, {2} messages, {3} selector; `many` stands before a list of subjects.
struct LineWords {
  K kind;
  std::string_view one, many;
};
constexpr LineWords line_words[] = {
    {K::dkim_broken, "DKIM of {0}{3} fails since {1}, {2}", "DKIM fails"},
    {K::spf_broken, "SPF of {0} fails since {1}, {2}", "SPF fails"},
    {K::sender_unaligned, "{0} sends in your name and passes neither SPF nor DKIM, {2} since {1}", "pass by neither"},
    {K::new_sender, "{0} is new since {1}, {2}", "New senders"},
    {K::unknown_steady, "{0} is unknown and sends steadily, {2} since {1}", "Unknown, steady"},
    {K::spoofing_wave, "Spoofing wave since {1}, {2}", "Spoofing waves"},
    {K::subdomain_abuse, "Wave in the name of subdomains that do not exist, since {1}, {2}", "Waves on subdomains"},
    {K::parked_abuse, "Wave in the name of a parked domain since {1}, {2}", "Waves on parked domains"},
    {K::sender_gone, "{0} has sent nothing since {1}", "No longer send"},
    {K::volume_jump, "{0} sent several times the usual amount on {1}, {2}", "Several times the usual amount"},
    {K::reporter_silent, "{0} silent since {1}", "Reporters silent"},
    {K::reporter_back, "{0} reports again since {1}", "Report again"},
    {K::policy_changed, "The DMARC policy changed on {1}", "DMARC policy changed"},
    {K::record_changed, "The {0} record changed on {1}", "Records changed"},
    {K::record_broken, "The {0} record is broken since {1}", "Records broken"},
    {K::own_mail_harmed, "{0}: {2} in spam or rejected since {1}", "In spam or rejected"},
    {K::forged_reports, "Forged report in the name of {0}, {1}, claims {2}", "Forged reports"},
    {K::report_conflict, "Two versions of a report of {0}, {1}", "Two versions of a report"},
    {K::forwarding, "New forwarder {0} since {1}, {2}", "New forwarders"},
    {K::input_rejected, "A report could not be read, {1}", "Reports that could not be read"},
    {K::mailbox_trouble, "No reports have come in since {1}", "Mailboxes in trouble"},
    {K::tls_failing, "TLS of mail to {0} fails since {1}", "TLS fails"},
    {K::tls_reporter_silent, "{0} has sent no TLS reports since {1}", "TLS reporters silent"}};

// One mailbox that cannot be read; of the others reports may come.
constexpr std::string_view one_mailbox_line = "The mailbox {0} cannot be read since {1}";
// Where one sender alone has it; where nobody reports any more, and where others still do.
constexpr std::string_view lone_sender_line = "TLS of mail from {0} fails since {1}";
constexpr std::string_view nobody_line = "No TLS reports on {0} have come in since {1}";
constexpr std::string_view some_silent_line = "Some senders of TLS reports on {0} are silent since {1}";

const LineWords* words_for(K kind) {
  const auto* at = std::find_if(std::begin(line_words), std::end(line_words),
                                [kind](const LineWords& words) { return words.kind == kind; });
  return at == std::end(line_words) ? nullptr : at;
}

std::string upper_case(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

bool is_broken_mechanism(K kind) { return kind == K::dkim_broken || kind == K::spf_broken; }

// Kinds that say different things of different subjects.
std::string_view kind_line(const model::Finding& finding, const LineWords& words) {
  if (finding.kind == K::mailbox_trouble && !finding.subject.service.empty()) return one_mailbox_line;
  const auto scope = tls_scope_of(finding);
  if (finding.kind == K::tls_failing && scope == TlsScope::sender) return lone_sender_line;
  if (finding.kind != K::tls_reporter_silent || scope == TlsScope::sender) return words.one;
  return scope == TlsScope::domain ? nobody_line : some_silent_line;
}

// What the words of the kind leave out: the type of the failure, that the other mechanism saves the mail, and the
// record to blame.
std::string supplement(const model::Finding& finding) {
  std::string text;
  if (const auto type = tls_result_of(finding); !type.empty()) return fmt::format(": {}", type);
  if (is_broken_mechanism(finding.kind) && finding.severity == model::Severity::ask)
    text += fmt::format("; only {} still holds", finding.kind == K::dkim_broken ? "SPF" : "DKIM");
  if (!finding.cause || finding.severity < model::Severity::ask || finding.kind == K::record_broken) return text;
  const auto& cause = *finding.cause;
  const auto what = cause.record == model::CauseRecord::spf ? "the SPF record of " + cause.name : cause.name;
  text +=
      fmt::format("; {} {}", what,
                  cause.change == model::RecordChange::broken ? std::string("is broken")
                                                              : fmt::format("was {}", model::to_text(cause.change)));
  return text;
}

}  // namespace

std::string short_day(std::int32_t day, std::int64_t now) {
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string text = model::day_text(std::int64_t{day} * model::seconds_per_day);
  const auto month = static_cast<std::size_t>((text[5] - '0') * 10 + (text[6] - '0') - 1);
  std::string out = fmt::format("{} {}", text[8] == '0' ? text.substr(9) : text.substr(8), months.at(month));
  return text.substr(0, 4) == model::day_text(now).substr(0, 4) ? out : out + " " + text.substr(0, 4);
}

std::string_view kind_in_words(K kind) {
  const auto* words = words_for(kind);
  return words == nullptr ? model::to_text(kind) : words->many;
}

constexpr std::size_t most_named = 10;  // that a finding names: there may be more (model/finding.hpp)

std::string finding_subject(const model::Finding& finding) {
  const auto& subject = finding.subject;
  const bool is_own = subject.service == "own server";
  std::string text;
  if (!subject.reporter.empty())
    text = subject.reporter;
  else if (!subject.service.empty() && !is_own)
    text = subject.service;
  else if (!subject.sources.empty())
    text = fmt::format("{}{}{}", is_own ? "your server " : "", subject.sources.front(),
                       subject.sources.size() == 1
                           ? std::string()
                           : fmt::format(" and {}{} more", subject.sources.size() == most_named ? "at least " : "",
                                         subject.sources.size() - 1));
  else if (!subject.mechanism.empty() && subject.mechanism != "tls")
    text = upper_case(subject.mechanism);
  else if (subject.mechanism == "tls" && tls_scope_of(finding) == TlsScope::further_domains)
    text = "further domains";
  else
    text = finding.domain;
  return harmless(text);
}

std::string finding_line(const model::Finding& finding, std::int64_t now) {
  const auto day = finding.since ? short_day(*finding.since, now) : std::string("a day unknown");
  const auto messages = count_text(finding.messages, "message");
  const auto selector =
      finding.subject.selector.empty() ? std::string() : fmt::format(" (selector {})", finding.subject.selector);
  const auto subject = finding_subject(finding);
  const auto* words = words_for(finding.kind);
  if (words == nullptr) {
    std::string kind(model::to_text(finding.kind));
    std::replace(kind.begin(), kind.end(), '_', ' ');
    return harmless(fmt::format("{}: {} since {}, {}", subject, kind, day, messages));
  }
  const auto text = fmt::format(fmt::runtime(kind_line(finding, *words)), subject, day, messages, selector);
  return harmless(text + supplement(finding));
}

std::string cut_between_words(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    const auto longer = out + (out.empty() ? "" : " ") + std::string(text.substr(at, end - at));
    if (!out.empty() && display_width(longer) + 4 > width) break;
    out = longer;
    at = end + 1;
  }
  return out + " ...";
}

}  // namespace ruaudit::report
