// The entries of a zip archive, streamed through libzip. Names are data, never paths. First opened with consistency
// checks, then without and with a Defect. Errors of open(): "zip-truncated", "zip-corrupt"; of read(): "encrypted-zip",
// "zip-method", "zip-corrupt", "ratio-exceeded".
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ingest/bytes.hpp"
#include "ingest/limits.hpp"
#include "ingest/octet_receiver.hpp"
#include "model/defect.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest {

// Where the next archive begins, if several were concatenated, even with padding between them: after the end of the
// directory (APPNOTE section 4.3.16) of an archive that begins where `octets` do. npos: there is none.
[[nodiscard]] std::size_t next_archive(std::string_view octets);

class ZipArchive {
 public:
  static model::Result<ZipArchive> open(Bytes packed, const UnpackLimits& limits);
  ZipArchive(ZipArchive&&) noexcept;
  ZipArchive& operator=(ZipArchive&&) noexcept;
  ~ZipArchive();

  [[nodiscard]] std::uint64_t entries() const;
  [[nodiscard]] std::string name(std::uint64_t entry) const;  // raw octets, may be empty
  [[nodiscard]] bool is_encrypted(std::uint64_t entry) const;
  model::Result<void> read(std::uint64_t entry, OctetReceiver& receiver) const;
  [[nodiscard]] const std::vector<model::Defect>& defects() const;  // "zip-inconsistent"

 private:
  struct State;
  explicit ZipArchive(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::ingest
