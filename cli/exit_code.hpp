// The exit codes of every command; man/ruaudit.1 documents them.
#pragma once

namespace ruaudit::cli {

enum class ExitCode : int {
  success = 0,
  failure = 1,    // the work could not be done
  usage = 2,      // the command line is wrong
  rejected = 3,   // the work was done, but inputs were rejected (ingest), the check found something (db check), or the
                  // mail does not pass (verify)
  temporary = 4,  // a mail could not be judged for now: DNS did not answer (verify)
  undecided = 5,  // a mail could not be judged: SPF was not checked, since client or sender is not known (verify)
};

}  // namespace ruaudit::cli
