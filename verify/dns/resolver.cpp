#include "verify/dns/resolver.hpp"

namespace ruaudit::verify::dns {

std::string TxtRecord::text() const {
  std::string joined;
  for (const auto& part : strings) joined += part;
  return joined;
}

Answer Resolver::query(std::string_view name, RecordType type) {
  const Question question{std::string(name), type};
  auto answers = query_all({&question, 1});
  return answers.empty() ? Answer{.question = question} : std::move(answers.front());
}

}  // namespace ruaudit::verify::dns
