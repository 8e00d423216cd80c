#include "parser/failure/parts.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "model/ascii.hpp"
#include "model/bounce_words.hpp"
#include "model/mbox_line.hpp"
#include "parser/aggregate_values.hpp"
#include "parser/failure/arf.hpp"
#include "parser/field_block.hpp"

namespace ruaudit::parser {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](auto one) { return ascii::equal_folded(one, word); });
}

bool is_feedback_type(std::string_view media_type) {
  return is_one_of(media_type, {"message/feedback-report", "message/x-feedback-report"});
}

bool may_hide_feedback(const FailurePart& part) {
  return !is_sample_type(part.media_type) && !is_headers_type(part.media_type) &&
         !part.media_type.starts_with("image/") && part.media_type != "message/delivery-status";
}

// Of the chosen one's kind: headers beside a message are most likely its own.
std::size_t count_others(const FailureMail& mail, std::size_t chosen) {
  const auto is_wanted = is_headers_type(mail.parts[chosen].media_type) ? is_headers_type : is_sample_type;
  std::size_t count = 0;
  for (std::size_t i = 0; i < mail.parts.size(); ++i)
    count += i != chosen && is_wanted(mail.parts[i].media_type) ? 1U : 0U;
  return count;
}

std::string without_blanks(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out),
               [](char c) { return c != ' ' && c != '\t' && c != '\r' && c != '\n'; });
  return out;
}

// SHA-256 of the empty body, simple and relaxed (RFC 6376 sections 3.4.3 and 3.4.4); under l= it tells nothing.
bool signs_empty_body(std::string_view signature) {
  static constexpr std::array<std::string_view, 2> hashes = {"bh=frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=",
                                                             "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="};
  const std::string value = without_blanks(signature);
  const bool has_length = value.starts_with("l=") || value.find(";l=") != npos;
  return !has_length && std::any_of(hashes.begin(), hashes.end(), [&](auto hash) { return value.find(hash) != npos; });
}

// The mail was signed, and nowhere with a body: none is missing from the sample.
bool is_signed_empty(std::string_view octets) {
  FieldBlockReader reader(octets.substr(std::min(octets.find_first_not_of("\r\n"), octets.size())));
  bool is_signed = false;
  while (const auto field = reader.next()) {
    if (!ascii::equal_folded(field->name, "dkim-signature")) continue;
    if (!signs_empty_body(field->value)) return false;
    is_signed = true;
  }
  return is_signed;
}

bool has_delivery_status(const FailurePart& part) {
  if (part.media_type == "message/delivery-status") return true;
  if (!may_hide_feedback(part)) return false;
  if (model::starts_as_qmail_bounce(part.octets)) return true;
  FieldBlockReader reader(std::string_view(part.octets).substr(0, 4096));
  const auto first = reader.next();
  return first && is_one_of(first->name, {"reporting-mta", "final-recipient", "original-envelope-id"}) &&
         find_folded(std::string_view(part.octets).substr(0, 16UL * 1024), "final-recipient:") != npos;
}

}  // namespace

bool is_sample_type(std::string_view media_type) { return is_one_of(media_type, {"message/rfc822", "message/global"}); }

