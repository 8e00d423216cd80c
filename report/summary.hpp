// Facts of the store -> what a domain owner reads: as text (80 columns; the essentials of all domains on one screen
// first, details after), as JSON (docs/summary.schema.json) or as CSV (one line per domain). Pure: the same facts give
// the same octets. Whatever came from a report is made harmless for the medium it is written to (report/safe_text.hpp).
#pragma once
#include <cstdint>
#include <string>

#include "model/facts/summary_facts.hpp"
#include "report/period.hpp"

namespace ruaudit::report {

enum class Format : std::uint8_t { text, json, csv };
enum class Colour : std::uint8_t { never, always };

struct SummaryContext {
  ChosenPeriod period;
  std::int64_t now = 0;  // epoch seconds
  Colour colour = Colour::never;
};

inline constexpr int summary_json_version = 1;

std::string summary_text(const model::SummaryFacts& facts, const SummaryContext& context);
std::string summary_json(const model::SummaryFacts& facts, const SummaryContext& context);
std::string summary_csv(const model::SummaryFacts& facts, const SummaryContext& context);
std::string render_summary(const model::SummaryFacts& facts, const SummaryContext& context, Format format);

}  // namespace ruaudit::report
