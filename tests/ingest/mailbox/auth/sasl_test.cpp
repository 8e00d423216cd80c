// The words of a log-in, by published examples; secrets kept out of messages.
#include "ingest/mailbox/auth/sasl.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit;
using namespace ruaudit::ingest::mailbox;

TEST_CASE("SASL messages are those of the published examples") {
  Endpoint endpoint;
  endpoint.host = "server.example.com";
  endpoint.port = 143;
  // RFC 7628 section 4.1
  const BearerToken bearer{"user@example.com",
                           "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==", TokenMechanism::oauthbearer};
  CHECK(sasl_bearer(bearer, TokenMechanism::oauthbearer, endpoint).initial ==
        "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52"
        "YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB");
  // The example of Google's description of XOAUTH2
  const BearerToken token{"someuser@example.com", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg",
                          TokenMechanism::xoauth2};
  CHECK(
      sasl_bearer(token, TokenMechanism::xoauth2, endpoint).initial ==
      "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cB"
      "AQ==");
  CHECK(sasl_plain({"tim", "tanstaaftanstaaf"}).initial == to_base64(std::string("\0tim\0tanstaaftanstaaf", 21)));
}

TEST_CASE("a user with a comma or an equals sign is escaped for OAUTHBEARER") {
  const auto start = sasl_bearer({"a,b=c", "t", TokenMechanism::oauthbearer}, TokenMechanism::oauthbearer, {});
  CHECK(decode_challenge(start.initial).find("n,a=a=2Cb=3Dc,?host=") == 0);
}

TEST_CASE("credentials that no log-in can carry are refused") {
  for (const auto& wrong : {Password{"", "x"}, Password{"a", ""}, Password{"a\r\nb", "x"}, Password{"a", "x\ny"},
                            Password{"a", std::string("x\0y", 3)}}) {
    const auto checked = check_credentials(wrong);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == "mailbox-credentials");
    if (!wrong.secret.empty()) CHECK(checked.error().message.find(wrong.secret) == std::string::npos);
  }
  CHECK(check_credentials(Password{"a", "p\xC3\xA4 ss\"\\"}));
}

TEST_CASE("no form of a secret is left in a server's words") {
  const Password password{"user", "hidden"};
  const BearerToken token{"user", "ya29.hidden", TokenMechanism::xoauth2};
  for (const auto& said : {password.secret, to_base64(password.secret), sasl_plain(password).initial})
    CHECK(without_secret("it was " + said, password) == "it was ***");
  CHECK(without_secret("it was " + token.token + " " + to_base64(token.token), token) == "it was *** ***");
  for (const auto mechanism : {TokenMechanism::xoauth2, TokenMechanism::oauthbearer}) {
    const auto said = without_secret(sasl_bearer(token, mechanism, {}).initial, token);
    CHECK(said.find("***") != std::string::npos);
    for (std::size_t before = 0; before < 3; ++before)
      CHECK(said.find(to_base64(std::string(before, 'x') + token.token).substr(4, 8)) == std::string::npos);
  }
}

// RFC 5530 section 3, RFC 3206 section 5
TEST_CASE("a refused log-in is told with what helps against it") {
  struct Case {
    std::string_view code, word;
  };
  for (const auto& one : {Case{"AUTHENTICATIONFAILED", "check user and password"}, Case{"", "check user and password"},
                          Case{"EXPIRED", "set a new one"}, Case{"PRIVACYREQUIRED", "tls or starttls"},
                          Case{"AUTHORIZATIONFAILED", "may not read"}, Case{"CONTACTADMIN", "administrator"},
                          Case{"SYS/PERM", "administrator"}}) {
    CAPTURE(one.code);
    const auto error = login_error({.code = one.code, .is_temporary = false, .text = "no", .challenge = {}},
                                   Password{"user", "secret"});
    CHECK(error.code == "mailbox-login-refused");
    CHECK(error.hint.find(one.word) != std::string::npos);
  }
}
