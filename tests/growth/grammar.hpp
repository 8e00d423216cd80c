// A reader of foreign octets, and what hostile texts for it are made of.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/growth/tokens.hpp"

namespace ruaudit::growth {

struct Grammar {
  const char* name;
  std::string before, behind;  // around the tokens
  Texts tokens;
  std::function<void(std::string_view)> read;
};

std::vector<Grammar> grammars();

}  // namespace ruaudit::growth
