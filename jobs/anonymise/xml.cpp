// Aggregate reports and other XML: the elements, attributes and namespaces of the schemas stay, and of their values
// what their kind allows; anything else is replaced in its place, so that what was wrong with the text still is. HTML:
// texts and attributes.
#include <algorithm>
#include <array>
#include <functional>

#include "jobs/anonymise/anonymiser.hpp"
#include "jobs/anonymise/harmless.hpp"
#include "jobs/anonymise/report_schema.hpp"
#include "mail/header_field.hpp"
#include "model/ascii.hpp"

namespace ruaudit::jobs {
namespace {

constexpr std::array<std::string_view, 5> named_entities = {"amp", "lt", "gt", "quot", "apos"};
constexpr std::array<std::string_view, 4> declarations = {"<!DOCTYPE", "<!ENTITY", "<!ELEMENT", "<!ATTLIST"};

std::string_view tag_name(std::string_view tag) {
  return tag.substr(0, std::min(tag.find_first_of(" \t\r\n/>"), tag.size()));
}

std::string element_name(std::string_view name, const store::Redactor& redactor) {
  const auto local = local_name(name);
  constexpr std::size_t short_prefix = 4;  // "xs:" says nothing
  const auto prefix = name.substr(0, name.size() - local.size());
  return (prefix.size() <= short_prefix ? std::string(prefix) : redactor.words(prefix)) +
         (is_harmless_name(local) ? std::string(local) : redactor.words(local));
}

// "&amp;" is markup, not a word; "&#112;" may be one, letter by letter.
std::string reference(std::string_view whole, const store::Redactor& redactor) {
  if (!whole.ends_with(';')) return std::string(whole);
  const auto inside = whole.substr(1, whole.size() - 2);
  if (inside.starts_with('#')) return "&#63;";
  return is_listed(inside, named_entities) ? std::string(whole) : "&" + redactor.words(inside) + ";";
}

using Change = std::function<std::string(std::string_view)>;

std::string between_references(std::string_view text, const store::Redactor& redactor, const Change& change) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto entity = std::min(text.find('&', at), text.size());
    out += change(text.substr(at, entity - at));
    if (entity == text.size()) break;
    constexpr std::size_t longest = 40;
    const auto end = text.substr(entity, longest).find_first_of("; \t\r\n<");
    const bool is_reference = end != std::string_view::npos && text[entity + end] == ';';
    at = is_reference ? entity + end + 1 : entity + 1;
    out += reference(text.substr(entity, at - entity), redactor);
  }
  return out;
}

// An octet of Latin-1 in the place of each that is none of UTF-8: a fault of its own.
std::string with_bad_octets(std::string_view text, std::string changed) {
  const auto octet = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  if (changed.size() != text.size()) return changed;
  for (std::size_t at = 0; at < text.size();) {
    const unsigned first = octet(at);
    const std::size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    bool is_good = first < 0x80 || (first >= 0xc2 && first < 0xf5);
    for (std::size_t i = 1; i < length; ++i) is_good = is_good && (octet(at + i) & 0xc0U) == 0x80;
    if (!is_good) changed[at] = '\xe9';
    at += is_good ? length : 1;
  }
  return changed;
}

// "arc=pass as[1].d=d1.example as[1].s=s1 remote-ip[1]=2001:DB8::1A" (RFC 8617 section 7.2.2).
std::string arc_comment(std::string_view text, const store::Redactor& redactor) {
  constexpr std::array<std::string_view, 4> beginnings = {"arc=", "as[", "ams[", "remote-ip["};
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of(" \t\r\n", at), text.size());
    const auto word = text.substr(at, end - at);
    const auto value = std::min(word.find('='), word.size() - 1) + 1;
    const bool is_known = !word.empty() && std::any_of(beginnings.begin(), beginnings.end(),
                                                       [&](auto one) { return word.starts_with(one); });
    const bool is_selector = is_known && word.substr(0, value).ends_with(".s=") && is_token(word.substr(value));
    out += is_selector ? std::string(word)
           : is_known  ? std::string(word.substr(0, value)) + redactor.masked(word.substr(value))
                       : redactor.words(word);
    if (end < text.size()) out += text[end];
    at = end + 1;
  }
  return out;
}

