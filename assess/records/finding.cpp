#include "assess/records/finding.hpp"

#include <algorithm>
#include <iterator>

#include "assess/records/vocabulary.hpp"

namespace ruaudit::assess::records {
namespace {

// Characters of UTF-8: every octet that does not continue one.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

Place at_name(std::string name) { return {.name = std::move(name)}; }

Place at_part(std::string name, std::string_view record, std::size_t begin, std::size_t length) {
  begin = std::min(begin, record.size());
  return {.name = std::move(name),
          .text = std::string(record.substr(begin, length)),
          .pos = characters(record.substr(0, begin)) + 1};
}

Finding found(std::string_view code, Severity severity, Place place, std::string detail) {
  const auto& entry = entry_of(code);
  return {.code = entry.code,
          .severity = severity,
          .place = std::move(place),
          .detail = std::move(detail),
          .section = entry.section,
          .meaning = entry.meaning,
          .effect = entry.effect};
}

Finding found(std::string_view code, Place place, std::string detail) {
  return found(code, entry_of(code).severity, std::move(place), std::move(detail));
}

void append(Findings& to, Findings from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

bool has_code(const Findings& findings, std::string_view code) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) { return finding.code == code; });
}

bool has_fault(const Findings& findings, std::string_view area, std::string_view name) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.severity != Severity::info && finding.code.starts_with(area) && finding.place.name == name;
  });
}

}  // namespace ruaudit::assess::records
