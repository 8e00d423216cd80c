#include "model/domain.hpp"

#include <idn2.h>

#include <algorithm>
#include <memory>

#include "model/ascii.hpp"

namespace ruaudit::model {
namespace {

constexpr std::size_t max_name = 253;
constexpr std::size_t max_label = 63;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// U-labels become A-labels; non-transitional, as RFC 8616 asks.
Result<std::string> to_a_labels(std::string_view text) {
  std::uint8_t* raw = nullptr;
  const std::string input(text);
  const int rc = idn2_to_ascii_8z(input.c_str(), reinterpret_cast<char**>(&raw), IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
  const std::unique_ptr<std::uint8_t, void (*)(void*)> owner(raw, idn2_free);
  if (rc != IDN2_OK || input.size() != text.size())
    return failure("domain", "not an internationalized domain name: " + std::string(idn2_strerror(rc)));
  return std::string(reinterpret_cast<const char*>(raw));
}

// The fault of an ASCII name without trailing dot, or an empty text.
std::string_view fault(std::string_view name) {
  if (name.empty()) return "empty name";
  if (name.size() > max_name) return "name longer than 253 octets";
  std::size_t label = 0;
  for (const char c : name) {
    const auto u = static_cast<unsigned char>(c);
    if (u <= 0x20 || u >= 0x7f) return "blank or control character in a name";
    if (c == '.') {
      if (label == 0) return "empty label";
      label = 0;
    } else if (++label > max_label) {
      return "label longer than 63 octets";
    }
  }
  return label == 0 ? "empty label" : "";
}

void fold_case(std::string& text) { ascii::lower_in_place(text); }

}  // namespace

Result<Domain> Domain::parse(std::string_view text) {
  std::string name(text);
  if (!is_ascii(name)) {
    TRY(name, to_a_labels(name));
  }
  if (!name.empty() && name.back() == '.') name.pop_back();
  if (const auto why = fault(name); !why.empty())
    return failure("domain", std::string(why) + ": '" + std::string(text.substr(0, 80)) + "'");
  fold_case(name);
  return Domain(std::move(name));
}

bool Domain::is_at_or_below(const Domain& other) const {
  if (text_.size() == other.text_.size()) return text_ == other.text_;
  return text_.size() > other.text_.size() && text_.ends_with(other.text_) &&
         text_[text_.size() - other.text_.size() - 1] == '.';
}

std::size_t Domain::label_count() const {
  return text_.empty() ? 0 : static_cast<std::size_t>(std::count(text_.begin(), text_.end(), '.')) + 1;
}

}  // namespace ruaudit::model