std::string plain_value(std::string_view text, Content content, const store::Redactor& redactor) {
  const auto bare = ingest::trimmed(text);
  switch (content) {
    case Content::name:
      return redactor.addresses(text);
    case Content::id:
      return bare.find_first_of(" \t\r\n") == std::string_view::npos ? redactor.addresses(text) : redactor.masked(text);
    case Content::contact:
      return people(text, redactor);
    case Content::domain:
      if (bare.find('@') != std::string_view::npos) return people(text, redactor);
      return is_host_name(bare, redactor) ? std::string(text) : redactor.masked(text);
    case Content::token:
      return is_token(bare) ? std::string(text) : redactor.words(text);
    case Content::machine:
      return is_schema_word(bare) ? std::string(text) : redactor.masked(text);
    case Content::sentence:
      return bare.starts_with("arc=") ? arc_comment(text, redactor) : redactor.words(text);
    case Content::structure:
    case Content::words:
      break;
  }
  return redactor.words(text);
}

std::string value_of(std::string_view text, Content content, const store::Redactor& redactor) {
  return with_bad_octets(text, plain_value(text, content, redactor));
}

struct Escape {
  std::string_view name;
  char octet;
};
constexpr std::array escapes = {Escape{"&lt;", '<'}, Escape{"&gt;", '>'}, Escape{"&quot;", '"'}, Escape{"&amp;", '&'}};

// A report whose markup is written as text: "&lt;feedback&gt;".
bool holds_escaped_report(std::string_view text) { return ingest::contains_folded(text, "&lt;feedback"); }

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto* const found = std::find_if(escapes.begin(), escapes.end(), [&](const Escape& one) {
      return text.substr(at, one.name.size()) == one.name;
    });
    out += found == escapes.end() ? text[at] : found->octet;
    at += found == escapes.end() ? 1 : found->name.size();
  }
  return out;
}

std::string escaped(std::string_view text, bool has_quotes) {
  std::string out;
  for (const char c : text) {
    const auto* const found =
        std::find_if(escapes.begin(), escapes.end(), [&](const Escape& one) { return one.octet == c; });
    if (found == escapes.end() || (c == '"' && !has_quotes))
      out += c;
    else
      out += found->name;
  }
  return out;
}

// The end of the markup that begins at `at`: a comment, a CDATA section or a tag.
std::size_t markup_end(std::string_view text, std::size_t at) {
  const auto behind = [&](std::string_view mark) {
    const auto found = text.find(mark, at);
    return found == std::string_view::npos ? text.size() : found + mark.size();
  };
  if (text.substr(at, 4) == "<!--") return behind("-->");
  if (text.substr(at, 9) == "<![CDATA[") return behind("]]>");
  if (text.substr(at, 2) == "<?") return behind("?>");
  return behind(">");
}

// Attributes: those of namespaces and of the XML declaration stay, with the values that the schemas have.
std::string attributes(std::string_view text, const store::Redactor& redactor) {
  std::string out;
  std::string_view name;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      const auto end = std::min(text.find(c, at + 1), text.size());
      const auto value = text.substr(at + 1, end - at - 1);
      const bool is_plain = is_schema_namespace(value) ||
                            (ascii::equal_folded(name, "version") && redactor.masked(value) == value) ||
                            (ascii::equal_folded(name, "encoding") && is_charset_name(value)) ||
                            (ascii::equal_folded(name, "standalone") && (value == "yes" || value == "no"));
      out += c + (is_plain ? std::string(value) : redactor.words(value));
      if (end < text.size()) out += c;
      at = std::min(end + 1, text.size());
      continue;
    }
    const auto end = std::min(text.find_first_of(" \t\r\n=\"'/?>", at), text.size());
    name = text.substr(at, end - at);
    const bool is_known = name == "xmlns" || name == "version" || name == "encoding" || name == "standalone";
    if (name.starts_with("xmlns:"))
      out += "xmlns:" + (name.size() <= 9 ? std::string(name.substr(6)) : redactor.words(name.substr(6)));
    else
      out += is_known ? std::string(name) : redactor.words(name);
    at = end;
    while (at < text.size() && std::string_view(" \t\r\n=/?>").find(text[at]) != std::string_view::npos)
      out += text[at++];
  }
  return out;
}

