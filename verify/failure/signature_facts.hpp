// What broke one signature: the verifier's result, looked into with everything the report adds (the key and the
// canonical octets that it quotes) and with the tests of restored_header.hpp. A message, a verified signature and a
// Resolver enter; its facts and the changes found leave.
#pragma once
#include <string>
#include <vector>

#include "model/failure_report.hpp"
#include "verify/dkim/verifier.hpp"
#include "verify/failure/conclusion.hpp"
#include "verify/failure/sample_facts.hpp"

namespace ruaudit::verify::failure {

struct KnownBody {       // what was found of a body that is not there any more
  std::string domain{};  // of the signature
  std::string selector{};
  std::string octets{};            // its hash as computed for that signature
  std::uint64_t added_octets = 0;  // of a footer, or beyond l=
  std::uint32_t added_line = 0;
};

struct SignatureLook {
  SignatureFacts facts{};
  std::vector<Change> changes{};
  std::string header_input{};  // canonical header octets; empty: the signature could not be read
};

struct SignatureScene {
  const message::Message& message;
  const model::FailureClaims& claims;
  bool has_body = true;
  bool is_only_signature = false;  // the claims are about it, whatever they name
  dns::Resolver& resolver;
  dkim::KeyCache& keys;
  std::optional<KnownBody> known_body{};  // of the time when the body was still there
};

// facts.is_aligned is the caller's to set.
[[nodiscard]] SignatureLook examine_signature(const dkim::SignatureResult& signature, const SignatureScene& scene);

}  // namespace ruaudit::verify::failure
