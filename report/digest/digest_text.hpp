// A digest as people read it, and by the contract of its JSON (docs/digest.schema.json). Pure.
#pragma once
#include <string>

#include "model/digest.hpp"

namespace ruaudit::report {

// One line when nothing is new, worse or resolved.
std::string digest_text(const model::Digest& digest);
// One line: what is to be done. The subject of a mail.
std::string digest_verdict(const model::Digest& digest);
std::string digest_json(const model::Digest& digest);

}  // namespace ruaudit::report
