// Findings and overviews as octets and back, for this version of the program alone: no member has a name, and a reader
// that finds anything odd finds nothing.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.hpp"
#include "model/overview.hpp"

namespace ruaudit::store {

std::string packed(const std::vector<model::Finding>& findings);
std::string packed(const model::Overview& overview);
std::optional<std::vector<model::Finding>> unpacked_findings(std::string_view octets);
std::optional<model::Overview> unpacked_overview(std::string_view octets);

}  // namespace ruaudit::store