bool is_headers_type(std::string_view media_type) {
  return is_one_of(media_type,
                   {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers", "text/rfc822-header"});
}

bool looks_like_mail(std::string_view text) {
  if (model::starts_with_mbox_line(text)) text.remove_prefix(std::min(text.find('\n'), text.size()));
  const auto begin = text.find_first_not_of("\r\n");
  if (begin == npos) return false;
  FieldBlockReader reader(text.substr(begin, 64UL * 1024));
  int known = 0;
  for (int i = 0; i < 100; ++i) {
    const auto field = reader.next();
    if (!field) break;
    if (field->name.empty() && i == 0) return false;
    known += is_one_of(field->name, {"received", "from", "to", "subject", "date", "message-id", "return-path",
                                     "dkim-signature", "mime-version", "content-type"})
                 ? 1
                 : 0;
  }
  return known >= 2;
}

std::string_view header_value(const FailureMail& mail, std::string_view name) {
  for (const auto& field : mail.header)
    if (ascii::equal_folded(field.name, name)) return field.value;
  return {};
}

std::optional<FeedbackPlace> find_feedback(const FailureMail& mail, const FailureLimits& limits, FailureNotes& notes) {
  std::optional<FeedbackPlace> best;
  for (std::size_t i = 0; i < mail.parts.size(); ++i) {
    const auto& part = mail.parts[i];
    const bool is_declared = is_feedback_type(part.media_type);
    if (!is_declared && !may_hide_feedback(part)) continue;
    const auto offset = find_feedback_block(part.octets, limits.prose_bytes);
    if (!offset && !is_declared) continue;
    if (best) notes.add("failure-feedback-repeated", part.octets);
    if (!best || (is_declared && !best->is_declared)) best = FeedbackPlace{i, offset.value_or(0), is_declared};
  }
  return best;
}

std::optional<std::size_t> find_sample(const FailureMail& mail, std::optional<std::size_t> report_part,
                                       FailureNotes& notes) {
  const auto first_where = [&](auto is_wanted) -> std::optional<std::size_t> {
    const std::size_t from = report_part.value_or(0);
    for (std::size_t step = 0; step < mail.parts.size(); ++step) {  // after the report first, then before it
      const std::size_t i = (from + step) % mail.parts.size();
      if (i != report_part && is_wanted(mail.parts[i])) return i;
    }
    return std::nullopt;
  };
  auto found = first_where([](const auto& part) { return is_sample_type(part.media_type); });
  if (!found) found = first_where([](const auto& part) { return is_headers_type(part.media_type); });
  if (!found) found = first_where([](const auto& part) { return looks_like_mail(part.octets); });
  if (!found) return std::nullopt;
  if (const auto others = count_others(mail, *found); others > 0)
    notes.add("failure-more-samples", std::to_string(others) + " further message parts are not read");
  return found;
}

model::SampleExtent extent_of(std::string_view octets) {
  const auto begin = octets.find_first_not_of("\r\n \t");
  if (begin == npos) return model::SampleExtent::none;
  auto end = octets.find("\n\n", begin);
  end = std::min(end, octets.find("\n\r\n", begin));
  const bool has_body = end != npos && octets.find_first_not_of("\r\n \t", end) != npos;
  return has_body ? model::SampleExtent::full : model::SampleExtent::headers;
}

model::FailureSample sample_of(const FailurePart& part, FailureNotes& notes) {
  model::FailureSample sample{.octets = part.octets,
                              .extent = extent_of(part.octets),
                              .media_type = part.media_type,
                              .transfer_encoding = part.transfer_encoding};
  if (sample.extent == model::SampleExtent::headers && !is_headers_type(part.media_type) &&
      is_signed_empty(part.octets))
    sample.extent = model::SampleExtent::full;
  if (sample.extent == model::SampleExtent::none) {
    notes.add("failure-sample-empty", part.media_type);
  } else if (is_headers_type(part.media_type) && sample.extent == model::SampleExtent::full) {
    notes.add("failure-sample-has-body", part.media_type);
  } else if (is_sample_type(part.media_type) && sample.extent == model::SampleExtent::headers) {
    notes.add("failure-sample-no-body", part.media_type);
  }
  if (!is_sample_type(part.media_type) && !is_headers_type(part.media_type))
    notes.add("failure-sample-mislabelled", part.media_type);
  return sample;
}

bool is_bounce(const FailureMail& mail) {
  if (mail.report_type == "delivery-status" || mail.report_type == "disposition-notification") return true;
  if (!header_value(mail, "X-Failed-Recipients").empty()) return true;
  return std::any_of(mail.parts.begin(), mail.parts.end(), has_delivery_status);
}

bool is_machine_made(const FailureMail& mail) {
  return find_folded(header_value(mail, "Auto-Submitted"), "auto-replied") != npos ||
         !header_value(mail, "X-Autoreply").empty() ||
         ascii::equal_folded(header_value(mail, "Precedence"), "auto_reply");
}

bool is_titled_as_answer(const FailureMail& mail) {
  static constexpr std::array<std::string_view, 13> openings = {
      "re:",
      "aw:",
      "sv:",
      "auto:",
      "auto reply",
      "autoreply",
      "auto-reply",
      "automat",  // Automatic reply, Automatische Antwort, Automatisch antwoord
      "out of office",
      "abwesenheit",
      "r\xC3\xA9ponse automatique",
      "respuesta autom",
      "risposta automatica"};
  const auto subject = header_value(mail, "Subject");
  return std::any_of(openings.begin(), openings.end(),
                     [&](auto word) { return ascii::equal_folded(subject.substr(0, word.size()), word); });
}

bool is_in_answer(const FailureMail& mail) {
  return !header_value(mail, "In-Reply-To").empty() || !header_value(mail, "References").empty();
}

}  // namespace ruaudit::parser
