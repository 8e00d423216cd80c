// One task over hostile octets that a command does before it exits: in a confined copy of this process, which
// holds what the work needs because it is a copy. DNS is asked by the parent, on behalf of the copy. For a process of
// one thread that holds no secrets; what reads mailboxes uses jobs/ingest/item_reading.hpp.
#pragma once
#include <functional>
#include <string>

#include "jobs/confined/order.hpp"
#include "model/result.hpp"
#include "verify/dns/resolver.hpp"

namespace ruaudit::jobs {

struct ConfinedWork {
  Confinement confinement = Confinement::required;
  verify::dns::Resolver* resolver = nullptr;  // asked here; nullptr: the work asks none
  // Why the work was done without confinement although it is preferred.
  std::function<void(const model::Error&)> warning;
};

// What the work returned. The resolver that it is given stands for the parent's. Errors: the work's own, "reader-died",
// "reader-unavailable", "confinement".
model::Result<std::string> do_confined(const ConfinedWork& how,
                                       const std::function<model::Result<std::string>(verify::dns::Resolver*)>& work);

}  // namespace ruaudit::jobs
