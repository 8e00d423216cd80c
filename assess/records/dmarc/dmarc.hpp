// The DMARC part of a check: the record of a domain, found as receivers find it, or the reasons why none applies; and
// whether its report addresses may be used (RFC 9989 sections 4.7 and 4.10, RFC 9990 section 4).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "assess/records/answers.hpp"
#include "assess/records/dmarc/record.hpp"
#include "assess/records/inquiry.hpp"

namespace ruaudit::assess::records {

struct DmarcState {
  Findings findings{};
  std::optional<verify::dmarc::Record> record{};  // the policy that applies
  std::optional<model::Policy> effective{};       // what it asks for mail of the domain itself; nothing: none applies
  bool is_own = false;                            // published for the domain itself
  std::string record_domain{};                    // whose record it is
  std::vector<std::string> own_texts{};           // at _dmarc.DOMAIN, as far as they are meant as DMARC
  std::vector<UriPlace> uris{};
};

// `is_parked`: the domain says that it sends no mail, and is offered a policy that refuses all.
[[nodiscard]] DmarcState check_dmarc(const Inquiry& inquiry, bool is_parked, Answers& answers);
// Whether the addresses of rua and ruf are allowed and can receive.
[[nodiscard]] Findings check_report_addresses(const DmarcState& state, Answers& answers);

}  // namespace ruaudit::assess::records
