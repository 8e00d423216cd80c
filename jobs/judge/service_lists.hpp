// The lists of services by which senders are named.
#pragma once
#include <string>
#include <vector>

#include "assess/services.hpp"
#include "model/result.hpp"

namespace ruaudit::jobs {

// One of the owner's lists, as it stands. Error "services".
model::Result<std::string> text_of_services(const std::string& path);
// The built-in list and the owner's, a later file winning. Error "services".
model::Result<assess::ServiceTable> services_with(const std::vector<std::string>& paths);

}  // namespace ruaudit::jobs
