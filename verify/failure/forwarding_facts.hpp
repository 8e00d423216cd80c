// Traces of forwarding in a sample: an envelope sender rewritten by SRS, an ARC chain, the fields of list servers. An
// evaluated message enters, ForwardingFacts leave. Pure. `is_of_author` tells whether a domain is the author's,
// aligned.
#pragma once
#include <functional>

#include "verify/evaluate/evaluate.hpp"
#include "verify/failure/sample_facts.hpp"

namespace ruaudit::verify::failure {

using IsOfAuthor = std::function<bool(const std::string& domain)>;

[[nodiscard]] ForwardingFacts forwarding_facts(const message::Message& message,
                                               const evaluate::MessageEvaluation& evaluation,
                                               const IsOfAuthor& is_of_author);

}  // namespace ruaudit::verify::failure
