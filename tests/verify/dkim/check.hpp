// Verifies one test mail and gives its result; the mail must be readable.
#pragma once
#include <catch2/catch.hpp>
#include <string>

#include "signer.hpp"
#include "verify/dkim/verifier.hpp"

namespace ruaudit::test {

inline constexpr std::int64_t now = 1'600'000'000;
inline const std::string plain_header = "From: Ann <ann@example.com>\r\nTo: bob@example.net\r\nSubject: hello\r\n";
inline const std::string plain_body = "Hi Bob,\r\n\r\nall is well.\r\n";
inline const std::string key_name = "sel._domainkey.example.com";

inline verify::dkim::Verification check_mail(const std::string& mail, FakeResolver& resolver,
                                             const verify::dkim::Options& options = {.at = now}) {
  const auto view = verify::message::Message::view(mail);
  REQUIRE(view.has_value());
  verify::dkim::KeyCache cache;
  return verify::dkim::Verifier(resolver, cache).verify(*view, options);
}

// Of a mail with one signature and the key of rsa_2048 at key_name.
inline verify::dkim::SignatureResult check_one(const std::string& mail,
                                               const verify::dkim::Options& options = {.at = now}) {
  FakeResolver resolver;
  resolver.txt(key_name, rsa_2048().record());
  const auto verification = check_mail(mail, resolver, options);
  REQUIRE(verification.signatures.size() == 1);
  return verification.signatures.front();
}

inline std::string text_of(model::DkimResult result) { return std::string(model::to_text(result)); }
inline std::string text_of(verify::dkim::Reason reason) { return std::string(model::to_text(reason)); }

}  // namespace ruaudit::test
