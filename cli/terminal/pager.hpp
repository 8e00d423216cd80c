// Long text on a terminal goes through a pager: $PAGER, else `less`. Where there is none, or PAGER is "cat" or empty,
// it is written as it is.
#pragma once
#include <string>

#include "jobs/process/console.hpp"

namespace ruaudit::cli {

// `rows`: of the terminal; a text that fits is never paged. Standard output that is not a terminal gets only the text.
void write_paged(jobs::Console& console, const std::string& text, std::size_t rows);

}  // namespace ruaudit::cli
