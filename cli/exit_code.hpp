// The exit codes of every command; man/ruaudit.1 documents them.
#pragma once

namespace ruaudit::cli {

enum class ExitCode : int {
  well = 0,
  failure = 1,   // the work could not be done
  usage = 2,     // the command line is wrong
  rejected = 3,  // the work was done, but inputs were rejected (ingest), or the check found something (db check)
};

}  // namespace ruaudit::cli
