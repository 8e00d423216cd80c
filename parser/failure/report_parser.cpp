#include "parser/failure/report_parser.hpp"

#include <algorithm>

#include "mail/mail_date.hpp"
#include "model/ascii.hpp"
#include "model/domain.hpp"
#include "parser/aggregate_values.hpp"
#include "parser/failure/arf.hpp"
#include "parser/failure/parts.hpp"
#include "parser/failure/prose.hpp"
#include "parser/failure/redaction.hpp"
#include "parser/failure/values.hpp"
#include "parser/field_block.hpp"

namespace ruaudit::parser {
namespace {

using model::FailureContainer;
using model::FailureDialect;
using model::FailureKind;
using model::FailureReport;

model::FailureReporter reporter_of(const FailureMail& mail) {
  model::FailureReporter reporter{.from = std::string(header_value(mail, "From")),
                                  .address = {},
                                  .domain = {},
                                  .subject = std::string(header_value(mail, "Subject")),
                                  .message_id = std::string(header_value(mail, "Message-ID")),
                                  .date = std::string(header_value(mail, "Date")),
                                  .date_epoch = {}};
  reporter.address = first_address(reporter.from);
  if (const auto at = reporter.address.rfind('@'); at != std::string::npos)
    if (const auto domain = model::Domain::parse(reporter.address.substr(at + 1))) reporter.domain = domain->text();
  reporter.date_epoch = model::parse_mail_date(reporter.date);
  return reporter;
}

struct ProsePlace {
  std::size_t part = 0;
  Prose prose;
};

bool is_text(const FailurePart& part) {
  return part.media_type.empty() || part.media_type.starts_with("text/") ||
         part.media_type == "application/octet-stream";
}

// The first part that speaks one of the known sentences; plain text before HTML, which repeats it.
std::optional<ProsePlace> find_prose(const FailureMail& mail, const FailureLimits& limits, FailureNotes& notes) {
  for (const bool wants_html : {false, true})
    for (std::size_t i = 0; i < mail.parts.size(); ++i) {
      const auto& part = mail.parts[i];
      const bool is_html = part.media_type == "text/html";
      if (is_html != wants_html || !is_text(part) || is_headers_type(part.media_type)) continue;
      const auto text = is_html ? text_of_html(std::string_view(part.octets).substr(0, limits.prose_bytes)) : "";
      auto prose = read_prose(is_html ? std::string_view(text) : part.octets, limits, notes);
      if (prose.sentence == Sentence::none) continue;
      if (is_html) notes.add("failure-prose-html", "read without its tags");
      return ProsePlace{i, std::move(prose)};
    }
  return std::nullopt;
}

// The producer, by what it alone writes; FailureDialect::unknown for prose without such a mark.
FailureDialect dialect_of(const FailureReport& report) {
  const auto& claims = report.claims;
  const std::string agent = ascii::lower(claims.user_agent.value_or(""));
  const auto has = [](std::string_view text, std::string_view word) {
    return find_folded(text, word) != std::string::npos;
  };
  const std::string& domain = report.reporter.domain;
  if (agent.starts_with("ntesdmarc") || has(report.reporter.subject, "[netease dmarc")) return FailureDialect::netease;
  if (agent.starts_with("opendmarc")) return FailureDialect::opendmarc;
  if (domain == "linkedin.com" || domain.ends_with(".linkedin.com")) return FailureDialect::linkedin;
  if (has(claims.raw_delivery_result, "smg-")) return FailureDialect::symantec;
  return claims.feedback_type.empty() ? FailureDialect::unknown : FailureDialect::standard;
}

FailureContainer container_of(const FailureMail& mail, const FeedbackPlace& place) {
  if (mail.header.empty()) return FailureContainer::bare;
  if (!place.is_declared) return FailureContainer::sniffed;
  return mail.media_type == "multipart/report" ? FailureContainer::multipart_report : FailureContainer::repacked;
}

class Reading {
 public:
  Reading(const FailureMail& mail, const FailureLimits& limits)
      : mail_(mail), limits_(limits), notes_(std::max<std::size_t>(limits.defects, 1)) {
    for (const auto& defect : mail.defects) notes_.add(defect);
    report_.reporter = reporter_of(mail);
  }

  FailureReport run() {
    const auto feedback = find_feedback(mail_, limits_, notes_);
    const bool is_declared = feedback && feedback->is_declared;
    auto prose = find_prose(mail_, limits_, notes_);
    if (!is_declared && is_bounce(mail_))
      read_status();
    else if (!is_declared && is_answer(feedback, prose))
      report_.kind = FailureKind::auto_reply;
    else if (feedback)
      read_arf(*feedback, prose);
    else if (prose)
      read_sentences(*prose);
    else
      notes_.add("failure-no-report", "neither a feedback report nor a known sentence");
    return finish();
  }

 private:
  // Gateways send their reports as answers to the mail that they report, with Auto-Submitted: auto-replied and perhaps
  // In-Reply-To; such a report opens its text. An answer that quotes a report has words or marks of its own in front.
  [[nodiscard]] bool is_answer(const std::optional<FeedbackPlace>& feedback,
                               const std::optional<ProsePlace>& prose) const {
    if (!is_machine_made(mail_)) return false;
    if (is_titled_as_answer(mail_) || (!feedback && !prose)) return true;
    const bool opens_text =
        feedback ? trimmed(std::string_view(mail_.parts[feedback->part].octets).substr(0, feedback->offset)).empty()
                 : prose->prose.opens_text && !prose->prose.is_quoted;
    return is_in_answer(mail_) && !opens_text;
  }

