#include "report/verify_text.hpp"

#include <fmt/format.h>

#include "report/safe_text.hpp"
#include "verify/explain/advice.hpp"
#include "verify/explain/details.hpp"

namespace ruaudit::report {
namespace {

constexpr std::size_t label_columns = 10;

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!is_blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  return harmless(out);
}

std::size_t next_character(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U) ++at;
  return at;
}

// The front of a word that fits into `width` columns, at least one character.
std::string_view front_of(std::string_view word, std::size_t width) {
  std::size_t end = next_character(word, 0);
  std::size_t used = display_width(word.substr(0, end));
  while (end < word.size()) {
    const std::size_t after = next_character(word, end);
    used += display_width(word.substr(end, after - end));
    if (used > width) break;
    end = after;
  }
  return word.substr(0, end);
}

class Wrapper {
 public:
  Wrapper(std::string_view lead, std::size_t width)
      : out_(lead), indent_(display_width(lead)), room_(width > indent_ + 20 ? width - indent_ : 20) {}

  void add(std::string_view word) {
    while (!word.empty()) {
      const std::size_t length = display_width(word);
      const std::size_t blank = used_ == 0 ? 0 : 1;
      if (used_ + blank + length <= room_) {
        out_.append(blank, ' ').append(word);
        used_ += blank + length;
        return;
      }
      if (used_ > 0) {
        new_line();
        continue;
      }
      const auto front = front_of(word, room_);
      out_.append(front);
      word.remove_prefix(front.size());
      used_ = room_;
    }
  }
  std::string take() && { return std::move(out_) + "\n"; }

 private:
  void new_line() {
    out_.append("\n").append(indent_, ' ');
    used_ = 0;
  }
  std::string out_;
  std::size_t indent_;
  std::size_t room_;
  std::size_t used_ = 0;
};

std::string label(std::string_view text) { return fmt::format("{:<{}}", text, label_columns); }

std::string head(const verify::explain::Advice& advice) {
  std::string out = wrap(advice.verdict, "");
  bool is_first = true;
  for (const auto& why : advice.why) {
    out += wrap(why, label(is_first ? "Why" : ""));
    is_first = false;
  }
  if (!advice.remedy.empty()) out += wrap(advice.remedy, label("Fix"));
  if (!advice.bounce.empty()) out += wrap(advice.bounce, label(""));
  return out;
}

std::string body(const verify::explain::Section& section) {
  std::string out = "\n";
  bool is_first = true;
  for (const std::string& line : section.lines) {
    const std::size_t inner = line.starts_with("  ") ? 2 : 0;
    out += wrap(line, label(is_first ? section.title : "") + std::string(inner, ' '));
    is_first = false;
  }
  return out;
}

}  // namespace

std::string wrap(std::string_view text, std::string_view lead, std::size_t width) {
  const std::string safe = folded(text);
  Wrapper wrapper(lead, width);
  std::string_view rest = safe;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(' '), rest.size());
    wrapper.add(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::move(wrapper).take();
}

std::string verify_text(const verify::evaluate::MessageEvaluation& done, const verify::evaluate::Checks& checks) {
  std::string out = head(verify::explain::advise(done, checks));
  for (const auto& section : verify::explain::details(done, checks)) out += body(section);
  return out;
}

}  // namespace ruaudit::report
