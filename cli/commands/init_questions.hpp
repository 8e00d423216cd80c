// The questions of `ruaudit init`: what the options do not answer is asked, with a default where there is a sensible
// one. An answer that does not fit is explained and asked again, five times at most.
#pragma once
#include <istream>

#include "cli/options/options.hpp"
#include "jobs/init/text.hpp"
#include "jobs/process/console.hpp"

namespace ruaudit::cli {

// Where missing answers come from: a person (questions go to console.err), or nobody; then a missing answer without a
// default is an error with the name of its option.
struct Asking {
  std::istream* answers = nullptr;  // nullptr: nobody
  jobs::Console* console = nullptr;
  std::string usual_schedule = "systemd";
};

// Error codes "usage", "config".
model::Result<jobs::InitAnswers> collect_answers(const Options& options, const Asking& asking);

}  // namespace ruaudit::cli
