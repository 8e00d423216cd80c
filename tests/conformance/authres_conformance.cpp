// Reads the Authentication-Results fields of the 21 mails of the suite dkim-lieser/arh and compares what was read,
// field by field from top to bottom, with the table. The expectation is what the fields say; which of them to believe
// is another stage's question. "/" in an authserv-id and an unquoted "/" in a value are read although the grammar wants
// quotes there.
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "tests/paths.hpp"
#include "verify/authres/authres.hpp"
#include "verify/message/message.hpp"

namespace {

namespace authres = ruaudit::verify::authres;
namespace message = ruaudit::verify::message;

constexpr const char* valid_spf = "example.net | spf=pass smtp.mailfrom=example.com | ";
constexpr const char* unrelated = "unrelated.com | dkim=pass header.d=unrelated.com";

// clang-format off
const std::string rest_of_multiple = std::string(" || ") + unrelated + " || example.net | dkim=pass header.d=example.com";
const struct { const char* file; std::string want; } cases[] = {
    {"alignment-auid_not_in_sdid", "example.net | dkim=pass header.d=example.net header.i=joe@football.example.com"},
    {"alignment-from_not_in_sdid", "example.net | dkim=pass header.d=unrelated.com"},
    {"dkim-unknown_result", "example.net | dkim=timeout header.d=example.com"},
    {"fakePayPal", "example.net | dkim=pass header.d=unrelated.com"},
    {"multiple_arh-newest_no_authserv", std::string("- | dkim=pass header.d=01.example.com || ") + unrelated + " || - | dkim=pass header.d=02.example.com"},
    {"multiple_arh-newest_no_result", "example.net | none" + rest_of_multiple},
    {"multiple_arh-newest_parsing_error_01", "example.net | dkim=pass header.d=error.example.com header.b=/d5r" + rest_of_multiple},
    {"multiple_arh-newest_parsing_error_02", std::string("example/net | dkim=pass header.d=error.example.com || ") + unrelated + " || example/net | dkim=pass header.d=example.com"},
    {"multiple_arh-newest_unknown_method", "example.net | foo=pass" + rest_of_multiple},
    {"multiple_arh-same_and_different_authserv", std::string("example.net | spf=pass || example.net | dkim=pass header.d=example.com || example.net | dkim=pass header.d=football.example.com || foo.example.net | dkim=pass header.d=foo.example.com || ") + unrelated + " || - | dkim=pass header.d=outlook.com || example.net | dkim=pass header.d=last.example.com"},
    {"multiple_dkim_results", "example.net | dkim=fail header.d=example.com | dkim=pass header.d=unrelated.org | dkim=pass header.d=example.com | dkim=fail reason=[test failure] header.d=example.com | dkim=fail reason=[test failure signed by unrelated] header.d=unrelated.org | dkim=fail header.d=example.com | dkim=pass header.d=example.org"},
    {"multiple_spf_and_dmarc_results", "example.net | spf=fail | spf=pass | spf=none | spf=softfail | spf=policy | spf=neutral | spf=temperror | spf=permerror | dmarc=fail | dmarc=pass | dmarc=permerror | dmarc=none | dmarc=temperror"},
    {"rfc6376-A.2-arh-failed-no_reason", std::string(valid_spf) + "dkim=fail header.d=example.com"},
    {"rfc6376-A.2-arh-failed", std::string(valid_spf) + "dkim=fail reason=[bad signature] header.d=example.com"},
    {"rfc6376-A.2-arh-valid-a_tag", std::string(valid_spf) + "dkim=pass header.d=example.com header.a=rsa-sha256"},
    {"rfc6376-A.2-arh-valid-a_tag_sha1", std::string(valid_spf) + "dkim=pass header.d=example.com header.a=rsa-sha1"},
    {"rfc6376-A.2-arh-valid-auid", std::string(valid_spf) + "dkim=pass header.i=joe@football.example.com"},
    {"rfc6376-A.2-arh-valid-no_sdid_or_auid", std::string(valid_spf) + "dkim=pass"},
    {"rfc6376-A.2-arh-valid-sdid_and_auid", std::string(valid_spf) + "dkim=pass header.d=example.com header.i=joe@football.example.com"},
    {"rfc6376-A.2-arh-valid", std::string(valid_spf) + "dkim=pass header.d=example.com"},
    {"rfc6376-A.2-arh-valid_relaxed", std::string(valid_spf) + "dkim=pass header.d=example.com"},
};
// clang-format on

std::string shown(const authres::AuthenticationResults& value) {
  std::string out = value.authserv_id.empty() ? "-" : value.authserv_id;
  if (value.is_none) out += " | none";
  for (const auto& result : value.results) {
    out += " | " + result.method + "=" + result.result;
    if (!result.reason.empty()) out += " reason=[" + result.reason + "]";
    for (const auto& property : result.properties)
      out += " " + property.ptype + "." + property.name + "=" + property.value;
  }
  return out;
}

std::string read_fields(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto mail = message::Message::view(bytes);
  if (!mail) return "error: " + mail.error().message;
  std::string out;
  for (const auto position : mail->positions("Authentication-Results"))
    out += (out.empty() ? "" : " || ") + shown(authres::parse(mail->fields()[position].value));
  return out;
}

}  // namespace

int main() {
  const std::string corpus = ruaudit::test::corpus_folder();
  if (corpus.empty()) {
    std::cout << "RUAUDIT_CORPUS is not set: no suite was run\n";
    return 77;
  }
  unsigned passed = 0;
  unsigned total = 0;
  for (const auto& c : cases) {
    ++total;
    const auto got = read_fields(corpus + "/dkim-lieser/arh/" + c.file + ".eml");
    if (got == c.want)
      ++passed;
    else
      std::cout << "  FAILED " << c.file << "\n    got  " << got << "\n    want " << c.want << "\n";
  }
  std::cout << "dkim-lieser/arh: " << passed << "/" << total << "\n";
  return passed == total ? EXIT_SUCCESS : EXIT_FAILURE;
}
