#include "verify/failure/restored_header.hpp"

#include <algorithm>

#include "model/ascii.hpp"
#include "verify/dkim/header_input.hpp"

namespace ruaudit::verify::failure {
namespace {

using message::Message;

constexpr std::size_t max_cuts = 9;       // of the Subject
constexpr std::size_t max_removals = 20;  // of fields
constexpr std::size_t prefix_octets = 100;

struct Edit {  // one field given another text, or taken out
  std::size_t field = 0;
  std::string raw{};  // with CRLF; empty: the field goes
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string cut(std::string_view text) { return std::string(trimmed(text).substr(0, max_change_octets)); }

Edit edited(const Message& message, std::size_t field, std::string_view value) {
  const auto& old = message.fields()[field];
  return {field, std::string(old.name) + ": " + std::string(trimmed(value)) + "\r\n"};
}

// The Subject without a bracket that stands in its front part, and without its first, its first two ... words.
std::vector<Edit> subject_edits(const Message& message, const dkim::Signature& signature) {
  std::vector<Edit> edits;
  const auto positions = message.positions("Subject");
  const bool is_signed = std::any_of(signature.signed_fields.begin(), signature.signed_fields.end(),
                                     [](const std::string& name) { return ascii::equal_folded(name, "Subject"); });
  if (positions.empty() || !is_signed) return edits;
  const std::size_t field = positions.back();
  const std::string_view value = trimmed(message.fields()[field].value);
  const std::string_view front = value.substr(0, prefix_octets);
  const auto open = front.find('[');
  const auto close = open == std::string_view::npos ? open : front.find(']', open);
  if (close != std::string_view::npos)
    edits.push_back(
        edited(message, field, std::string(value.substr(0, open)) + std::string(trimmed(value.substr(close + 1)))));
  for (std::size_t at = 0; at < front.size() && edits.size() < max_cuts; ++at)
    if (is_blank(front[at]) && at + 1 < value.size() && !is_blank(value[at + 1]))
      edits.push_back(edited(message, field, value.substr(at + 1)));
  return edits;
}

// Each signed name once: its topmost field taken out. From stays: a mail with another author is another mail.
std::vector<Edit> removal_edits(const Message& message, const dkim::Signature& signature, std::size_t own) {
  std::vector<Edit> edits;
  std::vector<std::string_view> seen;
  for (const std::string& name : signature.signed_fields) {
    if (edits.size() >= max_removals) break;
    const bool is_new = std::none_of(seen.begin(), seen.end(),
                                     [&name](std::string_view other) { return ascii::equal_folded(other, name); });
    seen.emplace_back(name);
    if (!is_new || ascii::equal_folded(name, "From")) continue;
    const auto positions = message.positions(name);
    if (!positions.empty() && positions.front() != own) edits.push_back({positions.front(), {}});
  }
  return edits;
}

class Search {
 public:
  Search(const Message& message, const dkim::Signature& signature, std::size_t own, UsableKeys keys)
      : message_(message), signature_(signature), own_(own), keys_(keys) {}

  std::vector<Change> run() {
    const auto subjects = subject_edits(message_, signature_);
    const auto removals = removal_edits(message_, signature_, own_);
    for (const auto* edits : {&subjects, &removals})
      for (const Edit& edit : *edits)
        if (helps({&edit, 1})) return {change(edit)};
    for (const Edit& subject : subjects)
      for (const Edit& removal : removals)
        if (subject.field != removal.field)
          if (const Edit both[] = {subject, removal}; helps(both)) return {change(subject), change(removal)};
    return {};
  }

 private:
  bool helps(std::span<const Edit> edits) {
    if (++tries_ > max_restorations) return false;
    std::string text;
    std::size_t own = own_;
    const auto fields = message_.fields();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const auto edit = std::find_if(edits.begin(), edits.end(), [i](const Edit& one) { return one.field == i; });
      if (edit != edits.end() && edit->raw.empty() && i < own_) --own;
      text += edit == edits.end() ? std::string(fields[i].raw) : edit->raw;
    }
    text += "\r\n";
    const auto changed = Message::view(text);
    if (!changed || own >= changed->fields().size()) return false;
    return verifies_with_any(keys_, signature_, dkim::header_input(*changed, signature_, own));
  }

  [[nodiscard]] Change change(const Edit& edit) const {
    const auto& field = message_.fields()[edit.field];
    const std::string before = edit.raw.empty() ? "" : edit.raw.substr(field.name.size() + 1);
    return {.part = ChangePart::header,
            .field = std::string(field.name),
            .before = cut(before),
            .after = cut(field.value),
            .basis = "the signature verifies with the header as it was before"};
  }

  const Message& message_;
  const dkim::Signature& signature_;
  std::size_t own_;
  UsableKeys keys_;
  std::size_t tries_ = 0;
};

}  // namespace

bool verifies_with_any(UsableKeys keys, const dkim::Signature& signature, std::string_view input) {
  return std::any_of(keys.begin(), keys.end(), [&](const auto& key) {
    return key->key && key->key->verifies(signature.hash, signature.signature, input);
  });
}

std::vector<Change> restore_header(const Message& message, const dkim::Signature& signature, std::size_t own,
                                   UsableKeys keys) {
  if (keys.empty()) return {};
  return Search(message, signature, own, keys).run();
}

}  // namespace ruaudit::verify::failure
