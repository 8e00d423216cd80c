#include "assess/records/dkim/record.hpp"

#include <algorithm>
#include <map>

#include "assess/records/text.hpp"
#include "model/ascii.hpp"

namespace ruaudit::assess::records {
namespace {

constexpr int least_bits = 1024, wanted_bits = 2048;  // RFC 8301 section 3.2

bool has_item(std::string_view list, std::initializer_list<std::string_view> wanted) {
  for (const auto& item : split(list, ':'))
    if (is_any_of(item.text, wanted)) return true;
  return false;
}

class Review {
 public:
  explicit Review(const KeyQuestion& question) : question_(question), text_(question.text) {}

  KeyReview run() {
    if (!is_meant_as_key(text_)) {
      add("dkim-not-a-key", at_name(question_.name), "found: " + std::string(text_.substr(0, 60)));
      return std::move(out_);
    }
    tags_ = split_tags(text_);
    if (pasted() || commas()) return std::move(out_);
    for (std::size_t i = 0; i < tags_.size(); ++i) tag(tags_[i], i);
    key();
    const bool has_error = std::any_of(out_.findings.begin(), out_.findings.end(),
                                       [](const Finding& each) { return each.severity == Severity::error; });
    out_.is_usable = !has_error && !out_.key.empty();
    return std::move(out_);
  }

 private:
  void add(std::string_view code, Place place, std::string detail = {}) {
    out_.findings.push_back(found(code, std::move(place), std::move(detail)));
  }
  [[nodiscard]] Place whole(const TagPiece& tag) const {
    return at_part(question_.name, text_, tag.whole.begin, tag.whole.text.size());
  }
  [[nodiscard]] Place head(const TagPiece& tag) const {
    return at_part(question_.name, text_, tag.whole.begin, tag.name.size() + 1);
  }
  [[nodiscard]] const TagPiece* find(std::string_view name) const {
    const auto found_tag = std::find_if(tags_.begin(), tags_.end(),
                                        [&](const TagPiece& tag) { return tag.has_equals && tag.name == name; });
    return found_tag == tags_.end() ? nullptr : &*found_tag;
  }

  // Quotation marks and backslashes of a zone file.
  bool pasted() {
    const auto at = text_.find_first_of("\"\\");
    if (at == std::string_view::npos) return false;
    add("dkim-tag-syntax", at_part(question_.name, text_, at, 1), "it belongs in the zone file, not in the record");
    return true;
  }
  bool commas() {
    const auto comma = text_.find(',');
    const bool is_list =
        tags_.size() == 1 && comma != std::string_view::npos && text_.find('=', comma) != std::string_view::npos;
    if (is_list) add("dkim-tag-syntax", at_part(question_.name, text_, comma, 1), "tags are separated by semicolons");
    return is_list;
  }

  void tag(const TagPiece& tag, std::size_t number) {
    if (!tag.has_equals) return add("dkim-tag-syntax", whole(tag), "there is no \"=\"");
    if (tag.name.empty()) return add("dkim-tag-syntax", whole(tag), "the name of the tag is missing");
    const auto name = std::string(tag.name);
    if (seen_[name]++ > 0) return add("dkim-tag-syntax", whole(tag), name + " occurs twice");
    const bool is_joined = name != "n" && name != "p" && tag.value.find('=') != std::string_view::npos;
    if (is_joined) return add("dkim-tag-syntax", whole(tag), "a semicolon is missing");
    if (name == "v") return version(tag, number);
    if (name == "h" && !has_item(tag.value, {"sha256"})) add("dkim-hash", head(tag), "h=" + std::string(tag.value));
    if (name == "s" && !has_item(tag.value, {"*", "email"}))
      add("dkim-service-type", head(tag), "s=" + std::string(tag.value));
    if (name == "t" && has_item(tag.value, {"y"})) add("dkim-testing", head(tag));
    if (name == "k" && !is_any_of(tag.value, {"rsa", "ed25519"}))
      add("dkim-key-type", whole(tag), "\"" + std::string(tag.value) + "\" is neither rsa nor ed25519");
    if (!is_any_of(name, {"h", "k", "n", "p", "s", "t"})) add("dkim-unknown-tag", head(tag));
  }
  void version(const TagPiece& tag, std::size_t number) {
    if (tag.value != "DKIM1") return add("dkim-version", whole(tag), "it must be exactly DKIM1");
    if (number != 0) add("dkim-version", whole(tag), "it must be the first tag");
  }

