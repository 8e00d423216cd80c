// Signs test mails with OpenSSL and a canonicalization of its own, written as plainly as possible and apart from the
// code under test; keys are made in the test. Also a resolver that answers from a map.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "verify/dns/resolver.hpp"

namespace ruaudit::test {

class TestKey {
 public:
  static TestKey rsa(int bits);
  static TestKey ed25519();

  [[nodiscard]] std::string p() const;        // base64 as in DNS: SubjectPublicKeyInfo, or 32 octets
  [[nodiscard]] std::string pkcs1_p() const;  // base64 of a bare RSAPublicKey
  [[nodiscard]] std::string record() const;   // "v=DKIM1; k=...; p=..."
  [[nodiscard]] std::string sign(const std::string& input, bool is_sha1) const;  // octets
  [[nodiscard]] bool is_rsa() const { return is_rsa_; }

 private:
  std::shared_ptr<void> key_;
  bool is_rsa_ = true;
};

// One key of each kind for the whole program; making them is slow.
const TestKey& rsa_2048();
const TestKey& rsa_1024();
const TestKey& ed25519_key();

std::string to_base64(const std::string& octets);
std::string hash_of(const std::string& octets, bool is_sha1 = false);

struct Spec {
  std::string name = "DKIM-Signature";
  std::string before = "v=1; ";  // tags in front
  std::string a = "rsa-sha256";
  std::string c = "relaxed/relaxed";  // "": no tag, simple/simple
  bool is_c_written = true;           // false: signed as c says, without the tag
  std::string d = "example.com";
  std::string s = "sel";
  std::string h = "from:to:subject";
  std::string extra{};              // tags behind h=, as "; x=1"
  std::optional<std::size_t> l{};   // l= with this number; the hash takes as many octets
  std::optional<std::string> bh{};  // in place of the right one
  std::string after_b{};            // behind the signature
};

std::string plain_canonical_body(const std::string& body, bool is_relaxed);
// The canonical form of one field "Name: value\r\n" with its CRLF.
std::string plain_canonical_field(const std::string& field, bool is_relaxed);
std::vector<std::string> split_fields(const std::string& header);

// The signature field with its CRLF, to stand on top of `header` (fields with CRLF) and `body`.
std::string sign(const std::string& header, const std::string& body, const Spec& spec, const TestKey& key);
// The whole mail: signature field, header, empty line, body.
std::string signed_mail(const std::string& header, const std::string& body, const Spec& spec, const TestKey& key);

class FakeResolver final : public verify::dns::Resolver {
 public:
  FakeResolver& txt(const std::string& name, const std::string& text) {
    records_[name].push_back(text);
    return *this;
  }
  FakeResolver& fails(const std::string& name, verify::dns::Status status) {
    failures_[name] = status;
    return *this;
  }
  [[nodiscard]] std::vector<verify::dns::Answer> query_all(std::span<const verify::dns::Question> questions) override;
  [[nodiscard]] std::size_t asked() const { return asked_; }

 private:
  std::map<std::string, std::vector<std::string>> records_;
  std::map<std::string, verify::dns::Status> failures_;
  std::size_t asked_ = 0;
};

}  // namespace ruaudit::test
