// Builds packaging for tests (gzip, zip, base64, multipart) and collects what unpack() delivers.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/unpack.hpp"

namespace ruaudit::ingest::test {

inline const std::string report =
    "<?xml version=\"1.0\"?>\n<feedback><report_metadata><org_name>reporter.example</org_name>"
    "<report_id>7</report_id></report_metadata></feedback>\n";

std::string gzip_of(std::string_view text, const std::string& name = {});
std::string zlib_of(std::string_view text);     // RFC 1950
std::string deflate_of(std::string_view text);  // RFC 1951, without a wrapper
std::string stored_of(std::string_view text);  // raw deflate in one block that is not compressed; at most 65,535 octets
std::string base64_of(std::string_view octets, std::size_t line = 76, std::string_view eol = "\r\n");

struct ZipEntry {
  std::string name;
  std::string content;
  bool encrypt = false;
};
std::string zip_of(const std::vector<ZipEntry>& entries);

// A part with a header and a body, as it stands between two delimiters.
std::string part_of(std::string_view header, std::string_view body);
std::string attachment(std::string_view octets, std::string_view name = "report.bin",
                       std::string_view type = "application/octet-stream");
// A multipart mail of these parts, CRLF throughout.
std::string mail_of(const std::vector<std::string>& parts, std::string_view type = "mixed",
                    std::string_view boundary = "=_edge");

struct Delivered {
  PayloadInfo info;
  std::string text;
  std::optional<model::Error> error;
};

class CollectingSink : public PayloadSink {
 public:
  bool begin(const PayloadInfo& info) override;
  bool chunk(std::string_view octets) override;
  void end(const model::Result<void>& r) override;
  std::vector<Delivered> delivered;
  bool take_text = false;  // also kinds that are no report
  std::uint64_t stop_after = UINT64_MAX;
  unsigned open = 0;
};

struct Unpacked {
  UnpackResult result;
  std::vector<Delivered> delivered;

  [[nodiscard]] std::vector<std::string> texts(PayloadKind kind = PayloadKind::aggregate_xml) const;
  // The codes of all errors and defects of the outcomes, in order.
  [[nodiscard]] std::vector<std::string> errors() const;
  [[nodiscard]] std::vector<std::string> defects() const;
  [[nodiscard]] std::vector<PayloadKind> kinds() const;
};
Unpacked unpack_text(std::string bytes, const UnpackLimits& limits = {}, ItemKind kind = ItemKind::file);

}  // namespace ruaudit::ingest::test
