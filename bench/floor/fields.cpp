#include "bench/floor/fields.hpp"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <charconv>
#include <cstring>

#include "bench/floor/mails.hpp"

namespace floor_bench {
namespace {

struct Extraction {
  FieldSink* sink;
  Head head;
  Fields fields;
  std::string text;
  bool in_published = false, in_auth = false, is_leaf = false;
};

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

AuthResult& auth(Extraction& x) {
  if (x.fields.auths == 0 || x.fields.auth.size() < x.fields.auths) give_up("a result outside auth_results");
  return x.fields.auth[x.fields.auths - 1];
}

void begin_record(Extraction& x) {
  Fields& f = x.fields;
  f.count = 0;
  f.auths = 0;
  for (std::string* text :
       {&f.source_ip, &f.disposition, &f.dkim, &f.spf, &f.reason, &f.header_from, &f.envelope_from, &f.envelope_to})
    text->clear();
}

void begin_auth(Extraction& x) {
  Fields& f = x.fields;
  if (f.auth.size() == f.auths) f.auth.emplace_back();
  AuthResult& next = f.auth[f.auths++];
  next.domain.clear();
  next.selector.clear();
  next.result.clear();
}

using Setter = void (*)(Extraction&);
struct Element {
  const char* name;
  Setter end;
};

constexpr Element elements[] = {
    {"source_ip", [](Extraction& x) { x.fields.source_ip = x.text; }},
    {"count", [](Extraction& x) { x.fields.count = number(x.text); }},
    {"disposition", [](Extraction& x) { x.fields.disposition = x.text; }},
    {"dkim",
     [](Extraction& x) {
       if (!x.in_auth) x.fields.dkim = x.text;
     }},
    {"spf",
     [](Extraction& x) {
       if (!x.in_auth) x.fields.spf = x.text;
     }},
    {"type", [](Extraction& x) { x.fields.reason = x.text; }},
    {"header_from", [](Extraction& x) { x.fields.header_from = x.text; }},
    {"envelope_from", [](Extraction& x) { x.fields.envelope_from = x.text; }},
    {"envelope_to", [](Extraction& x) { x.fields.envelope_to = x.text; }},
    {"domain", [](Extraction& x) { (x.in_published ? x.head.domain : auth(x).domain) = x.text; }},
    {"selector", [](Extraction& x) { auth(x).selector = x.text; }},
    {"result", [](Extraction& x) { auth(x).result = x.text; }},
    {"auth_results", [](Extraction& x) { x.in_auth = false; }},
    {"record", [](Extraction& x) { x.sink->record(x.fields); }},
    {"org_name", [](Extraction& x) { x.head.org_name = x.text; }},
    {"email", [](Extraction& x) { x.head.email = x.text; }},
    {"report_id", [](Extraction& x) { x.head.report_id = x.text; }},
    {"begin", [](Extraction& x) { x.head.begin = number(x.text); }},
    {"end", [](Extraction& x) { x.head.end = number(x.text); }},
    {"p", [](Extraction& x) { x.head.policy = x.text; }},
    {"sp", [](Extraction& x) { x.head.subdomain_policy = x.text; }},
    {"policy_published", [](Extraction& x) { x.in_published = false; }},
    {"feedback", [](Extraction& x) { x.sink->report(x.head); }},
};

// Names differ in length and first letter far enough that a chain of few comparisons finds each.
struct Names {
  static constexpr std::size_t slots = 512;
  const Element* slot[slots] = {};
  static std::size_t slot_of(const char* name, std::size_t length) {
    const auto at = [name](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(name[i])); };
    return (length * 67 + at(0) * 5 + at(length / 2) * 31 + at(length - 1) * 13) % slots;
  }
  Names() {
    for (const Element& element : elements) {
      std::size_t at = slot_of(element.name, std::strlen(element.name));
      while (slot[at] != nullptr) at = (at + 1) % slots;
      slot[at] = &element;
    }
  }
  [[nodiscard]] const Element* find(const char* name) const {
    std::size_t at = slot_of(name, std::strlen(name));
    while (slot[at] != nullptr && std::strcmp(slot[at]->name, name) != 0) at = (at + 1) % slots;
    return slot[at];
  }
};

const char* chars(const xmlChar* text) { return reinterpret_cast<const char*>(text); }

void start_element(void* user, const xmlChar* local, const xmlChar*, const xmlChar*, int, const xmlChar**, int, int,
                   const xmlChar**) {
  auto& x = *static_cast<Extraction*>(user);
  const std::string_view name = chars(local);
  x.text.clear();
  x.is_leaf = true;
  if (name == "record")
    begin_record(x);
  else if (name == "policy_published")
    x.in_published = true;
  else if (name == "auth_results")
    x.in_auth = true;
  else if (x.in_auth && (name == "dkim" || name == "spf"))
    begin_auth(x);
}

void end_element(void* user, const xmlChar* local, const xmlChar*, const xmlChar*) {
  static const Names names;
  auto& x = *static_cast<Extraction*>(user);
  if (const Element* element = names.find(chars(local))) element->end(x);
  x.is_leaf = false;
}

void characters(void* user, const xmlChar* text, int length) {
  auto& x = *static_cast<Extraction*>(user);
  if (x.is_leaf) x.text.append(chars(text), static_cast<std::size_t>(length));
}

}  // namespace

void parse_fields(std::string_view xml, FieldSink& sink) {
  Extraction extraction{&sink, {}, {}, {}};
  xmlSAXHandler handler{};
  handler.initialized = XML_SAX2_MAGIC;
  handler.startElementNs = start_element;
  handler.endElementNs = end_element;
  handler.characters = handler.ignorableWhitespace = characters;
  xmlParserCtxt* context = xmlCreateMemoryParserCtxt(xml.data(), static_cast<int>(xml.size()));
  if (context == nullptr) give_up("libxml2 does not start");
  xmlSAXHandler* const own = context->sax;
  context->sax = &handler;
  context->userData = &extraction;
  xmlCtxtUseOptions(context, XML_PARSE_NONET | XML_PARSE_HUGE);
  context->sax2 = 1;
  if (xmlParseDocument(context) != 0) give_up("XML that is not well-formed");
  context->sax = own;
  xmlFreeParserCtxt(context);
}

}  // namespace floor_bench
