// Whether the author's domain lets a source send by SPF: check_host() for postmaster at the author's domain, and at its
// Organizational Domain where that publishes the record. What a record that the report quotes (SPF-DNS, RFC 6591
// section 3.2.3) would say is a claim: told, and no ground.
#pragma once
#include <string>

#include "model/failure_report.hpp"
#include "verify/evaluate/evaluate.hpp"
#include "verify/failure/sample_facts.hpp"

namespace ruaudit::verify::failure {

struct AuthorisationAnswer {
  Authorisation answer = Authorisation::not_checked;
  std::string term{};  // that matched, and whose record has it
};

struct AuthorisationQuestion {
  const model::IpAddress& source;
  const std::string& author;
  const std::string& organizational;  // equal to author or empty: asked once
  std::int64_t at = 0;
};

[[nodiscard]] AuthorisationAnswer authorisation(const AuthorisationQuestion& question, dns::Resolver& resolver,
                                                spf::RecordCache& cache);
// The same with the quoted records in place of DNS; not_checked where none is of the author.
[[nodiscard]] AuthorisationAnswer quoted_authorisation(const AuthorisationQuestion& question,
                                                       const std::vector<model::ClaimedRecord>& quoted,
                                                       dns::Resolver& resolver, spf::RecordCache& cache);

// Passes by a term that matches every address, or nearly so.
[[nodiscard]] bool passes_for_anyone(const spf::CheckResult& check);

}  // namespace ruaudit::verify::failure
