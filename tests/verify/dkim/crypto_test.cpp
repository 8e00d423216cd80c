#include "verify/dkim/crypto.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "signer.hpp"
#include "verify/dkim/encoding.hpp"

using namespace ruaudit::verify::dkim;
using ruaudit::test::rsa_1024;
using ruaudit::test::rsa_2048;

namespace {

PublicKey public_key(const ruaudit::test::TestKey& key) {
  return std::move(*PublicKey::parse(KeyType::rsa, *decode_base64(key.p())));
}

}  // namespace

TEST_CASE("a signature that does not verify leaves the key as good as before") {
  const PublicKey key = public_key(rsa_2048());
  const std::string right = rsa_2048().sign("octets", false);
  std::string wrong = right;
  wrong[100] = static_cast<char>(wrong[100] ^ 1);
  for (int round = 0; round < 3; ++round) {
    CHECK(key.verifies(HashAlgorithm::sha256, right, "octets"));
    CHECK_FALSE(key.verifies(HashAlgorithm::sha256, wrong, "octets"));
    CHECK_FALSE(key.verifies(HashAlgorithm::sha256, right, "other octets"));
    CHECK_FALSE(key.verifies(HashAlgorithm::sha256, right.substr(1), "octets"));
    CHECK_FALSE(key.verifies(HashAlgorithm::sha256, "", "octets"));
  }
}

TEST_CASE("the hash a signature was made over is the one asked for") {
  const PublicKey key = public_key(rsa_2048());
  for (const bool is_sha1 : {true, false, true, false}) {
    const std::string signature = rsa_2048().sign("octets", is_sha1);
    CHECK(key.verifies(HashAlgorithm::sha1, signature, "octets") == is_sha1);
    CHECK(key.verifies(HashAlgorithm::sha256, signature, "octets") == !is_sha1);
  }
}

TEST_CASE("a key that was moved verifies; another key's signature does not") {
  PublicKey first = public_key(rsa_2048());
  const std::string signature = rsa_2048().sign("octets", false);
  REQUIRE(first.verifies(HashAlgorithm::sha256, signature, "octets"));
  const PublicKey moved = std::move(first);
  CHECK(moved.verifies(HashAlgorithm::sha256, signature, "octets"));
  CHECK_FALSE(moved.verifies(HashAlgorithm::sha256, rsa_1024().sign("octets", false), "octets"));
}

TEST_CASE("one key verifies in several threads at once") {
  const PublicKey key = public_key(rsa_2048());
  std::vector<std::string> inputs, signatures;
  for (int i = 0; i < 4; ++i) {
    inputs.push_back("octets of thread " + std::to_string(i));
    signatures.push_back(rsa_2048().sign(inputs.back(), false));
  }
  std::atomic<int> right = 0, wrong = 0;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      for (int round = 0; round < 200; ++round) {
        right += key.verifies(HashAlgorithm::sha256, signatures[i], inputs[i]) ? 1 : 0;
        wrong += key.verifies(HashAlgorithm::sha256, signatures[i], inputs[(i + 1) % 4]) ? 1 : 0;
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(right == 800);
  CHECK(wrong == 0);
}
