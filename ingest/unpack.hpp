// Opens one raw item down to its leaves: every leaf part of a mail whatever its type, name or disposition, mail in
// mail, gzip, zip and base64 in each other, decided by magic octets alone. Leaves are streamed into the sink in their
// order in the item. A leaf that fails does not stop the others. A mail that is a failure report is delivered whole,
// and the sample inside it is not searched for reports. Work and memory are bounded by UnpackLimits.
// RFC 2045, 2046, 2047, 2231, 5322; RFC 1952 (gzip).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ingest/limits.hpp"
#include "ingest/payload.hpp"
#include "ingest/source.hpp"

namespace ruaudit::ingest {

// Of the outermost mail; text is UTF-8, encoded words decoded, folding removed, each at most 2000 octets.
struct MailHeader {
  std::string from;
  std::string to;
  std::string subject;
  std::string message_id;
  std::string date;                        // as written
  std::optional<std::int64_t> date_epoch;  // seconds UTC, when it can be read
  std::size_t header_bytes = 0;            // the header block is the first header_bytes octets of the item
};

struct UnpackResult {
  ItemKind kind = ItemKind::file;
  std::optional<MailHeader> mail;
  std::vector<PayloadOutcome> payloads;
  std::optional<model::Error> error;  // of the item as a whole: a limit ended the walk, or it could not start
};

// The header of the outermost mail when the item is one, without opening its body: what unpack() puts into
// UnpackResult::mail, needed by callers before the first payload arrives.
std::optional<MailHeader> read_mail_header(const RawItem& item, const UnpackLimits& limits);

UnpackResult unpack(const RawItem& item, const UnpackLimits& limits, PayloadSink& sink);

}  // namespace ruaudit::ingest
