// Limits of the ingest stage: what one source, one mail and one archive may cost. Every limit that is passed ends as an
// Error with a code (named beside it), never in a crash, and never silently. Sizes are octets.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace ruaudit::ingest {

inline constexpr std::uint64_t kibi = 1024;
inline constexpr std::uint64_t mebi = 1024 * kibi;

struct SourceLimits {
  std::uint64_t file_bytes = 4096 * mebi;  // "file-too-large": one file, one mbox, standard input
  std::uint64_t folder_depth = 64;         // "folder-too-deep"
  std::uint64_t read_bytes = 1 * mebi;     // larger files are mapped, smaller ones read into memory
  std::uint64_t heap_bytes = 4 * mebi;     // more than this of standard input or of a packed mbox goes to a spool file
  std::string spool_folder = "/tmp";       // where unlinked temporary files are made
  bool operator==(const SourceLimits&) const = default;
};

struct UnpackLimits {
  std::uint64_t message_bytes = 256 * mebi;   // "message-too-large": one mail
  std::uint64_t header_bytes = 256 * kibi;    // "header-too-large": header block of a mail or part
  std::uint64_t mime_depth = 32;              // "mime-too-deep": multipart in multipart
  std::uint64_t mime_parts = 1000;            // "too-many-parts": leaf parts of one mail
  std::uint64_t nesting = 8;                  // "nesting-too-deep": archive in archive, mail in mail, encodings
  std::uint64_t archive_entries = 1000;       // "too-many-entries": entries of one zip
  std::uint64_t gzip_members = 1000;          // "too-many-members": members of one gzip file
  std::uint64_t payloads = 10'000;            // "too-many-payloads": leaves of one item
  std::uint64_t payload_bytes = 1024 * mebi;  // "payload-too-large": one unpacked leaf
  std::uint64_t item_bytes = 2048 * mebi;     // "item-too-large": all that was unpacked from one item
  std::uint64_t ratio = 250;                  // "ratio-exceeded": unpacked over packed, beyond ratio_from octets
  std::uint64_t ratio_from =
      1 * mebi;  //   (repetitive genuine reports reach about 53); of a whole item four times the ratio
  std::uint64_t heap_bytes = 4 * mebi;  // containers above this are unpacked into a spool file
  std::string spool_folder = "/tmp";    // where unlinked temporary files are made
  bool operator==(const UnpackLimits&) const = default;
};

}  // namespace ruaudit::ingest
