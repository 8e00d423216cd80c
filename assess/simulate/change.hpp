// Changes of an SPF record as words on the command line: a record and a term enter, the record after the change leaves.
// Pure.
#pragma once
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace ruaudit::assess::simulate {

// The include is added before all and redirect, without qualifier. `include` is a domain, or a whole "include:DOMAIN".
// Errors "usage": it is there already, or it is not a domain.
model::Result<std::string> with_include(std::string_view record, std::string_view include);

// Every term that is `term` is taken away: as written or with another qualifier ("include:a.example", "-all",
// "redirect=b.example"), case ignored. Error "usage", with the terms that are there, where none is.
model::Result<std::string> without_term(std::string_view record, std::string_view term);

}  // namespace ruaudit::assess::simulate