  void key() {
    const auto* const p = find("p");
    if (p == nullptr) return add("dkim-key-missing", at_name(question_.name));
    out_.key_begin = p->whole.begin;
    if (p->value.empty()) return revoked(*p);
    const auto look = look_at_key(p->value);
    if (look.form == KeyForm::private_key)
      return add("dkim-private-key", head(*p), "withdraw it and create a new pair");
    const auto* const k = find("k");
    const bool wants_ed25519 = k != nullptr && k->value == "ed25519";
    const bool is_known_type = k == nullptr || wants_ed25519 || k->value == "rsa";
    if (!look.is_encoding_right) return add("dkim-key-broken", head(*p), "no key can be read from it");
    const bool is_fitting =
        wants_ed25519 ? look.form == KeyForm::ed25519 : look.form == KeyForm::rsa || look.form == KeyForm::rsa_bare;
    if (is_known_type && !is_fitting) return mismatch(*p, k, look);
    out_.key = look.usual;
    if (look.form == KeyForm::rsa_bare) add("dkim-pkcs1", head(*p));
    if (look.form == KeyForm::rsa || look.form == KeyForm::rsa_bare) size(*p, look.bits);
  }
  void mismatch(const TagPiece& p, const TagPiece* k, const KeyLook& look) {
    const bool is_rsa = look.form == KeyForm::rsa || look.form == KeyForm::rsa_bare;
    const std::string is = is_rsa                          ? "p= is an RSA key"
                           : look.form == KeyForm::ed25519 ? "p= is an ed25519 key"
                                                           : "p= is a wrapped ed25519 key";
    add("dkim-key-mismatch", k == nullptr ? head(p) : whole(*k), is);
  }
  void revoked(const TagPiece& p) {
    out_.is_revoked = true;
    const auto severity = question_.use == SelectorUse::seen    ? Severity::error
                          : question_.use == SelectorUse::named ? Severity::warning
                                                                : Severity::info;
    out_.findings.push_back(found("dkim-revoked", severity, head(p),
                                  question_.use == SelectorUse::seen ? "reports show it is in use" : ""));
  }
  void size(const TagPiece& p, int bits) {
    const auto said = std::to_string(bits) + " bits";
    if (bits < least_bits)
      add("dkim-key-too-short", head(p), said);
    else if (bits < wanted_bits)
      add("dkim-key-short", head(p), said);
    if (question_.expected_bits && *question_.expected_bits != bits)
      add("dkim-key-not-as-made", head(p), said + ", made with " + std::to_string(*question_.expected_bits));
  }

