#include "verify/dkim/white_space.hpp"

#include <catch2/catch.hpp>
#include <string>

using ruaudit::verify::dkim::white_space_block;
using ruaudit::verify::dkim::white_space_kernels;
using ruaudit::verify::dkim::WhiteSpaceKernel;

namespace {

// Whole blocks and the two octets behind them.
std::string text_of(unsigned seed, std::size_t blocks) {
  static const std::string octets = "  \t\t\r\n\r\nabc=";
  std::string text;
  while (text.size() < blocks * white_space_block + 2) {
    seed = seed * 1664525U + 1013904223U;
    // One seed in three gives long stretches without anything to change.
    text += seed % 3 == 0 ? std::string(seed >> 26, 'e') : std::string(1, octets[(seed >> 16) % octets.size()]);
  }
  text.resize(blocks * white_space_block + 2);
  return text;
}

// RFC 6376 section 3.4.4 a, an octet at a time.
std::string reduced(const std::string& text) {
  const auto is_white = [](char c) { return c == ' ' || c == '\t'; };
  std::string out;
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    const bool ends = text[i + 1] == '\r' && text[i + 2] == '\n';
    if (!is_white(text[i]))
      out += text[i];
    else if (!is_white(text[i + 1]) && !ends)
      out += ' ';
  }
  return out;
}

std::string reduced_by(const WhiteSpaceKernel& kernel, const std::string& text) {
  std::string out(text.size() + white_space_block, '\0');
  out.resize(kernel.reduce(text.data(), text.size() - 2, out.data()));
  return out;
}

}  // namespace

TEST_CASE("every set of instructions removes the same white space") {
  for (const WhiteSpaceKernel& kernel : white_space_kernels()) {
    for (unsigned seed = 0; seed < 200; ++seed) {
      const std::string text = text_of(seed, 1 + seed % 9);
      CAPTURE(kernel.name, seed, text);
      CHECK(reduced_by(kernel, text) == reduced(text));
    }
  }
}

TEST_CASE("blocks are clean up to the first one with something to change, wherever in it that stands") {
  const std::string clean(4 * white_space_block + 2, 'a');
  for (const WhiteSpaceKernel& kernel : white_space_kernels()) {
    CAPTURE(kernel.name);
    CHECK(kernel.clean(clean.data(), clean.size() - 2) == clean.size() - 2);
    for (const std::string irregular : {"\t", "  ", " \t", " \r\n"}) {
      for (std::size_t at = 0; at < 4 * white_space_block; ++at) {
        std::string text = clean;
        text.replace(at, irregular.size(), irregular);
        CAPTURE(irregular, at);
        // Octet by octet, so that a run across the edge of two blocks is told by the first.
        CHECK(kernel.clean(text.data(), 4 * white_space_block) == at / white_space_block * white_space_block);
      }
    }
    for (const std::string regular : {" ", " \r", "\r\n", " a \r "}) {
      std::string text = clean;
      text.replace(white_space_block - 1, regular.size(), regular);
      CAPTURE(regular);
      CHECK(kernel.clean(text.data(), 4 * white_space_block) == 4 * white_space_block);
    }
  }
}
