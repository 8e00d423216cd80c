// An evaluation as an Authentication-Results field (RFC 8601): the methods spf, dkim, arc and dmarc that were asked
// for, with their properties. Values enter, the value of a field leaves; authres::write() makes its text.
#pragma once
#include <string>

#include "verify/authres/authres.hpp"
#include "verify/evaluate/evaluate.hpp"

namespace ruaudit::verify::explain {

[[nodiscard]] authres::AuthenticationResults authentication_results(const evaluate::MessageEvaluation& done,
                                                                    const evaluate::Checks& checks,
                                                                    const std::string& authserv_id);

}  // namespace ruaudit::verify::explain
