// The mail of `ruaudit check --mail`, read and judged in a confined process.
#pragma once
#include <string>

#include "cli/options/options.hpp"
#include "jobs/check/mail.hpp"
#include "jobs/judge/dns_source.hpp"
#include "jobs/process/console.hpp"

namespace ruaudit::cli {

// `path`: a file, or "-". Errors: verify-input, those of the mail's form, and of jobs::do_confined().
model::Result<jobs::CheckedMail> judged_mail(const Options& options, const std::string& path,
                                             const jobs::DnsSource& source, jobs::Console& console);

}  // namespace ruaudit::cli
