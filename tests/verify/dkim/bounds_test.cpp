// Work on hostile mails is bounded: numbers of signatures, of header fields named, of fields.
#include <chrono>

#include "check.hpp"

using namespace ruaudit::test;
using namespace ruaudit::verify::dkim;

// RFC 6376 section 8.4
TEST_CASE("signatures beyond the limit are listed as not evaluated, beyond max_listed only counted") {
  const std::string field = sign(plain_header, plain_body, {}, rsa_2048());
  std::string many;
  for (int i = 0; i < 3; ++i) many += field;
  FakeResolver resolver;
  resolver.txt(key_name, rsa_2048().record());
  const auto limited =
      check_mail(many + plain_header + "\r\n" + plain_body, resolver, {.at = now, .max_signatures = 2});
  REQUIRE(limited.signatures.size() == 3);
  CHECK(text_of(limited.signatures[1].result) == "pass");
  CHECK(text_of(limited.signatures[2].result) == "policy");
  CHECK(text_of(limited.signatures[2].reason) == "not-evaluated");
  CHECK(limited.not_listed == 0);
  for (std::size_t i = 3; i < max_listed + 2; ++i) many += "DKIM-Signature: x\r\n";
  const auto listed = check_mail(many + plain_header + "\r\n" + plain_body, resolver);
  CHECK(listed.signatures.size() == max_listed);
  CHECK(listed.not_listed == 2);
}

TEST_CASE("a hostile mail is verified in bounded time") {
  std::string header = "From: a@example.com\r\n", h = "from";
  for (std::size_t i = 1; i < max_signed_fields; ++i) h += ":x";
  for (int i = 0; i < 9'000; ++i) header += "X: " + std::to_string(i) + "\r\n";
  std::string fields;
  for (int i = 0; i < 20; ++i)
    fields += "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=sel; l=" + std::to_string(i) +
              "; h=" + h + "; b=QUJD; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\r\n";
  const std::string mail = fields + header + "\r\n" + std::string(1 << 20, '\n');
  FakeResolver resolver;
  resolver.txt(key_name, rsa_2048().record());
  const auto start = std::chrono::steady_clock::now();
  const auto result = check_mail(mail, resolver);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  CHECK(result.signatures.size() == 20);
  CHECK(took.count() < 10.0);  // a fraction of a second; minutes where anything is quadratic
}
