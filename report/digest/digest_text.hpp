// A digest as people read it, and by the contract of its JSON (docs/digest.schema.json). Pure; JSON is English always.
#pragma once
#include <string>
#include <vector>

#include "model/digest.hpp"
#include "report/digest/outline.hpp"
#include "report/language/language.hpp"

namespace ruaudit::report {

// One line when nothing is new, worse or resolved, of text and markdown.
std::string digest_text(const DigestOutline& outline, const Language& language);
std::string digest_markdown(const DigestOutline& outline, const Language& language);
// A whole document that mail clients show as it is meant: tables, inline style, nothing from elsewhere.
std::string digest_html(const DigestOutline& outline, const Language& language);
std::string digest_json(const model::Digest& digest);

// The findings of now, without the history of digests: one line each, numbered, under the heading of their severity.
std::string findings_text(const std::vector<model::Finding>& findings, const Language& language);
// One finding with all that it rests on.
std::string finding_text(const model::Finding& finding, const Language& language);
std::string findings_json(const std::vector<model::Finding>& findings);

}  // namespace ruaudit::report
