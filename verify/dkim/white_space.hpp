// Removal of white space as relaxed asks of bodies (RFC 6376 section 3.4.4 a): of each run of blanks and tabs the last
// octet stays, as a blank, unless CRLF follows. What happens to an octet depends on the two behind it alone, so a text
// is worked on in blocks, without branches, which would often be mispredicted. One kernel for each set of instructions
// worth having; all give the same octets.
#pragma once
#include <cstddef>
#include <span>
#include <string_view>

namespace ruaudit::verify::dkim {

constexpr std::size_t white_space_block = 64;

// `octets` is a multiple of white_space_block, and two octets behind them are readable.
struct WhiteSpaceKernel {
  std::string_view name;
  // How many octets, in whole blocks from the start, relaxed leaves as they are.
  std::size_t (*clean)(const char* text, std::size_t octets);
  // Writes what stays, and returns how many octets; `out` has room for one block more than `octets`.
  std::size_t (*reduce)(const char* text, std::size_t octets, char* out);
};

// Those that this processor can run, the best one last; the first one runs everywhere and takes any number of octets.
[[nodiscard]] std::span<const WhiteSpaceKernel> white_space_kernels();

}  // namespace ruaudit::verify::dkim
