// The list of public suffixes that a command works with.
#pragma once
#include "cli/options/options.hpp"
#include "verify/suffix/public_suffix_list.hpp"

namespace ruaudit::cli {

inline constexpr OptionSpec list_option = {"public-suffix-list", OptionKind::value, "FILE",
                                           "list of public suffixes; default the system's"};

// --public-suffix-list, else the system's.
model::Result<verify::suffix::PublicSuffixList> suffix_list_of(const Options& options);

}  // namespace ruaudit::cli
