// Which domains sign beside a service's own, learned from the mail itself: many services sign all they send with a
// second domain that no list knows. Such a signature says nothing about who the customer is.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "assess/identity.hpp"

namespace ruaudit::assess {

class CoSigners {
 public:
  // A domain is a service's where it signs beside the service's known domain for three senders at least that have
  // nothing to do with each other, or on at least half of the mail that passes for the owner through the service.
  explicit CoSigners(const Scene& scene);
  [[nodiscard]] bool has(const Service* service, std::string_view domain) const;

 private:
  struct Seen {
    std::set<std::string> senders{};
    std::int64_t for_owner = 0;
  };
  void take(const Scene& scene, const Stream& stream);
  std::map<const Service*, std::map<std::string, Seen, std::less<>>> seen_;
  std::map<const Service*, std::int64_t> for_owner_;  // messages that pass for the owner, signed by the service
};

}  // namespace ruaudit::assess
