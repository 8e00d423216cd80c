// Whether a text at _dmarc that is not a DMARC record was meant to be one: a misspelt record is its owner's to correct,
// while another text, of a wildcard perhaps, says that there is none.
#pragma once
#include <string_view>

namespace ruaudit::verify::dmarc {

// It names DMARC, or a policy; case ignored.
[[nodiscard]] bool is_meant_as_record(std::string_view text);

}  // namespace ruaudit::verify::dmarc
