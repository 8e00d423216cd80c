// The language in which people are told something: what was asked for, else that of the environment (LC_ALL,
// LC_MESSAGES, LANG), else English.
#pragma once
#include <string>
#include <vector>

#include "model/result.hpp"
#include "report/language/language.hpp"

namespace ruaudit::cli {

// Where catalogues are: of a program that is not installed, and of one that is; both found from the program's own
// place.
std::vector<std::string> catalogue_folders();

// `wanted`: "" or a name of a language; one that is not known or not installed is an error. A language of the
// environment that is not to be had is English.
model::Result<report::Language> reader_language(const std::string& wanted);

}  // namespace ruaudit::cli
