// An SPF record as values (RFC 7208 sections 4.5, 4.6, 5, 6 and 12). The concatenated text of a TXT record enters, its
// terms leave, or the first fault of its syntax with the term that has it: a record is checked as a whole before any
// term is evaluated (section 4.6). Nothing here asks DNS. Linear in the text.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/auth_result.hpp"
#include "model/enum_text.hpp"
#include "model/ip_address.hpp"
#include "verify/spf/macro.hpp"

namespace ruaudit::verify::spf {

enum class Mechanism : std::uint8_t { all, include, a, mx, ptr, ip4, ip6, exists };

struct Directive {
  Mechanism mechanism = Mechanism::all;
  model::SpfResult result = model::SpfResult::pass;  // of the qualifier: pass, fail, softfail, neutral
  std::string text{};                                // as published
  std::optional<MacroString> domain_spec{};
  std::optional<model::IpAddress> network{};  // ip4, ip6
  unsigned ip4_bits = 32;
  unsigned ip6_bits = 128;
  bool operator==(const Directive&) const = default;
};

struct Modifier {  // redirect or exp
  std::string text{};
  MacroString domain_spec{};
  bool operator==(const Modifier&) const = default;
};

struct Record {
  std::vector<Directive> directives{};
  std::optional<Modifier> redirect{};
  std::optional<Modifier> exp{};
  std::vector<std::string> unknown_modifiers{};  // ignored, kept for the reader (section 6)
  bool has_all = false;
  bool operator==(const Record&) const = default;
};

struct SyntaxFault {
  std::string term{};      // as published
  std::size_t number = 0;  // 1-based among the terms
  std::string what{};
  bool operator==(const SyntaxFault&) const = default;
};

struct ParsedRecord {
  Record record{};
  std::optional<SyntaxFault> fault{};  // present: the record is a permerror, `record` is not to be used
  bool operator==(const ParsedRecord&) const = default;
};

// True when text begins with the version section "v=spf1" followed by a blank or the end (section 4.5).
bool is_spf_record(std::string_view text);

// Parses a record whose version section is known to be there.
ParsedRecord parse_record(std::string_view text);

// Parses mechanisms without version section, as --spf-local has them; modifiers are a fault.
ParsedRecord parse_local_policy(std::string_view text);

// Parsed records by their text. Shared by threads; when max_entries are kept, it starts over. Records longer than
// max_kept octets are parsed each time, so that memory is bounded by both numbers.
class RecordCache {
 public:
  static constexpr std::size_t max_kept = 4096;
  explicit RecordCache(std::size_t max_entries = 10'000) : max_entries_(max_entries) {}
  [[nodiscard]] std::shared_ptr<const ParsedRecord> get(const std::string& text);

 private:
  std::size_t max_entries_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const ParsedRecord>, std::less<>> entries_;
};

}  // namespace ruaudit::verify::spf

namespace ruaudit::model {

template <>
inline constexpr EnumText<verify::spf::Mechanism> enum_table<verify::spf::Mechanism>[] = {
    {verify::spf::Mechanism::all, "all"}, {verify::spf::Mechanism::include, "include"},
    {verify::spf::Mechanism::a, "a"},     {verify::spf::Mechanism::mx, "mx"},
    {verify::spf::Mechanism::ptr, "ptr"}, {verify::spf::Mechanism::ip4, "ip4"},
    {verify::spf::Mechanism::ip6, "ip6"}, {verify::spf::Mechanism::exists, "exists"}};

}  // namespace ruaudit::model
