// ruaudit readiness: may the policy of a domain become stricter?
#pragma once
#include "cli/command.hpp"

namespace ruaudit::cli {

extern const Command readiness_command;

}  // namespace ruaudit::cli
