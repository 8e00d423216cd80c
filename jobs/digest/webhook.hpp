// One JSON document to a webhook: a POST over HTTPS with a signature, so that the recipient knows that it is authentic
// and unchanged:
//   Ruaudit-Delivery: the Message-ID of the digest; the same when a post is repeated
//   Ruaudit-Signature: sha256=HEX, HMAC-SHA256 (RFC 2104) of the body with the shared key
// Redirections are not followed, proxies of the environment not used; 2xx is success. Tried three times where the
// network or the server fails (5xx, 429). Limits: 30 seconds a try. Errors: webhook-unreached, webhook-refused.
#pragma once
#include <chrono>
#include <string>

#include "model/result.hpp"

namespace ruaudit::jobs {

struct Webhook {
  std::string url;
  std::string ca_file;  // empty: the system's
  std::string key;
  std::chrono::milliseconds pause{1000};  // before the second try; four times that before the third
};

model::Result<void> post(const Webhook& webhook, const std::string& delivery, const std::string& json);

// "sha256=HEX" of the body.
std::string signature_of(const std::string& key, const std::string& body);

}  // namespace ruaudit::jobs