  void read_arf(const FeedbackPlace& place, const std::optional<ProsePlace>& prose) {
    const std::string_view text = mail_.parts[place.part].octets;
    report_.container = container_of(mail_, place);
    const auto before = trimmed(text.substr(0, place.offset));
    if (place.is_declared && !before.empty() && before != order_mark) notes_.add("failure-stray-line", before, 1);
    const auto end = place.offset + read_feedback(text.substr(place.offset), limits_, report_.claims, notes_);
    report_.kind = parse_feedback_type(report_.claims.feedback_type);
    if (report_.kind == FailureKind::unknown) {
      notes_.add("failure-feedback-type", report_.claims.feedback_type);
      // RFC 6591 section 3.2.1: only reports of an authentication failure have this field.
      if (!report_.claims.auth_failures.empty()) report_.kind = FailureKind::auth_failure;
    }
    if (report_.container == FailureContainer::sniffed)
      notes_.add("failure-report-mislabelled", mail_.parts[place.part].media_type);
    if (report_.container == FailureContainer::repacked) notes_.add("failure-report-repacked", mail_.media_type);
    take_sample(place.part, text.substr(std::min(end, text.size())));
    if (prose) fill_from(prose->prose);
  }

  void read_sentences(const ProsePlace& place) {
    const Prose& prose = place.prose;
    report_.container = mail_.header.empty() ? FailureContainer::bare : FailureContainer::prose;
    report_.kind = prose.is_about_authentication ? FailureKind::auth_failure : FailureKind::abuse;
    if (prose.is_quoted) notes_.add("failure-prose-quoted", "read without its quoting marks");
    if (prose.sentence == Sentence::message_claiming) {
      set_prose_claims(prose, report_.claims, notes_);
      report_.dialect = FailureDialect::exim;
      report_.claims.auth_failures.push_back({model::AuthFailure::dmarc, "DMARC"});
    }
    fill_from(prose);
    if (prose.sample.empty()) return take_sample(place.part, {});
    report_.sample = {prose.sample, extent_of(prose.sample), "text/plain", {}};
  }

  // From the part meant for it, else from what follows the fields in the same part.
  void take_sample(std::size_t report_part, std::string_view rest) {
    if (const auto part = find_sample(mail_, report_part, notes_)) {
      report_.sample = sample_of(mail_.parts[*part], notes_);
    } else if (looks_like_mail(rest)) {
      report_.sample = {std::string(rest.substr(rest.find_first_not_of("\r\n"))), extent_of(rest), "text/plain", {}};
      notes_.add("failure-sample-inline", "behind the fields of the report");
    } else {
      notes_.add("failure-no-sample", "no message and no header is attached");
    }
  }

  // What only the sentence says: source and arrival.
  void fill_from(const Prose& prose) {
    auto& claims = report_.claims;
    if (!claims.raw_source_ip && !prose.source_ip.empty()) {
      set_claim(claims, "Source-IP", prose.source_ip, notes_);
      notes_.add("failure-source-ip-from-text", prose.source_ip);
    }
    if (!claims.raw_arrival_date && !prose.arrival_date.empty()) {
      set_claim(claims, "Arrival-Date", prose.arrival_date, notes_);
      notes_.add("failure-arrival-from-text", prose.arrival_date);
    }
    if (prose.sentence == Sentence::report_for_message)
      claims.other_fields.insert(claims.other_fields.end(), prose.fields.begin(), prose.fields.end());
  }

  // The fields of a delivery status are kept as they are; nothing of them is a claim about authentication.
  void read_status() {
    report_.kind = FailureKind::bounce;
    report_.container = FailureContainer::multipart_report;
    for (const auto& part : mail_.parts) {
      if (part.media_type != "message/delivery-status") continue;
      std::string_view rest = part.octets;
      while (!rest.empty() && report_.claims.other_fields.size() < limits_.fields) {
        FieldBlockReader reader(rest);
        while (const auto field = reader.next())
          if (!field->name.empty() && report_.claims.other_fields.size() < limits_.fields)
            report_.claims.other_fields.push_back(
                {std::string(field->name), field_text(field->value, limits_.field_bytes).text});
        rest.remove_prefix(reader.position());
      }
    }
  }

  FailureReport finish() {
    if (report_.dialect == FailureDialect::unknown) report_.dialect = dialect_of(report_);
    if (report_.kind == FailureKind::auth_failure) note_missing_claims(report_.claims, notes_);
    report_.redactions = find_redactions(report_.claims, report_.sample);
    report_.defects = notes_.take();
    return std::move(report_);
  }

  const FailureMail& mail_;
  const FailureLimits& limits_;
  FailureNotes notes_;
  FailureReport report_;
};

}  // namespace

FailureReport parse_failure_report(const FailureMail& mail, const FailureLimits& limits) {
  return Reading(mail, limits).run();
}

}  // namespace ruaudit::parser
