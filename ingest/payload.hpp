// What unpacking delivers: leaf payloads, found by content and streamed chunk by chunk into a PayloadSink, and one
// PayloadOutcome per leaf with what was recognised, refused or worth a note. Nothing here owns the item's bytes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/defect.hpp"
#include "model/enum_text.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest {

enum class PayloadKind : std::uint8_t {
  // Data for a parser. A failure report is delivered as the whole mail that carries it (or as the bare feedback text).
  aggregate_xml,
  failure_report,
  tls_report,
  other_feedback,  // Feedback-Type other than auth-failure
  // Read, and no report.
  delivery_status,
  other_xml,
  json,
  html,
  text,
  signature,
  not_a_report,
  empty,  // nothing, or the word "unused"
  // Opened; a leaf outcome of these kinds says that opening failed.
  mail,
  mbox,
  gzip,
  zip,
  base64,
  quoted_printable,  // a report that is so encoded although nothing says so, or once more
  quoted_lines,      // a report with the marks of a reply in front of its lines
  // Recognised, named and not opened.
  encrypted_zip,
  seven_zip,
  bzip2,
  xz,
  zstd,
  lzma,
  compress,
  rar,
  cabinet,
  tar,
  pgp,
  smime,
  msg,  // OLE2 compound file: Outlook .msg
  tnef,
  uuencode,
  outlook_store,   // .pst, .ost, .dbx: a mailbox
  wrapped_report,  // a report in another notation (JSON, RTF), or escaped more than once
};

}  // namespace ruaudit::ingest

template <>
inline constexpr ruaudit::model::EnumText<ruaudit::ingest::PayloadKind>
    ruaudit::model::enum_table<ruaudit::ingest::PayloadKind>[] = {
        {ruaudit::ingest::PayloadKind::aggregate_xml, "aggregate_xml"},
        {ruaudit::ingest::PayloadKind::failure_report, "failure_report"},
        {ruaudit::ingest::PayloadKind::tls_report, "tls_report"},
        {ruaudit::ingest::PayloadKind::other_feedback, "other_feedback"},
        {ruaudit::ingest::PayloadKind::delivery_status, "delivery_status"},
        {ruaudit::ingest::PayloadKind::other_xml, "other_xml"},
        {ruaudit::ingest::PayloadKind::json, "json"},
        {ruaudit::ingest::PayloadKind::html, "html"},
        {ruaudit::ingest::PayloadKind::text, "text"},
        {ruaudit::ingest::PayloadKind::signature, "signature"},
        {ruaudit::ingest::PayloadKind::not_a_report, "not_a_report"},
        {ruaudit::ingest::PayloadKind::empty, "empty"},
        {ruaudit::ingest::PayloadKind::mail, "mail"},
        {ruaudit::ingest::PayloadKind::mbox, "mbox"},
        {ruaudit::ingest::PayloadKind::gzip, "gzip"},
        {ruaudit::ingest::PayloadKind::zip, "zip"},
        {ruaudit::ingest::PayloadKind::base64, "base64"},
        {ruaudit::ingest::PayloadKind::quoted_printable, "quoted_printable"},
        {ruaudit::ingest::PayloadKind::quoted_lines, "quoted_lines"},
        {ruaudit::ingest::PayloadKind::encrypted_zip, "encrypted_zip"},
        {ruaudit::ingest::PayloadKind::seven_zip, "seven_zip"},
        {ruaudit::ingest::PayloadKind::bzip2, "bzip2"},
        {ruaudit::ingest::PayloadKind::xz, "xz"},
        {ruaudit::ingest::PayloadKind::zstd, "zstd"},
        {ruaudit::ingest::PayloadKind::lzma, "lzma"},
        {ruaudit::ingest::PayloadKind::compress, "compress"},
        {ruaudit::ingest::PayloadKind::rar, "rar"},
        {ruaudit::ingest::PayloadKind::cabinet, "cabinet"},
        {ruaudit::ingest::PayloadKind::tar, "tar"},
        {ruaudit::ingest::PayloadKind::pgp, "pgp"},
        {ruaudit::ingest::PayloadKind::smime, "smime"},
        {ruaudit::ingest::PayloadKind::msg, "msg"},
        {ruaudit::ingest::PayloadKind::tnef, "tnef"},
        {ruaudit::ingest::PayloadKind::uuencode, "uuencode"},
        {ruaudit::ingest::PayloadKind::outlook_store, "outlook_store"},
        {ruaudit::ingest::PayloadKind::wrapped_report, "wrapped_report"}};

namespace ruaudit::ingest {

// What is known about a payload before its first octet.
struct PayloadInfo {
  std::string part;  // for people and the ledger: "part 2/report.zip/folder/x.xml", "body", "" (the bare item itself)
  PayloadKind kind = PayloadKind::not_a_report;
  std::string name;  // declared file name, decoded to UTF-8, control characters replaced; never used as a path
  bool operator==(const PayloadInfo&) const = default;
};

// Receives the leaves one after the other. After a begin() that returned true, end() follows exactly once.
class PayloadSink {
 public:
  virtual ~PayloadSink() = default;
  virtual bool begin(const PayloadInfo& info) = 0;     // false: not interested; neither chunk() nor end() follows
  virtual bool chunk(std::string_view octets) = 0;     // false: stop this payload; end() gets the code "stopped"
  virtual void note(const model::Defect&) {}           // an oddity of the packaging; between the last chunk() and end()
  virtual void end(const model::Result<void>& r) = 0;  // error: truncated, checksum, limit; what came before stands
};

// One leaf and what happened to it.
struct PayloadOutcome {
  PayloadInfo info;
  std::uint64_t bytes = 0;            // delivered or skipped octets of the payload
  bool taken = false;                 // the sink asked for it
  std::optional<model::Error> error;  // refused or broken; also given to end() when taken
  std::vector<model::Defect> defects;
};

// True for the kinds that are recognised but that this program does not open.
bool is_unsupported(PayloadKind kind);

}  // namespace ruaudit::ingest