std::string tag(std::string_view whole, const store::Redactor& redactor) {
  const std::size_t begin = whole.starts_with("</") ? 2 : 1;
  const auto name = tag_name(whole.substr(begin));
  return std::string(whole.substr(0, begin)) + element_name(name, redactor) +
         attributes(whole.substr(begin + name.size()), redactor);
}

std::string declaration(std::string_view whole, const store::Redactor& redactor) {
  for (const auto known : declarations)
    if (whole.starts_with(known)) return std::string(known) + redactor.words(whole.substr(known.size()));
  return redactor.words(whole);
}

}  // namespace

std::string Anonymiser::xml_markup(std::string_view whole, std::string_view element) {
  if (whole.starts_with("<![CDATA[")) {
    const auto* const rule = element_of(element);
    const auto length = whole.size() - 9 - (whole.ends_with("]]>") && whole.size() >= 12 ? 3 : 0);
    return "<![CDATA[" +
           value_of(whole.substr(9, length), rule == nullptr ? Content::words : rule->content, redactor_) +
           std::string(whole.substr(9 + length));
  }
  if (whole.starts_with("<?xml") && tag_name(whole.substr(2)) == "xml")
    return "<?xml" + attributes(whole.substr(5), redactor_);
  if (whole.starts_with("<!") || whole.starts_with("<?")) return declaration(whole, redactor_);
  return tag(whole, redactor_);
}

std::string Anonymiser::xml(std::string_view text) {
  ++counts_.xml;
  constexpr std::string_view order_mark = "\xef\xbb\xbf";
  std::string out;
  for (; text.starts_with(order_mark); text.remove_prefix(order_mark.size())) out += order_mark;
  std::string_view element;  // whose text comes next; empty: none of a schema
  for (std::size_t at = 0; at < text.size();) {
    const auto markup = std::min(text.find('<', at), text.size());
    const auto content = text.substr(at, markup - at);
    const auto* const rule = element_of(element);
    const Content kind = rule == nullptr ? Content::words : rule->content;
    counts_.texts += (kind == Content::sentence || kind == Content::words) && !ingest::trimmed(content).empty() ? 1 : 0;
    out += holds_escaped_report(content) ? escaped_report(content)
                                         : between_references(content, redactor_, [&](std::string_view piece) {
                                             return value_of(piece, kind, redactor_);
                                           });
    if (markup == text.size()) break;
    at = markup_end(text, markup);
    const auto whole = text.substr(markup, at - markup);
    out += xml_markup(whole, element);
    if (whole.starts_with("</"))
      element = {};
    else if (!whole.starts_with("<!") && !whole.starts_with("<?"))
      element = tag_name(whole.substr(1));
  }
  return out;
}

std::string Anonymiser::escaped_report(std::string_view text) {
  return escaped(xml(unescaped(text)), text.find("&quot;") != std::string_view::npos);
}

// Attributes hold links and names: of a tag its name alone stays.
std::string Anonymiser::html(std::string_view text) {
  ++counts_.texts;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = std::min(text.find('<', at), text.size());
    const auto content = text.substr(at, begin - at);
    out += holds_escaped_report(content)
               ? escaped_report(content)
               : between_references(content, redactor_, [&](std::string_view piece) { return redactor_.words(piece); });
    if (begin == text.size()) break;
    at = markup_end(text, begin);
    const auto whole = text.substr(begin, at - begin);
    if (whole.starts_with("<!--")) continue;
    const bool is_end = whole.starts_with("</");
    const auto name = tag_name(whole.substr(is_end ? 2 : 1));
    out += (is_end ? "</" : "<") + (is_html_tag(name) ? std::string(name) : redactor_.words(name)) + ">";
  }
  return out;
}

}  // namespace ruaudit::jobs
