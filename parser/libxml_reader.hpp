// libxml2's SAX2 push parser between the repairing tokenizer and the builder. In: tokens that make well-formed XML by
// construction; out: calls of the builder. libxml2 reads references, attributes and namespaces; it is never given a
// DOCTYPE, is told not to use the network, and its own complaints become a Defect (none is expected). What belongs to a
// place of the source (lines, Defects, breaks) travels beside the text in queues, so that it arrives in document order
// however far libxml2 reads ahead. Exceptions do not cross its C frames: the first one stops it and is an error.
#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "parser/aggregate_builder.hpp"
#include "parser/xml_markup.hpp"

namespace ruaudit::parser {

class LibxmlReader {
 public:
  LibxmlReader(AggregateBuilder& builder, const AggregateLimits& limits);
  ~LibxmlReader();
  LibxmlReader(const LibxmlReader&) = delete;
  LibxmlReader& operator=(const LibxmlReader&) = delete;

  enum class Start : std::uint8_t { known, unknown, resumed };  // resumed: the builder knows of it already
  // node: what it means, wherever it stands; name: of unknown elements, as written.
  void start(Start kind, Node node, std::string_view name, const Attributes& attributes, std::uint32_t line);
  void end(Node node);
  void text(std::string_view text);  // literal characters
  void reference(std::string_view reference);
  // Something the builder must hear at this place of the text.
  // mark_leaf: the text may end here; cut_leaf: it does, if it was marked, and without its broken end tag.
  enum class NoteKind : std::uint8_t { defect, damage, break_record, drop_leaf, mark_leaf, cut_leaf };
  struct Note {
    NoteKind kind;
    std::string code;
    std::string detail;
    std::uint32_t line;
  };
  void note(Note note);

  // Gives libxml2 what has gathered. An error only where libxml2 gave up.
  model::Result<void> flush_if_full();
  model::Result<void> finish();

 private:
  struct Sax;
  friend struct Sax;
  struct StartInfo {
    Start kind;
    Node node;
    std::string name;  // of unknown elements, as written
    std::uint32_t line;
  };
  struct Frame {
    Node node;
    std::uint32_t line;
  };

  void on_start(std::string_view xml_namespace, std::string_view lang);
  void on_unknown_start(const StartInfo& info);
  void on_end();
  void on_text(std::string_view text);
  void on_note();
  void on_complaint(std::string_view message, int line);
  void cut_leaf();
  model::Result<void> push(bool is_last);
  [[nodiscard]] bool has_thrown() const { return is_out_of_memory_ || thrown_; }

  AggregateBuilder& builder_;
  const AggregateLimits& limits_;
  struct Context;
  std::unique_ptr<Context> context_;
  std::string out_;  // not yet given to libxml2
  std::deque<StartInfo> starts_;
  std::deque<Note> notes_;
  std::vector<Frame> frames_;
  std::string leaf_text_, leaf_lang_;
  std::size_t leaf_mark_ = std::string::npos;
  std::string unknown_detail_, unknown_code_;
  std::uint32_t last_line_ = 0;
  bool has_complained_ = false;
  bool is_leaf_dropped_ = false;
  std::optional<std::string> thrown_;
  bool is_out_of_memory_ = false;
};

}  // namespace ruaudit::parser
