// Making findings: places by octets, severities and texts by the code's entry in the vocabulary.
#pragma once
#include <string>
#include <string_view>

#include "model/dns_check.hpp"

namespace ruaudit::assess::records {

using model::records::Finding;
using model::records::Findings;
using model::records::Fix;
using model::records::FixType;
using model::records::Place;
using model::records::Severity;

[[nodiscard]] Place at_name(std::string name);
// `length` octets at `begin` of the joined record `record`.
[[nodiscard]] Place at_part(std::string name, std::string_view record, std::size_t begin, std::size_t length);

// A finding with the usual severity of its code.
[[nodiscard]] Finding found(std::string_view code, Place place, std::string detail = {});
[[nodiscard]] Finding found(std::string_view code, Severity severity, Place place, std::string detail = {});

void append(Findings& to, Findings from);
[[nodiscard]] bool has_code(const Findings& findings, std::string_view code);
// Errors or warnings among the findings whose code begins with `area` and whose place is `name`.
[[nodiscard]] bool has_fault(const Findings& findings, std::string_view area, std::string_view name);

}  // namespace ruaudit::assess::records
