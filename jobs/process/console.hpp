// Where a command writes: standard output for results, standard error for progress and diagnostics, and what kind of
// device both are. Passed in, so that commands can be tested and nothing else in the program prints.
#pragma once
#include <ostream>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace ruaudit::jobs {

struct Console {
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  unsigned columns = 80;
};

// Standard output and error of this process.
Console process_console();

// "ruaudit: message" and, indented below, the hint. Control characters of the message are made visible as \xNN.
void print_error(Console& console, const model::Error& error);
std::string printable(std::string_view text);

}  // namespace ruaudit::jobs
