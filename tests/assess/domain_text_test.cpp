// Names that belong together, without a list of public suffixes.
#include <catch2/catch.hpp>

#include "assess/domain_text.hpp"

using ruaudit::assess::are_related;

TEST_CASE("names below the same domain are related, those below the same public suffix are not") {
  CHECK(are_related("bounce.mailer.example", "out.mailer.example"));
  CHECK(are_related("mailer.example", "out.mailer.example"));
  CHECK_FALSE(are_related("bounce.mailer.example", "bounce.other.example"));
  CHECK_FALSE(are_related("mailer.co.uk", "other.co.uk"));
}

TEST_CASE("where the second level is as short as that of a public suffix three labels must be shared") {
  CHECK(are_related("bounce.mailer.co.uk", "hosted.mailer.co.uk"));
  CHECK(are_related("bounce.mailer.co.uk", "a.hosted.mailer.co.uk"));
  CHECK_FALSE(are_related("bounce.mailer.co.uk", "hosted.other.co.uk"));
  CHECK_FALSE(are_related("uk", "co.uk.example"));
  CHECK_FALSE(are_related("", ""));
}
