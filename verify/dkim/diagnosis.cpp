#include "verify/dkim/diagnosis.hpp"

#include <algorithm>

#include "model/ascii.hpp"
#include "verify/dkim/canonical.hpp"
#include "verify/dkim/header_input.hpp"

namespace ruaudit::verify::dkim {
namespace {

using model::DkimResult;

constexpr std::size_t max_notes = 20;

std::string times(std::size_t count) { return count == 1 ? "once" : std::to_string(count) + " times"; }

std::string text_of(const FieldNote& note) {
  if (note.present == 0) return note.name + " is absent";
  if (note.present > note.listed)
    return note.name + " is signed " + times(note.listed) + " but occurs " + times(note.present);
  return note.name + " is signed " + times(note.listed) + " and occurs only " + times(note.present);
}

std::string text_of(const std::vector<FieldNote>& notes) {
  std::string out;
  for (const FieldNote& note : notes) out += (out.empty() ? " (" : "; ") + text_of(note);
  return out.empty() ? "; every signed field is present" : out + ")";
}

// RFC 6376 section 8.2: what l= leaves open is told.
void conclude_pass(SignatureResult& out) {
  out.result = DkimResult::pass;
  out.reason = Reason::ok;
  if (out.unsigned_octets > 0)
    out.text = "l= leaves the last " + std::to_string(out.unsigned_octets) + " octets of the body unsigned";
}

void conclude_body_changed(SignatureResult& out, const message::Message& message, const Options& options) {
  out.reason = Reason::body_changed;
  out.text = "the header signature verifies, but the body was changed after signing";
  const Signature& s = out.signature;
  if (!s.body_length)
    out.added_text =
        find_added_text(message.body(), {s.body, s.hash, std::nullopt}, s.body_hash, options.max_searched_lines);
  if (out.added_text)
    out.text = "the header signature verifies and so does the body without its last " +
               std::to_string(out.added_text->octets) + " octets (from line " + std::to_string(out.added_text->line) +
               " on): content was added below, as a mailing list's footer";
}

void conclude_header_changed(SignatureResult& out, const message::Message& message) {
  out.field_notes = count_fields(message, out.signature, out.field);
  const bool is_body_known = out.body_hash_matches.has_value();
  const bool is_body_changed = is_body_known && !*out.body_hash_matches;
  out.reason = is_body_changed ? Reason::body_and_header_changed : Reason::header_changed;
  out.text = is_body_changed ? "neither the body hash nor the header signature verifies"
             : is_body_known ? "the body is as signed, but the header signature does not verify"
                             : "the header signature does not verify";
  out.text += text_of(out.field_notes);
}

}  // namespace

// RFC 6376 section 8.15: fields added to a signed mail are named.
std::vector<FieldNote> count_fields(const message::Message& message, const Signature& signature, std::size_t own) {
  std::vector<std::string> names;
  for (const std::string& name : signature.signed_fields) names.push_back(ascii::lower(name));
  std::ranges::sort(names);
  std::vector<FieldNote> notes;
  for (std::size_t i = 0; i < names.size() && notes.size() < max_notes;) {
    std::size_t end = i;
    while (end < names.size() && names[end] == names[i]) ++end;
    const auto positions = message.positions(names[i]);
    const bool has_own = std::ranges::binary_search(positions, own);
    const FieldNote note{names[i], end - i, positions.size() - (has_own ? 1 : 0)};
    if (note.listed != note.present) notes.push_back(note);
    i = end;
  }
  return notes;
}

std::string draft_input(const message::Message& message, const Signature& signature, std::size_t own) {
  std::string out;
  for (const std::size_t i : select_fields(message, signature.signed_fields, own))
    append_field(out, message.fields()[i], signature.header);
  out.append("\r\n");
  std::string body = canonical_body(message.body(), signature.body);
  if (signature.body_length && *signature.body_length < body.size())
    body.resize(static_cast<std::size_t>(*signature.body_length));
  out.append(body).append("\r\n");
  append_own_field(out, message.fields()[own], signature.header, {signature.b_begin, signature.b_end});
  return out;
}

void conclude(SignatureResult& out, const message::Message& message, const Options& options) {
  out.result = DkimResult::fail;
  const bool is_header_good = out.header_verifies.value_or(false);
  if (!is_header_good) {
    conclude_header_changed(out, message);
  } else if (options.body == BodyPart::missing) {
    out.result = DkimResult::neutral;
    out.reason = Reason::body_missing;
    out.text = "the header signature verifies; the body is not available, so its hash could not be checked";
  } else if (out.body_hash_matches.value_or(!out.signature.has_body_hash)) {
    conclude_pass(out);
  } else {
    conclude_body_changed(out, message, options);
  }
}

}  // namespace ruaudit::verify::dkim
