// Any bytes as a mail through ARC and DKIM with one key for every name: no result without its evidence.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "verify/arc/chain.hpp"

using namespace ruaudit::verify;
using ruaudit::model::DkimResult;

namespace {

class OneKeyResolver final : public dns::Resolver {
 public:
  std::vector<dns::Answer> query_all(std::span<const dns::Question> questions) override {
    std::vector<dns::Answer> answers;
    for (const auto& question : questions) {
      dns::Answer answer;
      answer.question = question;
      answer.status = dns::Status::noerror;
      // RFC 8463 appendix A.2
      answer.txt.push_back({{"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="}});
      answers.push_back(std::move(answer));
    }
    return answers;
  }
};

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto mail = message::Message::view(bytes, {.message_bytes = 65'536});
  if (!mail) return 0;
  OneKeyResolver resolver;
  dkim::KeyCache cache;
  const auto chain = arc::validate_chain(*mail, resolver, cache, 1'600'000'000);
  require(chain.sets.size() <= arc::max_sets);
  if (chain.result == arc::ChainResult::pass)
    for (const auto& set : chain.sets) require(set.seal_verifies.value_or(false));
  const auto verification = dkim::Verifier(resolver, cache).verify(*mail, {.at = 1'600'000'000});
  for (const auto& signature : verification.signatures)
    require(signature.result != DkimResult::pass || (*signature.header_verifies && *signature.body_hash_matches));
  return 0;
}