  const KeyQuestion& question_;
  std::string_view text_;
  std::vector<TagPiece> tags_;
  std::map<std::string, int> seen_;
  KeyReview out_;
};

// ---- the record that was meant

// "MII...v=DKIM1; k=rsa; p=MII...": strings stored in the wrong order.
std::string in_order(std::string_view text) {
  const auto at = ascii::lower(text).find("v=dkim1");
  if (at == std::string::npos || at == 0) return std::string(text);
  const auto head = trim(text.substr(0, at));
  const bool is_base64 = head.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= ") ==
                         std::string_view::npos;
  const bool is_tag = head.find('=') != std::string_view::npos && head.find('=') < 3;
  return is_base64 && !is_tag ? std::string(text.substr(at)) + std::string(head) : std::string(text);
}

// "v=DKIM1 k=rsa, p=...": every known tag behind a blank or comma begins a piece of its own.
std::string with_semicolons(std::string text) {
  text = without(text, "\"\\");
  for (const std::string_view tag : {"v", "k", "p", "t", "s", "h", "n"})
    for (const char mark : {'=', ':'})
      for (const char gap : {' ', ',', '\t'}) {
        const std::string joined = {gap, tag[0], mark};
        text = replaced(text, joined, std::string(";") + tag[0] + "=");
      }
  return text;
}

struct Meant {
  std::vector<std::string> keys{};
  std::map<std::string, std::string> values{};
};

Meant meant_tags(std::string_view raw) {
  Meant out;
  // As a web form writes them.
  const auto plain = replaced(replaced(replaced(std::string(raw), "&#43;", "+"), "&#47;", "/"), "&#61;", "=");
  const auto text = with_semicolons(in_order(plain));
  for (const auto& tag : split_tags(text)) {
    const bool is_bare_key =
        tag.whole.text.size() > 100 && (tag.whole.text.starts_with("MI") || tag.whole.text.starts_with("-----"));
    if (is_bare_key) {
      out.keys.emplace_back(tag.whole.text);
      continue;
    }
    auto name = ascii::lower(tag.name);
    auto value = std::string(tag.value);
    if (!tag.has_equals && name.size() > 2 && name[1] == ':') {  // "k:rsa"
      value = std::string(trim(tag.name.substr(2)));
      name = name.substr(0, 1);
    }
    if (name == "p") out.keys.push_back(value);
    out.values.try_emplace(name, value);
  }
  return out;
}

// The items of a list that may stay.
std::string kept_items(const std::string& list, std::initializer_list<std::string_view> dropped) {
  std::string out;
  for (const auto& item : split(list, ':'))
    if (!item.text.empty() && !is_any_of(item.text, dropped)) out += (out.empty() ? "" : ":") + std::string(item.text);
  return out;
}

}  // namespace

bool is_meant_as_key(std::string_view text) {
  const auto folded = ascii::lower(without(text, " \t\"\\"));
  if (folded.starts_with("v=dkim") || folded.starts_with("p=") || folded.starts_with("k=")) return true;
  for (const auto& tag : split_tags(text))
    if (tag.has_equals && is_any_of(ascii::lower(tag.name), {"p", "k"})) return true;
  return folded.find("p=mii") != std::string::npos;
}

KeyReview review_key(const KeyQuestion& question) { return Review(question).run(); }

std::optional<std::string> repaired_key(std::string_view text) {
  const auto meant = meant_tags(text);
  for (const auto& p : meant.keys) {
    auto look = look_at_key(ascii::lower(p.substr(0, 2)) == "p=" ? p.substr(2) : p);  // the tag's name pasted twice
    if (look.usual.empty() && p.find(' ') != std::string::npos)                       // a form that read "+" as a blank
      look = look_at_key(replaced(p, " ", "+"));
    if (look.usual.empty() || (look.form == KeyForm::rsa && look.bits < least_bits)) continue;
    const bool is_rsa = look.form == KeyForm::rsa || look.form == KeyForm::rsa_bare;
    std::string out = "v=DKIM1; k=" + std::string(is_rsa ? "rsa" : "ed25519");
    if (const auto t = meant.values.find("t"); t != meant.values.end())
      if (const auto flags = kept_items(t->second, {"y"}); !flags.empty()) out += "; t=" + flags;
    if (const auto h = meant.values.find("h"); h != meant.values.end() && has_item(h->second, {"sha256"}))
      out += "; h=" + kept_items(h->second, {"sha1"});
    if (const auto n = meant.values.find("n"); n != meant.values.end() && !n->second.empty()) out += "; n=" + n->second;
    return out + "; p=" + look.usual;
  }
  return std::nullopt;
}

}  // namespace ruaudit::assess::records
