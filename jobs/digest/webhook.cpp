#include "jobs/digest/webhook.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <thread>

#include "ingest/mailbox/auth/curl_transfer.hpp"

namespace ruaudit::jobs {
namespace {

using ingest::mailbox::CurlHandle;
using ingest::mailbox::CurlList;
using ingest::mailbox::protect_transfer;

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) noexcept { return size * count; }

void add(CurlList& list, const std::string& line) { list.reset(curl_slist_append(list.release(), line.c_str())); }

CurlList header_of(const Webhook& webhook, const std::string& delivery, const std::string& json) {
  CurlList list;
  add(list, "Content-Type: application/json");
  add(list, "Ruaudit-Delivery: " + delivery);
  add(list, "Ruaudit-Signature: " + signature_of(webhook.key, json));
  add(list, "Expect:");
  return list;
}

struct Answer {
  CURLcode code = CURLE_OK;
  long status = 0;
  std::array<char, CURL_ERROR_SIZE> detail{};
  [[nodiscard]] bool is_accepted() const { return code == CURLE_OK && status >= 200 && status < 300; }
  [[nodiscard]] bool may_pass() const { return code != CURLE_OK || status == 429 || status >= 500; }
};

Answer post_once(const Webhook& webhook, curl_slist* header, const std::string& json) {
  Answer answer;
  const CurlHandle handle(curl_easy_init());
  if (!handle) return {CURLE_FAILED_INIT, 0, {}};
  CURL* const curl = handle.get();
  protect_transfer(curl, "https,http", webhook.ca_file);  // http: the configuration allows it to loopback alone
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
  curl_easy_setopt(curl, CURLOPT_URL, webhook.url.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, header);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, json.c_str());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json.size()));
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "ruaudit/" RUAUDIT_VERSION);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, answer.detail.data());
  answer.code = curl_easy_perform(curl);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

// Path, query and user may hold a secret: scheme and host alone are shown.
std::string shown(const std::string& url) {
  const auto scheme = url.find("://");
  const auto begin = scheme == std::string::npos ? 0 : scheme + 3;
  const auto authority = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  return url.substr(0, begin) + authority.substr(authority.rfind('@') + 1);  // npos + 1 is 0
}

}  // namespace

std::string signature_of(const std::string& key, const std::string& body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(body.data()),  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
       body.size(), mac.data(), &length);
  std::string text = "sha256=";
  for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", mac[i]);
  return text;
}

model::Result<void> post(const Webhook& webhook, const std::string& delivery, const std::string& json) {
  const CurlList header = header_of(webhook, delivery, json);
  Answer answer;
  for (int tries = 0; tries < 3; ++tries) {
    if (tries > 0) std::this_thread::sleep_for(tries == 1 ? webhook.pause : 4 * webhook.pause);
    answer = post_once(webhook, header.get(), json);
    if (answer.is_accepted()) return {};
    if (!answer.may_pass()) break;
  }
  const std::string hint = "the next run posts it again";
  if (answer.code != CURLE_OK) {
    const std::string why = answer.detail[0] != '\0' ? answer.detail.data() : curl_easy_strerror(answer.code);
    return model::failure("webhook-unreached", fmt::format("webhook {}: {}", shown(webhook.url), why), hint);
  }
  return model::failure("webhook-refused", fmt::format("webhook {}: HTTP status {}", shown(webhook.url), answer.status),
                        hint);
}

}  // namespace ruaudit::jobs
