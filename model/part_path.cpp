#include "model/part_path.hpp"

#include <algorithm>
#include <array>

namespace ruaudit::model {
namespace {

constexpr std::string_view digits = "0123456789.";

// What ingest/ calls a step that has no name.
constexpr std::array<std::string_view, 5> counted_steps = {"part ", "offset ", "member ", "report ", "entry "};

constexpr std::array<std::string_view, 16> endings = {".zip", ".gz",  ".tgz", ".tar",  ".7z",  ".rar",  ".xml", ".json",
                                                      ".eml", ".txt", ".pdf", ".html", ".doc", ".docx", ".jpg", ".png"};

bool is_made_here(std::string_view step) {
  if (step.empty() || step == "body" || step == "file") return true;
  return std::any_of(counted_steps.begin(), counted_steps.end(), [&](std::string_view word) {
    return step.starts_with(word) && step.size() > word.size() &&
           step.find_first_not_of(digits, word.size()) == std::string_view::npos;
  });
}

// receiver!policy-domain!begin!end[!id] (RFC 7489 section 7.2.1.1)
bool is_report_name(std::string_view step) {
  if (step.find_first_of(" \t@") != std::string_view::npos) return false;
  return std::count(step.begin(), step.end(), '!') >= 3;
}

std::string known_endings(std::string_view step) {
  std::string out;
  for (bool is_found = true; is_found;) {
    is_found = false;
    for (const std::string_view ending : endings)
      if (step.size() > ending.size() && step.ends_with(ending)) {
        out.insert(0, ending);
        step.remove_suffix(ending.size());
        is_found = true;
        break;
      }
  }
  return out;
}

}  // namespace

std::string path_without_names(std::string_view path) {
  std::string out;
  for (std::size_t at = 0; at <= path.size();) {
    const auto end = std::min(path.find('/', at), path.size());
    const auto step = path.substr(at, end - at);
    if (at > 0) out += '/';
    if (is_made_here(step) || is_report_name(step))
      out += step;
    else
      out.append("file").append(known_endings(step));
    at = end + 1;
  }
  return out;
}

}  // namespace ruaudit::model
