#include "jobs/judge/service_lists.hpp"

#include <fstream>
#include <sstream>

namespace ruaudit::jobs {

model::Result<std::string> text_of_services(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (file) text << file.rdbuf();
  if (!file) return model::failure("services", path + ": cannot be read", "service_files names lists of services");
  return text.str();
}

model::Result<assess::ServiceTable> services_with(const std::vector<std::string>& paths) {
  auto table = assess::ServiceTable::built_in();
  for (const auto& path : paths) {
    TRY(const auto text, text_of_services(path));
    const auto own = assess::ServiceTable::parse(text);
    if (!own) return model::failure(own.error().in(path));
    table = table.joined_with(*own);
  }
  return table;
}

}  // namespace ruaudit::jobs
