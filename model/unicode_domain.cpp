#include "model/unicode_domain.hpp"

#include <idn2.h>

#include <memory>

namespace ruaudit::model {

std::string unicode_form(const std::string& domain) {
  char* raw = nullptr;
  if (idn2_to_unicode_8z8z(domain.c_str(), &raw, 0) != IDN2_OK) return {};
  const std::unique_ptr<char, void (*)(void*)> owner(raw, idn2_free);
  std::string text(raw);
  return text == domain ? std::string() : text;
}

}  // namespace ruaudit::model
