// The current findings compared with those already reported: what is new, open, worse or resolved. Pure; findings that
// are said once disappear afterwards without a notice, all others stay until they are over and are then resolved once.
#pragma once
#include <string>
#include <vector>

#include "model/digest.hpp"

namespace ruaudit::assess {

// `told` as the store keeps it, one entry per id. A finding whose id changed because more or less of the same sender is
// concerned keeps the id under which it stands open.
std::vector<model::DigestItem> compare(std::vector<model::Finding> now, const std::vector<model::ToldFinding>& told,
                                       const std::vector<model::Care>& care, std::int64_t time);

// The id under which the finding at this place of `now` stands open in `told`; its own where it does not.
std::string told_id(std::vector<model::Finding> now, std::size_t at, const std::vector<model::ToldFinding>& told);

}  // namespace ruaudit::assess
