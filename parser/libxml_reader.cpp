#include "parser/libxml_reader.hpp"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <new>

#include "model/out_of_memory.hpp"
#include "parser/aggregate_values.hpp"
#include "parser/element_names.hpp"

namespace ruaudit::parser {
namespace {

constexpr std::size_t block = 16'384;
constexpr std::size_t max_unknown_detail = 400;

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(text));
}

void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto next = text.find_first_of("<>&\"");
    out.append(text.substr(0, next));
    if (next == std::string_view::npos) return;
    const char c = text[next];
    out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : "&quot;";
    text.remove_prefix(next + 1);
  }
}

std::string_view element_name(Node node) { return node == Node::unknown ? "x" : row_of(node).name; }

}  // namespace

struct LibxmlReader::Context {
  struct Free {
    void operator()(xmlParserCtxt* context) const {
      if (context->myDoc != nullptr) xmlFreeDoc(context->myDoc);
      xmlFreeParserCtxt(context);
    }
  };
  std::unique_ptr<xmlParserCtxt, Free> handle;
};

// The C callbacks: each one forwards to the reader and lets no exception through.
struct LibxmlReader::Sax {
  template <class Function>
  static void guarded(void* user, Function function) noexcept {
    auto& reader = *static_cast<LibxmlReader*>(user);
    if (reader.has_thrown()) return;
    try {
      function(reader);
    } catch (const std::bad_alloc&) {
      reader.is_out_of_memory_ = true;
    } catch (const std::exception& caught) {
      reader.thrown_ = caught.what();
    }
    if (reader.has_thrown()) xmlStopParser(reader.context_->handle.get());
  }
  static void start(void* user, const xmlChar* /*local*/, const xmlChar* /*prefix*/, const xmlChar* uri, int /*n*/,
                    const xmlChar** /*namespaces*/, int count, int /*defaulted*/, const xmlChar** attributes) {
    guarded(user, [&](LibxmlReader& reader) {
      std::string_view lang;
      for (int i = 0; i < count; ++i) {
        const xmlChar** const a = attributes + static_cast<std::ptrdiff_t>(i) * 5;  // local, prefix, URI, begin, end
        const char* const begin = reinterpret_cast<const char*>(a[3]);
        if (view(a[0]) == "lang") lang = {begin, static_cast<std::size_t>(reinterpret_cast<const char*>(a[4]) - begin)};
      }
      reader.on_start(view(uri), lang);
    });
  }
  static void end(void* user, const xmlChar*, const xmlChar*, const xmlChar*) {
    guarded(user, [](LibxmlReader& reader) { reader.on_end(); });
  }
  static void text(void* user, const xmlChar* text, int length) {
    guarded(user, [&](LibxmlReader& reader) {
      reader.on_text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)});
    });
  }
  static void instruction(void* user, const xmlChar*, const xmlChar*) {
    guarded(user, [](LibxmlReader& reader) { reader.on_note(); });
  }
  static void complaint(void* user, xmlErrorPtr error) {
    if (error == nullptr || error->domain == XML_FROM_NAMESPACE || error->level < XML_ERR_ERROR) return;
    guarded(user, [&](LibxmlReader& reader) {
      if (error->code == XML_ERR_NO_MEMORY) model::throw_out_of_memory();
      reader.on_complaint(error->message == nullptr ? "" : error->message, error->line);
    });
  }
  static xmlSAXHandler handler() {
    xmlSAXHandler sax{};
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = start;
    sax.endElementNs = end;
    sax.characters = text;
    sax.ignorableWhitespace = text;
    sax.cdataBlock = text;
    sax.processingInstruction = instruction;
    sax.serror = complaint;
    return sax;
  }
};

LibxmlReader::LibxmlReader(AggregateBuilder& builder, const AggregateLimits& limits)
    : builder_(builder), limits_(limits), context_(std::make_unique<Context>()) {
  xmlInitParser();
  xmlSAXHandler sax = Sax::handler();
  context_->handle.reset(xmlCreatePushParserCtxt(&sax, this, nullptr, 0, nullptr));
  if (context_->handle) xmlCtxtUseOptions(context_->handle.get(), XML_PARSE_NONET | XML_PARSE_RECOVER);
}

LibxmlReader::~LibxmlReader() = default;

// Names of unknown elements stay out of libxml2 and its dictionary: it sees <x>.
void LibxmlReader::start(Start kind, Node node, std::string_view name, const Attributes& attributes,
                         std::uint32_t line) {
  const bool is_known = kind == Start::known;
  starts_.push_back({kind, node, kind == Start::unknown ? std::string(cut_text(name, 200)) : std::string(), line});
  ((out_ += '<') += element_name(node));
  const auto attribute = [this](std::string_view key, std::string_view value) {
    if (value.empty()) return;
    const char quote = value.find('"') == std::string_view::npos ? '"' : '\'';
    ((((out_ += ' ') += key) += '=') += quote) += value;
    out_ += quote;
  };
  if (is_known && node == Node::feedback) attribute("xmlns", attributes.xml_namespace);
  if (is_known) attribute("lang", attributes.lang);
  if (kind == Start::unknown && !attributes.xml_namespace.empty()) starts_.back().name += "\n";  // marks an extension
  out_ += '>';
}

void LibxmlReader::end(Node node) { ((out_ += "</") += element_name(node)) += '>'; }
void LibxmlReader::text(std::string_view text) { append_escaped(out_, text); }
void LibxmlReader::reference(std::string_view reference) { out_ += reference; }
void LibxmlReader::note(Note note) {
  notes_.push_back(std::move(note));
  out_ += "<?n?>";
}

