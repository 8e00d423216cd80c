// A DNS domain name in the form used as key everywhere: A-labels, lower case, no trailing dot (RFC 5890, RFC 1035).
// Made only by parse(). The raw text, where it differs, is kept by whoever parsed it.
#pragma once
#include <compare>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace ruaudit::model {

class Domain {
 public:
  // Accepts U-labels (UTF-8), upper case, one trailing dot and underscores. Refuses empty labels, labels over 63 and
  // names over 253 octets, blanks and control characters. Error code "domain".
  static Result<Domain> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  // True when *this equals other or lies below it.
  [[nodiscard]] bool is_at_or_below(const Domain& other) const;
  [[nodiscard]] std::size_t label_count() const;

  auto operator<=>(const Domain&) const = default;

 private:
  explicit Domain(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace ruaudit::model
