#include "ingest/payload.hpp"

#include <algorithm>

#include "ingest/opener_detail.hpp"

namespace ruaudit::ingest {

namespace {

struct Expectation {
  std::string_view label;
  PayloadKind kind;
};
constexpr Expectation types[] = {{"application/zip", PayloadKind::zip},
                                 {"application/x-zip", PayloadKind::zip},
                                 {"application/x-zip-compressed", PayloadKind::zip},
                                 {"application/gzip", PayloadKind::gzip},
                                 {"application/x-gzip", PayloadKind::gzip},
                                 {"application/gunzip", PayloadKind::gzip},
                                 {"application-x-gzip", PayloadKind::gzip},
                                 {"text/xml", PayloadKind::aggregate_xml},
                                 {"application/xml", PayloadKind::aggregate_xml},
                                 {"text/plain", PayloadKind::text},
                                 {"text/html", PayloadKind::html}};
constexpr Expectation endings[] = {
    {".zip", PayloadKind::zip}, {".gz", PayloadKind::gzip}, {".xml", PayloadKind::aggregate_xml}};

std::optional<PayloadKind> expected_by_type(std::string_view label) {
  for (const auto& row : types)
    if (row.label == label) return row.kind;
  return std::nullopt;
}

std::optional<PayloadKind> expected_by_name(std::string_view name) {
  for (const auto& row : endings)
    if (name.ends_with(row.label)) return row.kind;
  return std::nullopt;
}

bool is_packed_or_report(PayloadKind kind) {
  return kind == PayloadKind::zip || kind == PayloadKind::gzip || kind == PayloadKind::aggregate_xml;
}

}  // namespace

bool is_unsupported(PayloadKind kind) { return kind >= PayloadKind::encrypted_zip; }

bool is_container(PayloadKind kind) { return kind >= PayloadKind::mail && kind <= PayloadKind::quoted_lines; }

model::Error unsupported_error(PayloadKind kind) {
  if (kind == PayloadKind::wrapped_report)
    return {
        "unsupported-wrapped-report",
        "a report in another notation (as JSON or RTF), or with its markup escaped more than once, is recognised but "
        "not read",
        "ingest the text of the report itself, or ask the sender for it"};
  if (kind == PayloadKind::outlook_store)
    return {"unsupported-outlook-store", "a mailbox of Outlook is recognised but not opened",
            "export its mails as .eml files or as an mbox, and ingest these"};
  std::string token(model::to_text(kind));
  std::replace(token.begin(), token.end(), '_', '-');
  return {"unsupported-" + token, "the content is " + token + ", which is recognised but not opened",
          "unpack it and ingest the contents, or ask the sender for gzip"};
}

void note_label(Place& place, PayloadKind kind) {
  if (!is_packed_or_report(kind)) return;
  const auto by_type = expected_by_type(place.label);
  const auto by_name = expected_by_name(place.name);
  const auto content = std::string(model::to_text(kind));
  if (by_type && *by_type != kind && !(kind == PayloadKind::aggregate_xml && *by_type == PayloadKind::text))
    place.defects.push_back({"label-mismatch", "declared as " + place.label + ", content is " + content, 0, 0});
  else if (by_name && *by_name != kind)
    place.defects.push_back({"label-mismatch", "named " + place.name + ", content is " + content, 0, 0});
}

}  // namespace ruaudit::ingest
