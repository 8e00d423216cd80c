// --format text|json|csv, as summary and query take it.
#pragma once
#include <fmt/format.h>

#include "cli/options.hpp"
#include "report/summary.hpp"

namespace ruaudit::cli {

inline model::Result<report::Format> output_format(const Options& options) {
  const std::string name = options.value_or("format", "text");
  if (name == "text" || name == "table") return report::Format::text;
  if (name == "json") return report::Format::json;
  if (name == "csv") return report::Format::csv;
  return model::failure("usage", fmt::format("--format is text, json or csv, not '{}'", name));
}

}  // namespace ruaudit::cli
