#include "assess/simulate/change.hpp"

#include <catch2/catch.hpp>

namespace ruaudit::assess::simulate {

TEST_CASE("an include is added before all and before redirect, else at the end") {
  CHECK(with_include("v=spf1 mx -all", "a.example").value() == "v=spf1 mx include:a.example -all");
  CHECK(with_include("v=spf1 mx ~ALL", "include:a.example").value() == "v=spf1 mx include:a.example ~ALL");
  CHECK(with_include("v=spf1 redirect=b.example", "a.example").value() ==
        "v=spf1 include:a.example redirect=b.example");
  CHECK(with_include("v=spf1", "a.example").value() == "v=spf1 include:a.example");
  CHECK(with_include("v=spf1 all", "%{i}.spf.example").value() == "v=spf1 include:%{i}.spf.example all");
}

TEST_CASE("an include that is there, in any case and with any qualifier, is not added again") {
  CHECK(with_include("v=spf1 ?Include:A.example -all", "a.example").error().code == "usage");
  CHECK(with_include("v=spf1 -all", "two words").error().code == "usage");
  CHECK(with_include("v=spf1 -all", "").error().code == "usage");
}

TEST_CASE("a term is removed as written, with any qualifier where none is named, everywhere it stands") {
  CHECK(without_term("v=spf1 mx include:a.example -all", "include:a.example").value() == "v=spf1 mx -all");
  CHECK(without_term("v=spf1 ~include:A.example mx include:a.example -all", "include:a.example").value() ==
        "v=spf1 mx -all");
  CHECK(without_term("v=spf1 mx -all", "all").value() == "v=spf1 mx");
  CHECK(without_term("v=spf1 mx -all", "-all").value() == "v=spf1 mx");
  CHECK(without_term("v=spf1 mx -all", "+mx").value() == "v=spf1 -all");
  CHECK(without_term("v=spf1  mx   -all", "mx").value() == "v=spf1 -all");
}

TEST_CASE("a term that is not there is an error which shows the record") {
  const auto result = without_term("v=spf1 mx -all", "~all");
  CHECK(result.error().code == "usage");
  CHECK(result.error().hint.find("v=spf1 mx -all") != std::string::npos);
  CHECK(without_term("v=spf1 mx:a.example -all", "mx").error().code == "usage");
}

}  // namespace ruaudit::assess::simulate
