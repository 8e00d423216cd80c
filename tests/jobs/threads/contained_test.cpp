#include "jobs/threads/contained.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>

using namespace ruaudit;
using jobs::contained;

TEST_CASE("memory that runs out is an error of the machine, any other exception one of the program") {
  const auto no_memory = contained([]() -> model::Result<int> { throw std::bad_alloc(); });
  REQUIRE_FALSE(no_memory);
  CHECK(no_memory.error().code == "machine");
  const auto bug = contained([]() -> model::Result<int> { throw std::length_error("too long"); });
  REQUIRE_FALSE(bug);
  CHECK(bug.error().code == "internal");
  CHECK(bug.error().message.find("too long") != std::string::npos);
  CHECK(contained([]() -> model::Result<int> { return 7; }) == 7);
  CHECK(contained([]() -> model::Result<int> { return model::failure("x", "y"); }).error().code == "x");
}
