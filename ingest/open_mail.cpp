// Opens one mail: cuts it into parts, finds out whether it is a failure report, and opens every leaf.
#include <algorithm>

#include "ingest/opener_detail.hpp"
#include "ingest/sniff_detail.hpp"
#include "mail/header_field.hpp"
#include "mail/transfer_decode.hpp"
#include "model/ascii.hpp"
#include "model/bounce_words.hpp"

namespace ruaudit::ingest {

namespace {

constexpr std::size_t peek_octets = 4096;
constexpr std::size_t decode_window = 256UL * 1024;

enum class Encoding : std::uint8_t { identity, base64, quoted_printable };

struct PartView {
  const MimePart* part;
  std::string_view body;
  Encoding encoding;
  bool is_mislabelled;  // says base64, but the octets are not
  std::string type;     // declared media type
  std::string name;     // declared file name
};

// Says base64 while the body shows octets that base64 never has.
bool is_raw_body(std::string_view body) {
  const auto head = trimmed(body.substr(0, 256)).substr(0, 64);
  return std::any_of(head.begin(), head.end(), [](char c) {
    return c == '<' || c == '{' || c < 0 || (c < ' ' && c != '\r' && c != '\n' && c != '\t');
  });
}

PartView view_part(const MimePart& part, std::string_view mail) {
  const auto fields = part_fields(part.header.of(mail));
  PartView view{&part, part.body.of(mail), Encoding::identity, false, leading_token(fields.content_type), ""};
  if (contains_folded(fields.transfer_encoding, "base64")) {
    view.is_mislabelled = is_raw_body(view.body);
    if (!view.is_mislabelled) view.encoding = Encoding::base64;
  } else if (contains_folded(fields.transfer_encoding, "quoted-printable")) {
    view.encoding = Encoding::quoted_printable;
  }
  auto name = parameter(fields.disposition, "filename");
  if (!name || name->empty()) name = parameter(fields.content_type, "name");
  view.name = name.value_or("");
  return view;
}

std::string decoded_head(const PartView& view) {
  const auto head = view.body.substr(0, peek_octets);
  if (view.encoding == Encoding::identity) return std::string(head);
  std::string out;
  if (view.encoding == Encoding::base64) {
    Base64Decoder().decode(head, out);
  } else {
    QuotedPrintableDecoder().decode(head, out);
  }
  return out;
}

bool is_obviously_packed(const PartView& view) {
  const auto head = view.body.substr(0, 5);
  return view.encoding == Encoding::base64 && (head.starts_with("H4sI") || head.starts_with("UEsDB"));
}

// What makes a mail a failure report, and which of its parts are then part of that and no reports of their own.
struct FeedbackParts {
  std::optional<PayloadKind> kind;
  std::vector<bool> belongs;
};

// The feedback that one part holds, and whether fields or only sentences say so.
struct PartFeedback {
  Feedback type = Feedback::none;
  bool is_sentence = false;
};
PartFeedback feedback_of(const PartView& view, std::string_view head) {
  const auto type = feedback_type(head);
  if (type != Feedback::none) return {type, false};
  // A report that has lost its Feedback-Type is still one.
  if (view.type == "message/feedback-report") return {Feedback::auth_failure, false};
  return {sniff_header(head) ? Feedback::none : feedback_in_text(head), true};
}

FeedbackParts find_feedback(const std::vector<PartView>& views) {
  FeedbackParts found;
  bool has_fields = false;
  for (const auto& view : views) {
    bool belongs = view.type == "message/rfc822" || view.type == "text/rfc822-headers";
    if (!is_obviously_packed(view)) {
      const std::string octets = decoded_head(view);
      const Thin thin = thinned(octets);
      const std::string_view head = thin.text;
      const auto [type, is_sentence] = belongs ? PartFeedback{} : feedback_of(view, head);
      const bool counts = type != Feedback::none && (!is_sentence || !has_fields);
      // Fields outweigh the sentence in front of them, which many reporters copy from a report of another type.
      const bool is_better = !found.kind || (!is_sentence && !has_fields) || type == Feedback::auth_failure;
      if (counts && is_better)
        found.kind = type == Feedback::auth_failure ? PayloadKind::failure_report : PayloadKind::other_feedback;
      has_fields = has_fields || (counts && !is_sentence);
      belongs = belongs || type != Feedback::none || sniff_header(head) == PayloadKind::mail;
    }
    found.belongs.push_back(belongs);
  }
  return found;
}

// A delivery status notification (RFC 3464), or the older form that only names the addresses in its header. What it
// returns or quotes is not a report to its receiver, unless it carries one under its own type.
bool is_bounce(std::string_view header, const std::vector<PartView>& views) {
  const auto has = [&](auto is_wanted) { return std::any_of(views.begin(), views.end(), is_wanted); };
  if (has([](const PartView& view) { return view.type == "message/feedback-report"; })) return false;
  const auto report = parameter(part_fields(header).content_type, "report-type").value_or("");
  if (ascii::equal_folded(report, "delivery-status")) return true;
  FieldReader reader(header);
  while (const auto field = reader.next())
    if (ascii::equal_folded(field->name, "x-failed-recipients")) return true;
  return has([](const PartView& view) {
    if (view.type == "message/delivery-status") return true;
    if (is_obviously_packed(view)) return false;
    const std::string head = decoded_head(view);
    return sniff_header(head) == PayloadKind::delivery_status || model::starts_as_qmail_bounce(head);
  });
}

template <class Decoder>
void decode_into(Router& router, std::string_view body, const Bytes& mail, std::size_t offset) {
  Decoder decoder;
  std::string block;
  bool more = true;
  for (std::size_t at = 0; more && at < body.size(); at += decode_window) {
    block.clear();
    decoder.decode(body.substr(at, decode_window), block);
    more = block.empty() || router.chunk(block);
    mail.drop_before(offset + at);
  }
  block.clear();
  decoder.finish(block);
  if (more && !block.empty()) router.chunk(block);
}

void open_part(Opener& opener, const Bytes& mail, const PartView& view, Place place) {
  const auto& body = view.part->body;
  if (view.encoding == Encoding::identity) return opener.open(mail.slice(body.begin, body.size()), std::move(place));
  const bool is_base64 = view.encoding == Encoding::base64;
  if (body.size() <= opener.limits().heap_bytes) {
    auto octets = is_base64 ? decoded<Base64Decoder>(view.body) : decoded<QuotedPrintableDecoder>(view.body);
    if (opener.charge(octets.size())) opener.open(Bytes::from_string(std::move(octets)), std::move(place));
    return;
  }
  Router router(opener, std::move(place));
  if (is_base64)
    decode_into<Base64Decoder>(router, view.body, mail, body.begin);
  else
    decode_into<QuotedPrintableDecoder>(router, view.body, mail, body.begin);
  router.finish({}, PayloadKind::mail);
}

Place part_place(const Place& mail_place, const PartView& view) {
  auto step = view.part->number.empty() ? "body" : "part " + view.part->number;
  if (!view.name.empty()) step += "/" + view.name;
  auto place = mail_place.below(step);
  place.name = view.name;
  place.label = view.type;
  place.is_attachment = !view.name.empty();
  if (view.is_mislabelled)
    place.defects.push_back(
        {"transfer-encoding-mismatch", "declared as base64, but the octets are not; used as they are", 0, 0});
  return place;
}

// RFC 2046 section 5.2.2: what a fragment holds is nothing by itself.
model::Error fragment_error() {
  return {"message-partial", "the mail is one of several fragments (message/partial) of a larger one",
          "join the fragments by other means and ingest the whole, or ask the sender not to split it"};
}

// Of a text that is a mail, and not in the octets of one.
std::optional<model::Error> fault_of_octets(std::string_view mail) {
  if (thinned(mail.substr(0, 64)).width > 1)
    return model::Error{"mail-encoding", "the mail is in UTF-16 or UTF-32, not in one octet a letter",
                        "ingest it as it was received, or convert it to UTF-8"};
  if (has_bare_returns(mail))
    return model::Error{"mail-line-ends", "the lines of the mail end in CR alone",
                        "ingest it as it was received, or convert its line ends"};
  return std::nullopt;
}

}  // namespace

void Opener::open_as_mail(const Bytes& mail, const Place& place) {
  if (const auto fault = fault_of_octets(mail.view())) return refuse(place, PayloadKind::mail, *fault);
  if (mail.size() > limits_.message_bytes)
    return refuse(place, PayloadKind::mail,
                  {"message-too-large", "the mail is larger than " + std::to_string(limits_.message_bytes) + " octets",
                   "raise the limit if you trust the sender"});
  const auto cut = split_mail(mail, limits_);
  if (place.nesting == 0 && place.part.empty()) {
    if (result_.kind == ItemKind::file) result_.kind = ItemKind::mail;
    result_.mail = header_values(cut.header.of(mail.view()));
  }
  std::vector<PartView> views;
  views.reserve(cut.parts.size());
  for (const auto& part : cut.parts) views.push_back(view_part(part, mail.view()));
  auto inside = place;
  std::copy(cut.defects.begin(), cut.defects.end(), std::back_inserter(inside.defects));
  inside.is_returned = inside.is_returned || is_bounce(cut.header.of(mail.view()), views);
  const auto feedback = inside.is_returned ? FeedbackParts{} : find_feedback(views);
  if (feedback.kind) {
    Leaf leaf(*this, inside, *feedback.kind);
    feed_all(mail, leaf);
    leaf.end({});
  }
  for (std::size_t i = 0; i < views.size() && !is_over(); ++i) {
    if (feedback.kind && feedback.belongs[i]) continue;
    if (views[i].type == "message/partial")
      refuse(part_place(inside, views[i]), PayloadKind::mail, fragment_error());
    else
      open_part(*this, mail, views[i], part_place(inside, views[i]));
  }
  if (cut.error) refuse(place, PayloadKind::mail, *cut.error);
}

}  // namespace ruaudit::ingest
