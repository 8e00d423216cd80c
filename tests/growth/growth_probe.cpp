// What a repeated token costs each reader of foreign octets: a text made of the token alone. Run by growth_test, which
// judges. Usage:
// growth_probe time SIZE FACTOR [GRAMMAR]   for every token microseconds of processor time: of FACTOR texts of SIZE
//                                           octets, and of one text of SIZE * FACTOR
// growth_probe count SIZE FACTOR GRAMMAR:TOKEN...   under callgrind: reads texts of both sizes, and after each has the
//                                           instructions dumped under "GRAMMAR TOKEN SIZE"; TOKEN in hexadecimal digits
#include <valgrind/callgrind.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

#include "tests/growth/grammar.hpp"

namespace {

using ruaudit::growth::Grammar;

std::int64_t processor_time() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::int64_t{used.tv_sec} * 1'000'000 + used.tv_nsec / 1000;
}

std::string made(const Grammar& grammar, const std::string& token, std::size_t size) {
  std::string text = grammar.before;
  text.reserve(size + grammar.behind.size());
  while (text.size() + token.size() <= size) text += token;
  return text + grammar.behind;
}

std::string hex(std::string_view token) {
  std::string text;
  for (const char c : token) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    text += two;
  }
  return text;
}

std::int64_t time_of(const Grammar& grammar, const std::string& text, std::size_t times) {
  const auto begin = processor_time();
  for (std::size_t i = 0; i < times; ++i) grammar.read(text);
  return processor_time() - begin;
}

void tell_times(const Grammar& grammar, std::size_t size, std::size_t factor) {
  for (const auto& token : grammar.tokens) {
    const auto small = time_of(grammar, made(grammar, token, size), factor);
    const auto large = time_of(grammar, made(grammar, token, size * factor), 1);
    std::printf("%s\t%s\t%lld\t%lld\n", grammar.name, hex(token).c_str(), static_cast<long long>(small),
                static_cast<long long>(large));
    std::fflush(stdout);
  }
}

void count_one(const Grammar& grammar, std::string_view wanted, std::size_t size, std::size_t factor) {
  for (const auto& token : grammar.tokens) {
    if (wanted != std::string(grammar.name) + ":" + hex(token)) continue;
    grammar.read(made(grammar, token, 1000));
    for (const auto octets : {size, size * factor}) {
      const auto text = made(grammar, token, octets);
      CALLGRIND_ZERO_STATS;
      CALLGRIND_TOGGLE_COLLECT;
      grammar.read(text);
      CALLGRIND_TOGGLE_COLLECT;
      const std::string label = std::string(grammar.name) + " " + hex(token) + " " + std::to_string(octets);
      CALLGRIND_DUMP_STATS_AT(label.c_str());
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const bool is_timed = std::string_view(argv[1]) == "time";
  const std::size_t size = std::strtoull(argv[2], nullptr, 10), factor = std::strtoull(argv[3], nullptr, 10);
  for (const Grammar& grammar : ruaudit::growth::grammars()) {
    if (is_timed && argc > 4 && std::string_view(argv[4]) != grammar.name) continue;
    if (is_timed) grammar.read(made(grammar, grammar.tokens.front(), 1000));  // what is made once
    if (is_timed) tell_times(grammar, size, factor);
    for (int i = 4; !is_timed && i < argc; ++i) count_one(grammar, argv[i], size, factor);
  }
  return 0;
}
