#include "ingest/mime_split.hpp"

#include <algorithm>
#include <cstring>

#include "mail/header_field.hpp"
#include "mail/transfer_decode.hpp"
#include "model/ascii.hpp"
#include "model/planted_bug.hpp"

namespace ruaudit::ingest {

namespace {

constexpr std::size_t max_boundary = 998;  // RFC 2046 says 70, RFC 5322 a line of 998
constexpr std::size_t drop_window = 1U << 20U;
constexpr auto npos = std::string_view::npos;

struct OpenMultipart {
  std::string boundary;
  std::string number;
  Range header;
  std::size_t body_begin = 0;
  unsigned children = 0;
};

struct Delimiter {
  std::size_t line_begin = 0;
  std::size_t next_line = 0;
  std::size_t level = 0;  // index into the stack
  bool closes = false;
};

class Splitter {
 public:
  Splitter(const Bytes& mail, const UnpackLimits& limits) : mail_(mail), text_(mail.view()), limits_(limits) {}

  Range header_only() { return read_header(0); }

  MailParts run() {
    begin_entity(0, "");
    while (!found_.error && !stack_.empty()) {
      const auto delimiter = find_delimiter();
      end_leaf(delimiter ? delimiter->line_begin : text_.size());
      if (!delimiter) break;
      close_down_to(*delimiter);
    }
    while (!stack_.empty()) pop(text_.size(), "the mail ended");
    if (leaf_) end_leaf(text_.size());
    return std::move(found_);
  }

 private:
  void fail(std::string code, std::string message, std::string hint) {
    if (!found_.error) found_.error = model::Error{std::move(code), std::move(message), std::move(hint)};
  }
  void note(std::string code, std::string detail) {
    if (found_.defects.size() < 16) found_.defects.push_back({std::move(code), std::move(detail), 0, 0});
  }

  // Reads the header at begin, then either opens a multipart or starts a leaf.
  void begin_entity(std::size_t begin, std::string number) {
    const auto header = read_header(begin);
    if (begin == 0) found_.header = header;
    if (found_.error) return;
    const auto fields = part_fields(header.of(text_));
    if (fields.misspelt) note("content-type-misspelt", "a Content- field is misspelt in part " + number);
    auto boundary = boundary_of(fields);
    if (!boundary) {
      leaf_ = MimePart{std::move(number), header, {position_, position_}};
    } else if (stack_.size() >= limits_.mime_depth) {
      fail("mime-too-deep", "multiparts nest deeper than " + std::to_string(limits_.mime_depth),
           "look at the mail yourself");
    } else {
      stack_.push_back({std::move(*boundary), std::move(number), header, position_, 0});
    }
  }

  std::optional<std::string> boundary_of(const PartFields& fields) const {
    if (fields.content_type.empty()) return guessed_boundary();
    if (!contains_folded(fields.content_type.substr(0, 64), "multipart/")) return std::nullopt;
    auto boundary = boundary_parameter(fields.content_type);
    if (!boundary || boundary->size() > max_boundary) return guessed_boundary();
    return boundary;
  }

  // Without a usable Content-Type: a body whose first line is "--token", followed by a Content- field.
  std::optional<std::string> guessed_boundary() const {
    const auto begin = text_.find_first_not_of("\r\n", position_);
    if (begin == npos || text_.substr(begin, 2) != "--") return std::nullopt;
    const auto end = text_.substr(begin, max_boundary).find('\n');
    if (end == npos || end < 4) return std::nullopt;
    if (!ascii::equal_folded(text_.substr(begin + end + 1, 7), "content")) return std::nullopt;
    return std::string(trimmed(text_.substr(begin + 2, end - 2)));
  }

  // The header ends at an empty line, at a delimiter of an open multipart, or where octets of a body start without
  // an empty line. Leaves position_ at the first octet of the body.
  Range read_header(std::size_t begin) {
    std::size_t at = begin;
    while (at < text_.size()) {
      const auto window = text_.substr(at, limits_.header_bytes + 2);
      const auto length = std::min(window.find('\n'), window.size());
      const auto line = window.substr(0, length);
      const bool is_endless = at + length < text_.size() && length == window.size() && !line.starts_with('<');
      if (is_endless || at - begin > limits_.header_bytes) {
        fail("header-too-large", "a header block is larger than " + std::to_string(limits_.header_bytes) + " octets",
             "raise the header limit if you trust the mail");
        break;
      }
      if (line.empty() || line == "\r") {
        position_ = std::min(at + length + 1, text_.size());
        return {begin, at};
      }
      if (ends_header(line, at == begin)) break;
      at = std::min(at + length + 1, text_.size());
    }
    position_ = at;
    return {begin, at};
  }

