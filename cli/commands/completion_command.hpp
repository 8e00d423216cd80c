// `ruaudit completion`, made from the table of all commands.
#pragma once
#include "cli/command.hpp"

namespace ruaudit::cli {

extern const Command completion_command;

}  // namespace ruaudit::cli
