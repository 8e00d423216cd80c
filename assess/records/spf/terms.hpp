// The terms of an SPF record one by one, each with its place and, where it is against the grammar, the kind of mistake.
// verify::spf::parse_record() decides what is right; this says which mistake it is. Text in, terms out. RFC 7208
// sections 4.6, 5, 6, 7.1 and 12
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/ip_address.hpp"
#include "verify/spf/record.hpp"

namespace ruaudit::assess::records {

struct SpfPart {
  std::string text{};
  std::size_t begin = 0;     // octets from the start of the record
  std::string_view fault{};  // code; empty: right
  std::string why{};
  std::optional<verify::spf::Directive> directive{};  // of a mechanism
  std::optional<verify::spf::Modifier> redirect{}, exp{};
  [[nodiscard]] bool is_all() const { return directive && directive->mechanism == verify::spf::Mechanism::all; }
};

// After the version section of a record. `joints` are the octets where one string of the TXT record ends and the next
// begins.
[[nodiscard]] std::vector<SpfPart> spf_parts(std::string_view record, std::span<const std::size_t> joints = {});

// The one term `text`, judged as if it stood in a record.
[[nodiscard]] SpfPart spf_part(std::string_view text);

[[nodiscard]] bool is_spf_mechanism(std::string_view lower_name);
// Whether a text without the right version section was meant as SPF record, and how long its version section is.
[[nodiscard]] std::optional<std::size_t> meant_spf_version(std::string_view text);
// The name a macro string stands for when it can be known beforehand: no macro, or %{d} alone. Nothing: it depends on
// the message.
[[nodiscard]] std::optional<std::string> static_name(const verify::spf::MacroString& text, std::string_view domain);

}  // namespace ruaudit::assess::records
