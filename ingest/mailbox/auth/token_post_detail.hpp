// One POST of a form over HTTPS.
#pragma once
#include <string>
#include <vector>

#include "ingest/mailbox/auth/oauth.hpp"

namespace ruaudit::ingest::mailbox {

struct FormField {
  std::string name, value;
};
struct PostAnswer {
  long status = 0;
  std::string body;
};

// As a value stands in a form: application/x-www-form-urlencoded. // RFC 6749 appendix B
std::string form_encoded(std::string_view text);

// Code "oauth-endpoint".
model::Result<PostAnswer> post_form(const TokenEndpoint& endpoint, const std::vector<FormField>& fields, Stop stop);

// What a token endpoint's answer holds; no error tells one of the secrets. Codes as request_token().
model::Result<AccessToken> read_answer(const PostAnswer& answer, const std::vector<std::string>& secrets,
                                       std::int64_t now);

}  // namespace ruaudit::ingest::mailbox
