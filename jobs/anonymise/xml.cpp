// Aggregate reports and other XML: element text alone changes, and of it what people write. HTML: texts and attributes.
#include <algorithm>
#include <array>

#include "jobs/anonymise/anonymiser.hpp"
#include "mail/header_field.hpp"

namespace ruaudit::jobs {
namespace {

// Elements in which people write sentences (RFC 7489 appendix C, RFC 9990 appendix A).
constexpr std::array<std::string_view, 5> sentence_elements = {"extra_contact_info", "error", "comment", "human_result",
                                                               "generator"};

std::string_view local_name(std::string_view tag) {
  const auto end = std::min(tag.find_first_of(" \t\r\n/>"), tag.size());
  auto name = tag.substr(0, end);
  if (const auto colon = name.rfind(':'); colon != std::string_view::npos) name.remove_prefix(colon + 1);
  return name;
}

bool holds_sentences(std::string_view element) {
  return std::any_of(sentence_elements.begin(), sentence_elements.end(),
                     [&](std::string_view one) { return ingest::equals_folded(one, element); });
}

// "&amp;" is markup, not a word.
std::string words_between_entities(const store::Redactor& redactor, std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto entity = std::min(text.find('&', at), text.size());
    out += redactor.words(text.substr(at, entity - at));
    if (entity == text.size()) break;
    constexpr std::size_t longest = 13;
    const auto end = text.substr(entity, longest).find(';');
    const auto stop = entity + (end == std::string_view::npos ? 1 : end + 1);
    out += text.substr(entity, stop - entity);
    at = stop;
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
  return behind(">");
}

}  // namespace

std::string Anonymiser::xml(std::string_view text) {
  ++counts_.xml;
  std::string out;
  std::string_view element;
  for (std::size_t at = 0; at < text.size();) {
    const auto markup = std::min(text.find('<', at), text.size());
    const auto content = text.substr(at, markup - at);
    const bool is_arc = ingest::trimmed(content).starts_with("arc=");
    const bool is_sentence = holds_sentences(element) && !is_arc;
    counts_.texts += is_sentence && !ingest::trimmed(content).empty() ? 1 : 0;
    out += is_sentence ? words_between_entities(redactor_, content) : redactor_.addresses(content);
    if (markup == text.size()) break;
    at = markup_end(text, markup);
    const auto whole = text.substr(markup, at - markup);
    element = whole.starts_with("</") || whole.starts_with("<!") || whole.starts_with("<?")
                  ? std::string_view()
                  : local_name(whole.substr(1));
    if (whole.starts_with("<!--"))
      out += "<!--" + redactor_.words(whole.substr(4, std::max<std::size_t>(whole.size(), 7) - 7)) + "-->";
    else if (whole.starts_with("<![CDATA["))
      out += "<![CDATA[" + redactor_.words(whole.substr(9));
    else
      out += redactor_.addresses(whole);
  }
  return out;
}

// Attributes hold links and names: of a tag its name alone stays.
std::string Anonymiser::html(std::string_view text) {
  ++counts_.texts;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto tag = std::min(text.find('<', at), text.size());
    out += words_between_entities(redactor_, text.substr(at, tag - at));
    if (tag == text.size()) break;
    at = markup_end(text, tag);
    const auto whole = text.substr(tag, at - tag);
    if (whole.starts_with("<!--")) continue;
    const bool is_end = whole.starts_with("</");
    out += (is_end ? "</" : "<") + std::string(local_name(whole.substr(is_end ? 2 : 1))) + ">";
  }
  return out;
}

}  // namespace ruaudit::jobs
