// The search for the change that broke a header signature: what list servers and gateways are known to do is taken back
// one by one, until the signature verifies. A prefix of the Subject ("[list] ", "EXTERNAL: "), a field that was added
// (Reply-To, Sender ...), or both. A message, one signature and its keys enter; the change leaves, proven by b=, or
// nothing. At most max_restorations verifications.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "verify/dkim/keys.hpp"
#include "verify/dkim/signature.hpp"
#include "verify/failure/conclusion.hpp"
#include "verify/message/message.hpp"

namespace ruaudit::verify::failure {

inline constexpr std::size_t max_restorations = 200;

using UsableKeys = std::span<const std::shared_ptr<const dkim::CachedKey>>;

[[nodiscard]] bool verifies_with_any(UsableKeys keys, const dkim::Signature& signature, std::string_view input);

// `own` is the position of the signature's field among message.fields().
[[nodiscard]] std::vector<Change> restore_header(const message::Message& message, const dkim::Signature& signature,
                                                 std::size_t own, UsableKeys keys);

}  // namespace ruaudit::verify::failure
