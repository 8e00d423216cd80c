// A SOURCE argument as a sequence of raw items: a file of any kind, a folder (recursive, names in octet order), a
// maildir (new/ then cur/), an mbox (also gzipped; one item per mail) or "-" for standard input. Only its content
// decides what a file is. Nothing is ever written, moved or flagged. An entry that cannot be read is an Error in the
// sequence and does not end it. Items own or share their bytes and may outlive the reader and cross threads.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/bytes.hpp"
#include "ingest/limits.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest {

enum class ItemKind : std::uint8_t { file, mail, mbox_member };

// One mail or one plain file, before unpacking.
struct RawItem {
  std::string source;              // as the operator named it
  std::string locator;             // below the source: "new/123.M1", "offset 4711", "box:offset 4711", ""
  ItemKind kind = ItemKind::file;  // file: not yet known what it is
  std::int64_t modified = 0;       // time of the file, epoch seconds; 0 = not known (standard input)
  Bytes bytes;                     // of a mailbox member: without its From_ line, ">From " unquoted
};

class SourceReader {
 public:
  // Errors: "source-not-found", "source-unreadable".
  static model::Result<SourceReader> open(std::string_view source, const SourceLimits& limits);
  SourceReader(SourceReader&&) noexcept;
  SourceReader& operator=(SourceReader&&) noexcept;
  ~SourceReader();

  // The next item; nothing at the end. An Error concerns one entry: "not-a-file", "unreadable", "file-too-large",
  // "folder-loop", "folder-too-deep", "gzip-truncated" ...
  std::optional<model::Result<RawItem>> next();
  // Entries met so far and entries known to wait, for a progress bar; the second grows while folders are opened.
  [[nodiscard]] std::uint64_t entries_done() const;
  [[nodiscard]] std::uint64_t entries_known() const;

 private:
  struct State;
  explicit SourceReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::ingest
