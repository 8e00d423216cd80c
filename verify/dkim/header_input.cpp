#include "verify/dkim/header_input.hpp"

#include "verify/dkim/canonical.hpp"

namespace ruaudit::verify::dkim {

std::vector<std::size_t> select_fields(const message::Message& message, const std::vector<std::string>& names,
                                       std::size_t own) {
  std::vector<std::size_t> selected;
  std::vector<std::uint32_t> used(message.index_size(), 0);  // fields consumed, by group of equal names
  for (const std::string& name : names) {
    const auto positions = message.positions(name);
    if (positions.empty()) continue;  // section 3.5, h=: a field that is not there is the null input
    std::uint32_t& taken = used[message.group_of(positions)];
    // Section 5.4: "dkim-signature" in h= means the other signatures.
    if (taken < positions.size() && positions[positions.size() - 1 - taken] == own) ++taken;
    if (taken >= positions.size()) continue;
    selected.push_back(positions[positions.size() - 1 - taken]);  // section 5.4.2: from the bottom
    ++taken;
  }
  return selected;
}

void append_field(std::string& out, const message::HeaderField& field, Canonicalization canonicalization) {
  if (canonicalization == Canonicalization::relaxed)
    append_relaxed_field(out, field.name, field.value);
  else  // RFC 6376 section 3.4.1: as it is
    out.append(field.without_line_end());
  out.append("\r\n");
}

void append_own_field(std::string& out, const message::HeaderField& field, Canonicalization canonicalization, Span b) {
  if (canonicalization == Canonicalization::relaxed) {
    std::string value(field.value.substr(0, b.begin));
    value.append(field.value.substr(b.end));
    append_relaxed_field(out, field.name, value);
    return;
  }
  const std::string_view raw = field.without_line_end();
  const std::size_t offset = raw.size() - field.value.size();
  out.append(raw.substr(0, offset + b.begin)).append(raw.substr(offset + b.end));
}

std::string header_input(const message::Message& message, const Signature& signature, std::size_t own) {
  std::string out;
  for (const std::size_t i : select_fields(message, signature.signed_fields, own))
    append_field(out, message.fields()[i], signature.header);
  append_own_field(out, message.fields()[own], signature.header, {signature.b_begin, signature.b_end});
  return out;
}

}  // namespace ruaudit::verify::dkim
