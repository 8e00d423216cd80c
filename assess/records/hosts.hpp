// The mail hosts of a domain: MX records, addresses, reverse names and, where asked for, block lists (RFC 5321 section
// 5.1, RFC 7505, RFC 1912 section 2.1, RFC 5782).
#pragma once
#include <string>
#include <vector>

#include "assess/records/answers.hpp"
#include "assess/records/finding.hpp"
#include "assess/records/inquiry.hpp"

namespace ruaudit::assess::records {

struct Host {
  std::string name{};
  std::vector<model::IpAddress> addresses{};
};

struct MxState {
  Findings findings{};
  std::vector<Host> hosts{};  // of MX records that name one
  bool is_null = false;       // the domain accepts no mail
};

[[nodiscard]] MxState check_mx(const Inquiry& inquiry, bool is_parked, Answers& answers);
// Of the MX hosts and the other sending hosts.
[[nodiscard]] Findings check_reverse_names(const Inquiry& inquiry, const MxState& mx, Answers& answers);
[[nodiscard]] Findings check_block_lists(const Inquiry& inquiry, const MxState& mx, Answers& answers);
// A provider's name that holds the address: its octets in either order, in any of the usual ways of writing.
[[nodiscard]] bool is_generic_name(std::string_view name, const model::IpAddress& address);

}  // namespace ruaudit::assess::records
