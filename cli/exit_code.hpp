// The exit codes of every command; man/ruaudit.1 documents them.
#pragma once

namespace ruaudit::cli {

enum class ExitCode : int {
  success = 0,
  failure = 1,     // the work could not be done
  usage = 2,       // the command line is wrong
  rejected = 3,    // the work was done, but inputs were rejected (ingest), the check found something (db check), or the
                   // mail does not pass (verify)
  to_answer = 10,  // digest: something is new that the owner must decide
  to_fix = 11,     // digest: something must be fixed
  warnings = 10,   // check: the records have mistakes that can wait
  errors = 11,     // check: the records have mistakes that break something
  temporary = 4,   // a mail cannot be judged at present: DNS did not answer (verify)
  undecided = 5,   // a mail could not be judged: SPF was not checked, since client or sender is not known (verify)
};

}  // namespace ruaudit::cli
