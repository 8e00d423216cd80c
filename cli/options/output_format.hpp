// --format of the commands that have it, and --json, which is --format json.
#pragma once
#include <initializer_list>

#include "cli/options/options.hpp"
#include "report/summary.hpp"

namespace ruaudit::cli {

using Formats = std::initializer_list<report::Format>;
inline constexpr Formats every_format = {report::Format::text, report::Format::json, report::Format::csv};
inline constexpr Formats text_and_json = {report::Format::text, report::Format::json};

// One of `offered`, the first when none is named. Error code "usage".
model::Result<report::Format> output_format(const Options& options, Formats offered = every_format);

}  // namespace ruaudit::cli
