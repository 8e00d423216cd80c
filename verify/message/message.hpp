// A mail as a verifier needs it: header fields and body as byte ranges, exactly as received (RFC 5322 section 2.1).
// In: the bytes of one mail. Out: fields from top to bottom, an index by name, the body. The view borrows the bytes,
// which must outlive it, unless they needed repair: bare LF becomes CRLF; an mbox "From " line, a byte
// order mark, NUL octets and blank lines in front of the first field go. Both are told by repairs(). Nothing else is
// changed: folding, case, 8-bit and NUL octets stay. Limits bound the mail, the header block and the number of fields.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/defect.hpp"
#include "model/result.hpp"

namespace ruaudit::verify::message {

struct Limits {
  std::size_t message_bytes = std::size_t{256} << 20;
  std::size_t header_bytes = std::size_t{1} << 20;  // the whole header block
  std::size_t header_fields = 10'000;
};

struct HeaderField {
  std::string_view name;   // as written, without blanks before the colon; empty where the line is not a field at all
  std::string_view value;  // after the colon, folding included, without the final CRLF
  std::string_view raw;    // the exact bytes, with the final CRLF where there is one
  std::uint32_t line = 0;  // 1-based line in the bytes as given

  [[nodiscard]] std::string_view without_line_end() const {
    return raw.ends_with("\r\n") ? raw.substr(0, raw.size() - 2) : raw;
  }
};

class Message {
 public:
  // Errors: message-too-large, message-header-too-large, message-too-many-fields.
  static model::Result<Message> view(std::string_view bytes, const Limits& limits = {});

  [[nodiscard]] std::span<const HeaderField> fields() const { return fields_; }
  // Positions in fields() of every field of that name (any case), from top to bottom. O(log n).
  [[nodiscard]] std::span<const std::uint32_t> positions(std::string_view name) const;
  // The first of positions(name) within the index, a number that names the group of equal names; or index_size().
  [[nodiscard]] std::size_t index_size() const { return by_name_.size(); }
  [[nodiscard]] std::size_t group_of(std::span<const std::uint32_t> positions) const;
  // The topmost field of that name, or nullptr.
  [[nodiscard]] const HeaderField* first(std::string_view name) const;

  [[nodiscard]] std::string_view header_block() const { return header_; }
  [[nodiscard]] std::string_view body() const { return body_; }
  // False where the bytes end before the empty line that closes the header block.
  [[nodiscard]] bool has_separator() const { return has_separator_; }
  // False where the first line of the header is not a field: what it was is lost, and that may have been a signature.
  [[nodiscard]] bool is_first_readable() const { return is_first_readable_; }
  // Codes message-line-ends-repaired, message-mbox-line-dropped, message-leading-octets-dropped,
  // message-header-line-malformed (at most 20 of these).
  [[nodiscard]] const std::vector<model::Defect>& repairs() const { return repairs_; }

 private:
  Message() = default;
  void drop_before_first_field(std::string_view& bytes, std::uint32_t& first_line);
  std::string_view normalize(std::string_view bytes, std::uint32_t& first_line);
  model::Result<void> split(std::string_view text, const Limits& limits, std::uint32_t first_line);
  void add_field(std::string_view raw, std::uint32_t line);
  void build_index();

  std::unique_ptr<const std::string> repaired_;  // stable address, so that the view can move
  std::vector<HeaderField> fields_;
  std::vector<std::uint32_t> by_name_;  // sorted by name without case, then position
  std::string_view header_;
  std::string_view body_;
  bool has_separator_ = false;
  bool is_first_readable_ = true;
  std::vector<model::Defect> repairs_;
};

}  // namespace ruaudit::verify::message
