// An SPF record and everything it leads to, without any message: terms with their lookups, records behind include and
// redirect, networks that can pass (RFC 7208 section 4.6.4, counted for the worst case: all terms before all, redirect
// only without all; a target with macros other than %{d} alone counts and is not followed). A domain and answers enter.
// Bounded by max_nodes records.
#pragma once
#include <string>
#include <vector>

#include "assess/records/answers.hpp"
#include "assess/records/network.hpp"
#include "assess/records/spf/terms.hpp"
#include "model/dns_check.hpp"

namespace ruaudit::assess::records {

inline constexpr std::size_t max_spf_nodes = 200;

enum class TermState : std::uint8_t { plain, void_name, target_none, target_broken, loop, dns_error };

struct Branch;

struct SpfLeaf {  // one term of a record as it works
  SpfPart part{};
  TermState state = TermState::plain;
  bool counts = false;
  bool is_reached = true;  // false after all, and of a redirect beside all
  bool is_dynamic = false;
  bool can_pass = false;  // here, with the qualifiers on the way
  std::string target{};   // name asked for, where it can be known
  std::string failed{};   // name whose answer failed
  std::optional<unsigned> mx_hosts{};
  unsigned empty_v4 = 0, empty_v6 = 0;  // address lookups of one family that found nothing, at a name with the other
  std::vector<Network> networks{};      // of ip4, ip6, a, mx
  std::vector<Branch> child;            // none or one: the record behind include or redirect; no {}: clang 14
};

struct Branch {  // one record
  std::string domain{};
  std::string via{};
  std::string record{};
  std::size_t octets = 0;  // of all strings
  std::vector<SpfLeaf> leaves{};
  [[nodiscard]] bool has_all() const;
  [[nodiscard]] bool has_fault() const;  // a term against the grammar
  [[nodiscard]] unsigned own() const;
  [[nodiscard]] unsigned total() const;
};

struct SpfAnswer {  // what stands at a name
  dns::Status status = dns::Status::nodata;
  std::vector<std::string> records{};              // with the version section
  std::vector<std::vector<std::size_t>> joints{};  // of each
};
[[nodiscard]] SpfAnswer spf_answer(Answers& answers, const std::string& domain);

struct RecordText {
  std::string text{};
  std::vector<std::size_t> joints{};
};
[[nodiscard]] Branch grow(Answers& answers, const std::string& domain, const RecordText& record);

// Networks that can pass, of the branch and everything below; not collapsed.
[[nodiscard]] std::vector<Network> passing(const Branch& branch);
[[nodiscard]] model::records::SpfTree shown(const Branch& root);

// Calls `visit(branch, leaf)` for every term, in the order of the records.
template <class Visit>
void for_each_leaf(const Branch& branch, const Visit& visit) {
  for (const auto& leaf : branch.leaves) {
    visit(branch, leaf);
    for (const auto& child : leaf.child) for_each_leaf(child, visit);
  }
}

}  // namespace ruaudit::assess::records
