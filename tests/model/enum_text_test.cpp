#include "model/auth_result.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::model;

TEST_CASE("a token and its enumerator find each other") {
  CHECK(to_text(Disposition::pass) == "pass");
  CHECK(parse_enum<SpfResult>("softfail") == SpfResult::softfail);
}

TEST_CASE("a text outside the vocabulary is no value") { CHECK_FALSE(parse_enum<DkimResult>("hardfail").has_value()); }
