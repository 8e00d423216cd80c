// The mails of an mbox (RFC 4155 and its mboxo and mboxrd variants), as ranges found in one pass. A From_ line counts
// at the start and after an empty line when it carries a time or a header field follows, and after any other line when
// it has an address and a whole date and a header field follows. Also MMDF, where lines of four octets 01 stand around
// each mail. CRLF and LF.
#pragma once
#include <optional>

#include "ingest/bytes.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest {

struct MboxMember {
  std::size_t offset = 0;  // of its From_ line
  Bytes mail;              // after the From_ line, without the separating empty line, ">From " unquoted
};

class MboxReader {
 public:
  // Members whose quoting must be undone are copied: in memory up to heap_bytes, else into a spool file.
  MboxReader(Bytes mbox, std::uint64_t heap_bytes, std::string spool_folder);
  std::optional<model::Result<MboxMember>> next();

 private:
  [[nodiscard]] std::size_t find_end(std::size_t from) const;
  std::optional<model::Result<MboxMember>> next_of_mmdf();
  Bytes mbox_;
  std::uint64_t heap_bytes_;
  std::string spool_folder_;
  std::size_t position_ = 0;
};

// True when text starts with a line that begins an mbox member.
bool starts_mbox_member(std::string_view text);
// True when text starts with a line that divides the mails of an MMDF file.
bool starts_mmdf(std::string_view text);

}  // namespace ruaudit::ingest
