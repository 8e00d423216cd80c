// A digest as people read it, and by the contract of its JSON (docs/digest.schema.json). Pure.
#pragma once
#include <string>
#include <vector>

#include "model/digest.hpp"

namespace ruaudit::report {

// One line when nothing is new, worse or resolved.
std::string digest_text(const model::Digest& digest);
// One line: what is to be done. The subject of a mail.
std::string digest_verdict(const model::Digest& digest);
std::string digest_json(const model::Digest& digest);

// The findings of now, without the history of digests: one line each, numbered, under the heading of their severity.
std::string findings_text(const std::vector<model::Finding>& findings);
// One finding with all that it rests on.
std::string finding_text(const model::Finding& finding);
std::string findings_json(const std::vector<model::Finding>& findings);

}  // namespace ruaudit::report