  bool ends_header(std::string_view line, bool is_first) const {
    if (line.substr(0, 2) == "--") return is_first || matching_level(line).has_value();
    if (line.front() == ' ' || line.front() == '\t' || field_name_length(line) > 0) return false;
    if (line.front() == '<') return true;
    const auto body = trimmed(line);
    return body.size() >= 40 && std::all_of(body.begin(), body.end(), is_base64_octet);
  }

  struct Match {
    std::size_t level;
    bool closes;
  };
  // line without its "\n"; innermost first. Blanks after the delimiter are allowed (transport padding).
  std::optional<Match> matching_level(std::string_view line) const {
    line.remove_prefix(2);
    for (std::size_t level = stack_.size(); level-- > 0;) {
      const auto& boundary = stack_[level].boundary;
      if (line.substr(0, boundary.size()) != boundary) continue;
      auto rest = line.substr(boundary.size());
      const bool closes = rest.substr(0, 2) == "--";
      if (closes) rest.remove_prefix(2);
      if (rest.find_first_not_of(" \t\r") == npos) return Match{level, closes};
    }
    return std::nullopt;
  }

  // From position_, which is a line start.
  std::optional<Delimiter> find_delimiter() {
    std::size_t at = position_;
    while (at < text_.size()) {
      const auto window = std::min(text_.size() - at, drop_window);
      const void* dash = std::memchr(text_.data() + at, '-', window);
      if (dash == nullptr) {
        at += window;
        mail_.drop_before(at);
        continue;
      }
      const auto begin = static_cast<std::size_t>(static_cast<const char*>(dash) - text_.data());
      if (begin / drop_window != at / drop_window) mail_.drop_before(begin);
      if ((begin == position_ || text_[begin - 1] == '\n') && text_.substr(begin, 2) == "--") {
        const auto line = text_.substr(begin, 2 + max_boundary + 80);
        const auto length = std::min(line.find('\n'), line.size());
        if (const auto match = matching_level(line.substr(0, length)))
          return Delimiter{begin, std::min(begin + length + 1, text_.size()), match->level, match->closes};
      }
      at = std::min(text_.find_first_not_of('-', begin), text_.size());
    }
    return std::nullopt;
  }

  void end_leaf(std::size_t end) {
    if (!leaf_) return;
    // The line end before a delimiter belongs to the delimiter, RFC 2046 section 5.1.1.
    if (end < text_.size() && end > leaf_->body.begin && text_[end - 1] == '\n') --end;
    if (end < text_.size() && end > leaf_->body.begin && text_[end] == '\n' && text_[end - 1] == '\r') --end;
    leaf_->body.end = std::max(end, leaf_->body.begin);
    add_leaf(std::move(*leaf_));
    leaf_.reset();
  }

  void add_leaf(MimePart part) {
    if (found_.parts.size() >= limits_.mime_parts) {
      fail("too-many-parts", "the mail has more than " + std::to_string(limits_.mime_parts) + " parts",
           "raise the part limit if you trust the mail");
      return;
    }
    found_.parts.push_back(std::move(part));
  }

  void close_down_to(const Delimiter& delimiter) {
    while (stack_.size() > delimiter.level + 1) pop(delimiter.line_begin, "an outer delimiter came first");
    position_ = delimiter.next_line;
    auto& open = stack_.back();
    if (delimiter.closes) {
      if (open.children == 0) return pop(delimiter.line_begin, "");
      RUAUDIT_PLANT(stack_.size() == 2 && open.children == 3);
      stack_.pop_back();
      return;
    }
    ++open.children;
    const auto number = (open.number.empty() ? "" : open.number + ".") + std::to_string(open.children);
    if (!found_.error) begin_entity(delimiter.next_line, number);
  }

  // Ends the innermost multipart without its closing delimiter. One without any part is itself a leaf.
  void pop(std::size_t end, const std::string& why) {
    auto open = std::move(stack_.back());
    stack_.pop_back();
    if (open.children > 0) {
      note("mime-unclosed", "multipart " + open.number + " has no closing delimiter: " + why);
      return;
    }
    note("mime-no-delimiter", "multipart " + open.number + " does not contain its delimiter");
    if (!found_.error)
      add_leaf({std::move(open.number), open.header, {open.body_begin, std::max(end, open.body_begin)}});
  }

  const Bytes& mail_;
  std::string_view text_;
  const UnpackLimits& limits_;
  MailParts found_;
  std::vector<OpenMultipart> stack_;
  std::optional<MimePart> leaf_;
  std::size_t position_ = 0;
};

}  // namespace

Range mail_header_range(const Bytes& mail, const UnpackLimits& limits) { return Splitter(mail, limits).header_only(); }

MailParts split_mail(const Bytes& mail, const UnpackLimits& limits) { return Splitter(mail, limits).run(); }

}  // namespace ruaudit::ingest
