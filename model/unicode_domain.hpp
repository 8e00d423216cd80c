// A domain as people write it: U-labels (RFC 5890) for A-labels that are valid; "" where that is the same or where the
// A-labels are not valid.
#pragma once
#include <string>

namespace ruaudit::model {

std::string unicode_form(const std::string& domain);

}  // namespace ruaudit::model