model::Result<void> LibxmlReader::flush_if_full() { return out_.size() < block ? model::Result<void>{} : push(false); }
model::Result<void> LibxmlReader::finish() { return push(true); }

model::Result<void> LibxmlReader::push(bool is_last) {
  if (!context_->handle) model::throw_out_of_memory();
  for (std::size_t at = 0; at < out_.size() && !has_thrown(); at += block) {
    const std::size_t size = std::min(block, out_.size() - at);
    xmlParseChunk(context_->handle.get(), out_.data() + at, static_cast<int>(size), 0);
  }
  out_.clear();
  if (is_last && !has_thrown()) xmlParseChunk(context_->handle.get(), nullptr, 0, 1);
  if (is_out_of_memory_) model::throw_out_of_memory();  // the machine's matter, not the report's
  if (thrown_) return model::failure("internal", "reading the XML failed: " + *thrown_);
  return {};
}

void LibxmlReader::on_start(std::string_view xml_namespace, std::string_view lang) {
  if (starts_.empty()) return;
  const StartInfo info = std::move(starts_.front());
  starts_.pop_front();
  last_line_ = info.line;
  const Node node = info.node;
  if (node == Node::unknown) return on_unknown_start(info);
  frames_.push_back({node, info.line});
  if (is_leaf(node)) {
    leaf_text_.clear();
    leaf_lang_ = lang;
    leaf_mark_ = std::string::npos;
    return;
  }
  if (info.kind == Start::resumed) return;
  if (node == Node::feedback) builder_.root(xml_namespace, info.line);
  builder_.open(node, info.line);
}

void LibxmlReader::on_unknown_start(const StartInfo& info) {
  const bool is_outermost = frames_.empty() || frames_.back().node != Node::unknown;
  frames_.push_back({Node::unknown, info.line});
  if (!is_outermost) {
    builder_.unknown({}, {}, info.line);
    return;
  }
  const bool has_namespace = info.name.ends_with('\n');
  const std::string_view name = trimmed(info.name);
  const bool is_extension = has_namespace || name == "extension" || name.find(':') != std::string_view::npos;
  unknown_code_ = is_extension ? "extension" : "unknown-element";
  unknown_detail_ = frames_.size() < 2 ? "" : row_of(frames_[frames_.size() - 2].node).path;
  unknown_detail_ += '/';
  unknown_detail_ += name;
  unknown_detail_ += ": ";
}

void LibxmlReader::on_end() {
  if (frames_.empty()) return;
  const Frame frame = frames_.back();
  frames_.pop_back();
  if (frame.node == Node::unknown) {
    const bool is_outermost = frames_.empty() || frames_.back().node != Node::unknown;
    if (is_outermost)
      builder_.unknown(unknown_code_, trimmed(cut_text(unknown_detail_, max_unknown_detail)), frame.line);
  } else if (is_leaf(frame.node)) {
    if (!std::exchange(is_leaf_dropped_, false)) builder_.leaf(frame.node, {leaf_text_, leaf_lang_, frame.line});
  } else {
    builder_.close(frame.node == Node::identities ? Node::identifiers : frame.node);
  }
}

void LibxmlReader::on_text(std::string_view text) {
  if (frames_.empty()) return;
  const Node node = frames_.back().node;
  if (node == Node::unknown) {
    if (unknown_detail_.size() < max_unknown_detail) unknown_detail_ += cut_text(text, max_unknown_detail);
  } else if (is_leaf(node)) {
    // One octet too many is enough for the builder to see that the limit was passed; it cuts.
    const std::size_t room = limits_.text_bytes + 8 - std::min(leaf_text_.size(), limits_.text_bytes + 8);
    leaf_text_ += text.substr(0, room);
  } else if (node == Node::reason) {
    builder_.reason_text(text);
  }
}

void LibxmlReader::on_note() {
  if (notes_.empty()) return;
  const Note note = std::move(notes_.front());
  notes_.pop_front();
  if (note.kind == NoteKind::break_record) return builder_.break_record();
  if (note.kind == NoteKind::drop_leaf) {
    is_leaf_dropped_ = true;
    return;
  }
  if (note.kind == NoteKind::mark_leaf) {
    leaf_mark_ = std::min(leaf_mark_, leaf_text_.size());
    return;
  }
  if (note.kind == NoteKind::cut_leaf) return cut_leaf();
  if (note.kind == NoteKind::damage) return builder_.damage(note.code, note.detail, note.line);
  builder_.defect(note.code, note.detail, note.line);
}

// The text of a leaf that lost its end tag: up to the mark, and without what is left of the end tag
// ("2025/report_id>").
void LibxmlReader::cut_leaf() {
  if (frames_.empty() || !is_leaf(frames_.back().node)) return;
  leaf_text_.resize(std::min(leaf_text_.size(), leaf_mark_));
  std::string_view text = trimmed(leaf_text_);
  if (text.ends_with('>')) text.remove_suffix(1);
  const std::string_view name = row_of(frames_.back().node).name;
  if (text.size() < name.size() || !same_name(text.substr(text.size() - name.size()), name)) return;
  text.remove_suffix(name.size());
  const bool has_slash = text.ends_with('/');
  if (!has_slash && !trimmed(leaf_text_).ends_with('>')) return;  // a text may end with the word
  if (has_slash) text.remove_suffix(1);
  leaf_text_ = std::string(text);
}

void LibxmlReader::on_complaint(std::string_view message, int /*line*/) {
  if (has_complained_) return;
  has_complained_ = true;
  builder_.damage("not-well-formed", trimmed(message), last_line_);
}

}  // namespace ruaudit::parser
