// Reads a report by each engine and in pieces of several sizes, all of which must give the same.
#pragma once
#include <catch2/catch.hpp>

#include "tests/parser/captured_report.hpp"

namespace ruaudit::test {

inline CapturedReport read_both(std::string_view text, const parser::AggregateLimits& limits = {}) {
  const CapturedReport fast = read_report(text, {parser::XmlEngine::automatic, 64 * 1024, limits});
  CHECK((fast == read_report(text, {parser::XmlEngine::libxml2, 64 * 1024, limits})));
  CHECK((fast == read_report(text, {parser::XmlEngine::libxml2, 1, limits})));
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{3}, std::size_t{64}})
    CHECK((fast == read_report(text, {parser::XmlEngine::automatic, chunk, limits})));
  return fast;
}

// "not-utf8 trailing-content"
inline std::string codes_of(const CapturedReport& got) {
  std::string out;
  for (const auto& defect : got.defects) out += (out.empty() ? "" : " ") + defect.code;
  return out;
}

}  // namespace ruaudit::test
