// The DKIM part of a check: the key records of the selectors that are known, or of the usual ones where none is (RFC
// 6376 section 3.6.2).
#pragma once
#include <string>

#include "assess/records/answers.hpp"
#include "assess/records/dkim/record.hpp"
#include "assess/records/inquiry.hpp"

namespace ruaudit::assess::records {

struct DkimState {
  Findings findings{};
  bool has_usable_key = false;
  bool is_unknown = false;  // DNS did not tell about a selector
};

enum class Parked { no, yes };
[[nodiscard]] DkimState check_dkim(const Inquiry& inquiry, Parked parked, Answers& answers);

}  // namespace ruaudit::assess::records
