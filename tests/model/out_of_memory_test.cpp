#include "model/out_of_memory.hpp"

#include <catch2/catch.hpp>

using ruaudit::model::throw_out_of_memory;

TEST_CASE("a library without memory is met as operator new is: by the new handler, where there is one") {
  struct Handled {};
  const auto before = std::set_new_handler([] { throw Handled(); });
  CHECK_THROWS_AS(throw_out_of_memory(), Handled);
  std::set_new_handler(nullptr);
  CHECK_THROWS_AS(throw_out_of_memory(), std::bad_alloc);
  std::set_new_handler(before);
}
