#include "verify/failure/quoted_canonical.hpp"

#include <algorithm>

#include "verify/dkim/canonical.hpp"
#include "verify/dkim/header_input.hpp"

namespace ruaudit::verify::failure {
namespace {

std::string_view next_line(std::string_view& text) {
  const auto end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string cut(std::string_view text) { return std::string(text.substr(0, max_change_octets)); }

std::string name_of(std::string_view line) {
  const auto colon = line.find(':');
  return colon == std::string_view::npos ? std::string()
                                         : std::string(line.substr(0, std::min<std::size_t>(colon, 80)));
}

// Writers differ in what they quote: with or without the last CRLF, with or without the signature's own field.
bool verifies_header(std::string_view quoted, const message::Message& message, const dkim::SignatureResult& signature,
                     UsableKeys keys) {
  std::string input(quoted);
  while (input.ends_with("\r\n")) input.resize(input.size() - 2);
  if (verifies_with_any(keys, signature.signature, input)) return true;
  const auto& s = signature.signature;
  std::string with_own = input + "\r\n";
  dkim::append_own_field(with_own, message.fields()[signature.field], s.header, {s.b_begin, s.b_end});
  return verifies_with_any(keys, s, with_own);
}

bool matches_body(std::string_view quoted, const dkim::Signature& signature) {
  if (signature.body_length && *signature.body_length < quoted.size())
    quoted = quoted.substr(0, static_cast<std::size_t>(*signature.body_length));
  dkim::Digest digest(signature.hash);
  digest.update(quoted);
  return digest.finish() == signature.body_hash;
}

void append(std::vector<Change>& out, std::vector<Change> more, std::string_view basis) {
  for (Change& change : more) {
    if (out.size() >= max_changes) return;
    change.basis = basis;
    out.push_back(std::move(change));
  }
}

}  // namespace

std::vector<Change> differing_lines(std::string_view before, std::string_view after, ChangePart part,
                                    std::size_t limit) {
  std::vector<Change> out;
  for (std::uint32_t line = 1; (!before.empty() || !after.empty()) && out.size() < limit; ++line) {
    const std::string_view a = next_line(before);
    const std::string_view b = next_line(after);
    if (a == b) continue;
    const bool is_header = part == ChangePart::header;
    out.push_back({.part = part,
                   .field = is_header ? name_of(a.empty() ? b : a) : std::string(),
                   .line = is_header ? 0 : line,
                   .before = cut(a),
                   .after = cut(b)});
  }
  return out;
}

QuotedCanonical compare_quoted(const Quoted& quoted, const message::Message& message,
                               const dkim::SignatureResult& signature, UsableKeys keys) {
  QuotedCanonical out;
  const auto& s = signature.signature;
  if (quoted.header && !quoted.header->empty()) {
    out.header_verifies = verifies_header(*quoted.header, message, signature, keys);
    append(out.changes,
           differing_lines(*quoted.header, dkim::header_input(message, s, signature.field), ChangePart::header,
                           max_changes),
           *out.header_verifies ? "the header that the report quotes is as signed, the sample's is not"
                                : "the header that the report quotes differs from the sample's");
  }
  if (quoted.body && s.has_body_hash) {
    out.body_hash_matches = matches_body(*quoted.body, s);
    if (quoted.has_body)
      append(out.changes,
             differing_lines(*quoted.body, dkim::canonical_body(message.body(), s.body), ChangePart::body, 1),
             *out.body_hash_matches ? "the body that the report quotes is as signed, the sample's is not"
                                    : "the body that the report quotes differs from the sample's");
  }
  return out;
}

}  // namespace ruaudit::verify::failure
