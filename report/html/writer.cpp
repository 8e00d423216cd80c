#include "report/html/writer.hpp"

#include <openssl/evp.h>

#include <cassert>
#include <charconv>

#include "report/safe_text.hpp"

namespace ruaudit::report::html {
namespace {

void append(std::string& out, std::int64_t number) {
  char digits[24];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
  out.append(digits, end);
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
}

bool is_plain(std::string_view text) {
  for (const char c : text)
    if (c < ' ' || c > '~') return false;
  return true;
}

// Most text is ASCII: only the rest is looked at by character.
void append_harmless(std::string& out, std::string_view text) {
  if (is_plain(text))
    append_escaped(out, text);
  else
    append_escaped(out, harmless(text));
}

}  // namespace

void element_is_not_allowed() {}
void attribute_is_not_allowed() {}
void style_is_not_allowed() {}

std::string escaped(std::string_view text) {
  std::string out;
  append_harmless(out, text);
  return out;
}

std::string base64(std::string_view octets) {
  std::string out((octets.size() + 2) / 3 * 4 + 1, '\0');  // with the NUL that OpenSSL writes
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(octets.data()), static_cast<int>(octets.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

void Writer::start(std::string_view element, Attributes attributes) {
  (out_ += '<') += element;
  for (const Attribute& attribute : attributes) {
    (out_ += ' ') += attribute.name_;
    if (!attribute.has_value_) continue;
    (out_ += "=\"") += attribute.prefix_;
    if (attribute.number_)
      append(out_, *attribute.number_);
    else
      append_harmless(out_, attribute.text_);
    (out_ += attribute.suffix_) += '"';
  }
}

void Writer::open(Element element, Attributes attributes) {
  start(element.text(), attributes);
  out_ += '>';
  open_.push_back(element.text());
}

void Writer::close() {
  assert(!open_.empty());
  ((out_ += "</") += open_.back()) += '>';
  open_.pop_back();
}

void Writer::leaf(Element element, Attributes attributes) {
  start(element.text(), attributes);
  out_ += "/>";
}

void Writer::text(std::string_view text) { append_harmless(out_, text); }
void Writer::text(std::int64_t number) { append(out_, number); }

void Writer::line(Element element, Attributes attributes, std::string_view text) {
  open(element, attributes);
  append_harmless(out_, text);
  close();
}

void Writer::style_sheet(Markup text) { ((out_ += "<style>") += text.text()) += "</style>"; }
void Writer::script(Markup text) { ((out_ += "<script>") += text.text()) += "</script>"; }

void Writer::data_block(Markup id, std::string_view octets) {
  ((out_ += "<script type=\"text/plain\" id=\"") += id.text()) += "\">";
  (out_ += base64(octets)) += "</script>";
}

void Writer::policy(std::string_view content) {
  out_ += "<meta http-equiv=\"Content-Security-Policy\" content=\"";
  append_harmless(out_, content);
  out_ += "\"/>";
}

std::string Writer::take() {
  assert(open_.empty());
  return std::move(out_);
}

}  // namespace ruaudit::report::html
