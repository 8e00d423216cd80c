#include "assess/simulate/change.hpp"

#include <algorithm>
#include <vector>

#include "model/ascii.hpp"
#include "model/domain.hpp"

namespace ruaudit::assess::simulate {
namespace {

std::vector<std::string_view> terms_of(std::string_view record) {
  std::vector<std::string_view> terms;
  for (std::size_t begin = 0; begin < record.size();) {
    const auto end = std::min(record.size(), record.find(' ', begin));
    if (end > begin) terms.push_back(record.substr(begin, end - begin));
    begin = end + 1;
  }
  return terms;
}

// RFC 7208 section 4.6.1: without a qualifier a mechanism has "+".
std::string bare(std::string_view term) {
  const bool has_qualifier = !term.empty() && std::string_view("+-~?").find(term.front()) != std::string_view::npos;
  return ascii::lower(has_qualifier ? term.substr(1) : term);
}

std::string joined(const std::vector<std::string_view>& terms) {
  std::string out;
  for (const auto term : terms) (out += out.empty() ? "" : " ") += term;
  return out;
}

bool is_end(std::string_view term) {
  const auto word = bare(term);
  return word == "all" || word.starts_with("redirect=");
}

}  // namespace

model::Result<std::string> with_include(std::string_view record, std::string_view include) {
  const std::string_view name = ascii::lower(include).starts_with("include:") ? include.substr(8) : include;
  if (name.find('%') == std::string_view::npos && !model::Domain::parse(name))
    return model::failure("usage", "--add-include: '" + std::string(name) + "' is not a domain");
  const std::string term = "include:" + std::string(name);
  auto terms = terms_of(record);
  for (const auto there : terms)
    if (bare(there) == ascii::lower(term))
      return model::failure("usage", "--add-include: " + std::string(there) + " is in the record already");
  terms.insert(std::find_if(terms.begin(), terms.end(), is_end), term);
  return joined(terms);
}

model::Result<std::string> without_term(std::string_view record, std::string_view term) {
  auto terms = terms_of(record);
  const bool has_qualifier = !term.empty() && std::string_view("+-~?").find(term.front()) != std::string_view::npos;
  const auto count = std::erase_if(terms, [&](std::string_view there) {
    return ascii::lower(there) == ascii::lower(term) || (!has_qualifier && bare(there) == ascii::lower(term)) ||
           (has_qualifier && term.front() == '+' && ascii::lower(there) == bare(term));
  });
  if (count != 0 && !terms.empty()) return joined(terms);
  return model::failure("usage", "--remove-term: the record has no term '" + std::string(term) + "'",
                        "it is: " + std::string(record));
}

}  // namespace ruaudit::assess::simulate
