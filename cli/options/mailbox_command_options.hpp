// What fetch, watch and status have in common: options, and the mailboxes they concern.
#pragma once
#include <array>

#include "cli/options/configuration_options.hpp"
#include "cli/options/suffix_list.hpp"

namespace ruaudit::cli {

inline constexpr OptionSpec mailbox_option = {"mailbox", OptionKind::list, "NAME",
                                              "only this mailbox of the configuration; may be repeated"};

// The configured mailboxes, or those that --mailbox names. Errors: "usage" (unknown name), "config" (there is none).
model::Result<std::vector<config::Mailbox>> chosen_mailboxes(const Options& options,
                                                             const config::Configuration& configuration);

// "2026-01-31" as epoch seconds of its midnight in UTC; error "usage".
model::Result<std::int64_t> parse_day_option(std::string_view option, const std::string& text);

}  // namespace ruaudit::cli
