#include "parser/failure/arf.hpp"

#include <algorithm>

#include "mail/mail_date.hpp"
#include "model/ascii.hpp"
#include "parser/aggregate_values.hpp"
#include "parser/failure/mail_path.hpp"
#include "parser/failure/values.hpp"
#include "parser/field_block.hpp"

namespace ruaudit::parser {
namespace {

using model::FailureClaims;

constexpr auto npos = std::string_view::npos;

struct Field {
  FailureClaims& claims;
  std::string_view text;
  FailureNotes& notes;
};
// False: the field was there before and may not be repeated.
using Setter = bool (*)(const Field&);

template <std::optional<std::string> FailureClaims::*Member>
bool set_text(const Field& f) {
  auto& member = f.claims.*Member;
  if (member) return false;
  member = std::string(f.text);
  return true;
}

// A value that has a meaning without the comments beside it. RFC 6591 section 4
template <std::optional<std::string> FailureClaims::*Member>
bool set_plain(const Field& f) {
  auto& member = f.claims.*Member;
  if (member) return false;
  member = without_comments(f.text);
  if (*member != f.text) f.notes.add("failure-field-comment", f.text);
  return true;
}

// RFC 6591 section 3.2.4: the canonicalized header and body are base64.
template <std::optional<std::string> FailureClaims::*Member>
bool set_octets(const Field& f) {
  auto& member = f.claims.*Member;
  if (member) return false;
  auto decoded = decode_base64(f.text);
  member = std::move(decoded.octets);
  if (!member)
    f.notes.add("failure-bad-base64", f.text);
  else if (decoded.has_others)
    f.notes.add("failure-base64-others", f.text);
  return true;
}

template <std::optional<model::ClaimedRecord> FailureClaims::*Member>
bool set_record(const Field& f) {
  auto& member = f.claims.*Member;
  if (member) return false;
  member = parse_claimed_record(f.text);
  if (member->content.empty()) f.notes.add("failure-bad-record", f.text);
  return true;
}

bool set_feedback_type(const Field& f) {
  if (!f.claims.feedback_type.empty()) return false;
  f.claims.feedback_type = f.text;
  return true;
}

// RFC 6591 section 3.3: comments may say more of the failure.
bool add_auth_failure(const Field& f) {
  const std::string plain = without_comments(f.text);
  std::string_view rest = plain;
  if (plain != f.text) f.notes.add("failure-field-comment", f.text);
  while (!rest.empty() && f.claims.auth_failures.size() < 20) {
    const auto comma = rest.find(',');
    const auto word = trimmed(rest.substr(0, comma));
    rest = comma == npos ? std::string_view() : rest.substr(comma + 1);
    if (word.empty()) continue;
    f.claims.auth_failures.push_back({parse_auth_failure(word), std::string(word)});
    if (f.claims.auth_failures.back().type == model::AuthFailure::unknown) f.notes.add("failure-unknown-word", f.text);
  }
  return true;
}

bool set_delivery_result(const Field& f) {
  if (f.claims.delivery_result) return false;
  f.claims.delivery_result = parse_delivery_result(f.text);
  f.claims.raw_delivery_result = f.text;
  if (*f.claims.delivery_result == model::DeliveryResult::unknown) f.notes.add("failure-unknown-word", f.text);
  return true;
}

bool add_authentication_results(const Field& f) {
  f.claims.authentication_results.emplace_back(f.text);
  return true;
}

bool add_spf_dns(const Field& f) {
  f.claims.spf_dns.push_back(parse_claimed_record(f.text));
  if (f.claims.spf_dns.back().content.empty()) f.notes.add("failure-bad-record", f.text);
  return true;
}

std::string take_path(const Field& f) {
  auto path = mail_path(f.text);
  if (path.has_more) f.notes.add("failure-path-more", f.text);
  return std::move(path.address);
}

bool set_mail_from(const Field& f) {
  if (f.claims.original_mail_from) return false;
  f.claims.original_mail_from = take_path(f);
  return true;
}

// RFC 5965 section 3.3: one field for each recipient.
bool add_rcpt_to(const Field& f) {
  f.claims.original_rcpt_to.push_back(take_path(f));
  return true;
}

bool set_arrival(const Field& f) {
  if (f.claims.raw_arrival_date) return false;
  f.claims.raw_arrival_date = std::string(f.text);
  f.claims.arrival_date = model::parse_mail_date(f.text);
  if (!f.claims.arrival_date) f.notes.add("failure-date-unreadable", f.text);
  return true;
}

bool set_source_ip(const Field& f) {
  if (f.claims.raw_source_ip) return false;
  f.claims.raw_source_ip = std::string(f.text);
  const auto address = parse_source_ip(f.text);
  f.claims.source_ip = address.value ? address.value : address_in(f.text);
  if (!address.value && f.claims.source_ip)
    f.notes.add("source-ip-normalised", f.text);
  else if (!address.defect.empty())
    f.notes.add(address.defect, f.text);
  return true;
}

bool set_source_port(const Field& f) {
  if (f.claims.source_port) return false;
  const auto port = parse_number(without_comments(f.text), 65535);
  if (port) f.claims.source_port = static_cast<std::uint16_t>(*port);
  if (!port) f.notes.add("failure-bad-port", f.text);
  return true;
}

bool add_reported_domain(const Field& f) {
  if (f.text.empty()) return true;  // as good as missing
  std::string domain;
  const auto code = parse_domain(without_comments(f.text), domain);
  if (!code.empty()) f.notes.add(code, f.text);
  f.claims.reported_domains.push_back(std::move(domain));
  return true;
}

bool add_reported_uri(const Field& f) {
  f.claims.reported_uris.emplace_back(f.text);
  return true;
}

// RFC 5965 section 3.2: how many similar incidents the report stands for; at least one.
bool set_incidents(const Field& f) {
  if (f.claims.incidents) return false;
  const auto count = parse_number(without_comments(f.text), model::max_incidents);
  if (count && *count > 0)
    f.claims.incidents = count;
  else
    f.notes.add("failure-bad-incidents", f.text);
  return true;
}

struct Row {
  std::string_view name;
  Setter set;
};
constexpr Row rows[] = {
    {"feedback-type", set_feedback_type},
    {"version", set_text<&FailureClaims::version>},
    {"user-agent", set_text<&FailureClaims::user_agent>},
    {"auth-failure", add_auth_failure},
    {"identity-alignment", set_text<&FailureClaims::identity_alignment>},
    {"delivery-result", set_delivery_result},
    {"authentication-results", add_authentication_results},
    {"spf-dns", add_spf_dns},
    {"dkim-domain", set_plain<&FailureClaims::dkim_domain>},
    {"dkim-identity", set_plain<&FailureClaims::dkim_identity>},
    {"dkim-selector", set_plain<&FailureClaims::dkim_selector>},
    {"dkim-selector-dns", set_record<&FailureClaims::dkim_selector_dns>},
    {"dkim-adsp-dns", set_record<&FailureClaims::dkim_adsp_dns>},
    {"dkim-canonicalized-header", set_octets<&FailureClaims::dkim_canonicalized_header>},
    {"dkim-canonicalized-body", set_octets<&FailureClaims::dkim_canonicalized_body>},
    {"original-envelope-id", set_text<&FailureClaims::original_envelope_id>},
    {"original-mail-from", set_mail_from},
    {"original-rcpt-to", add_rcpt_to},
    {"arrival-date", set_arrival},
    {"received-date", set_arrival},  // its name before RFC 5965
    {"source-ip", set_source_ip},
    {"source-port", set_source_port},
    {"reported-domain", add_reported_domain},
    {"reported-uri", add_reported_uri},
    {"incidents", set_incidents},
    {"reporting-mta", set_text<&FailureClaims::reporting_mta>},
};

const Row* row_of(std::string_view name) {
  const auto* const found = std::find_if(std::begin(rows), std::end(rows),
                                         [&](const Row& row) { return ascii::equal_folded(row.name, name); });
  return found == std::end(rows) ? nullptr : found;
}

bool is_canonical(std::string_view name) {
  return ascii::equal_folded(name, "dkim-canonicalized-header") || ascii::equal_folded(name, "dkim-canonicalized-body");
}

// The last empty line before offset ends there.
std::size_t block_begin(std::string_view text, std::size_t offset) {
  std::size_t begin = offset;
  while (begin > 0) {
    const auto before = begin < 2 ? npos : text.rfind('\n', begin - 2);
    const auto line_begin = before == npos ? 0 : before + 1;
    if (field_name_size(text.substr(line_begin, begin - line_begin)) == 0 && text[line_begin] != ' ' &&
        text[line_begin] != '\t')
      break;
    begin = line_begin;
  }
  return begin;
}

std::size_t known_fields(std::string_view block) {
  FieldBlockReader reader(block);
  std::size_t known = 0;
  for (int i = 0; i < 64; ++i) {
    const auto field = reader.next();
    if (!field) break;
    known += row_of(field->name) != nullptr ? 1U : 0U;
  }
  return known;
}

std::optional<std::size_t> find_block(std::string_view text) {
  const auto first = text.find_first_not_of("\r\n\t ");
  for (std::size_t at = 0, tries = 0; at < text.size() && tries < 64; ++tries) {
    const auto found = find_folded(text.substr(at), "feedback-type");
    if (found == npos) return std::nullopt;
    at += found;
    const bool is_field = (at == first || text[at - 1] == '\n') && field_name_size(text.substr(at, 80)) == 13;
    if (is_field) {
      const auto begin = block_begin(text, at);
      if (begin <= first || known_fields(text.substr(begin)) >= 3) return begin <= first ? first : begin;
    }
    at += 13;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> find_feedback_block(std::string_view text, std::size_t limit) {
  text = text.substr(0, limit);
  std::size_t marks = 0;
  while (text.substr(marks).starts_with(order_mark)) marks += order_mark.size();
  const auto found = find_block(text.substr(marks));
  return found ? std::optional(marks + *found) : std::nullopt;
}

void set_claim(FailureClaims& claims, std::string_view name, std::string_view text, FailureNotes& notes) {
  const Row* row = row_of(name);
  if (row != nullptr && row->set({claims, text, notes})) return;
  if (row != nullptr) notes.add("failure-field-repeated", std::string(name) + ": " + std::string(text));
  claims.other_fields.push_back({std::string(name), std::string(text)});
}

std::size_t read_feedback(std::string_view text, const FailureLimits& limits, FailureClaims& claims,
                          FailureNotes& notes) {
  FieldBlockReader reader(text);
  std::size_t fields = 0;
  while (const auto field = reader.next()) {
    if (++fields == limits.fields + 1) notes.add("failure-too-many-fields", field->name, field->line);
    if (fields > limits.fields) continue;  // to the end of the block: what follows it may be the sample
    const auto limit = is_canonical(field->name) ? limits.canonical_bytes : limits.field_bytes;
    const FieldText value = field_text(field->value, limit);
    if (value.is_cut) notes.add("failure-field-too-long", field->name, field->line);
    if (value.is_invalid) notes.add("failure-field-not-text", field->name, field->line);
    if (field->name.empty())
      notes.add("failure-stray-line", value.text, field->line);
    else
      set_claim(claims, field->name, value.text, notes);
  }
  return reader.position();
}

void note_missing_claims(const FailureClaims& claims, FailureNotes& notes) {
  const bool is_dmarc = std::any_of(claims.auth_failures.begin(), claims.auth_failures.end(),
                                    [](const auto& claim) { return claim.type == model::AuthFailure::dmarc; });
  struct Expected {
    std::string_view name;
    bool is_there;
  };
  const Expected expected[] = {{"Feedback-Type", !claims.feedback_type.empty()},
                               {"User-Agent", claims.user_agent.has_value()},
                               {"Version", claims.version.has_value()},
                               {"Auth-Failure", !claims.auth_failures.empty()},
                               {"Authentication-Results", !claims.authentication_results.empty()},
                               {"Original-Mail-From", claims.original_mail_from.has_value()},
                               {"Source-IP", claims.raw_source_ip.has_value()},
                               {"Arrival-Date", claims.raw_arrival_date.has_value()},
                               {"Reported-Domain", !claims.reported_domains.empty()},
                               {"Identity-Alignment", !is_dmarc || claims.identity_alignment.has_value()}};
  for (const auto& one : expected)
    if (!one.is_there) notes.add("failure-field-missing", one.name);
}

}  // namespace ruaudit::parser
