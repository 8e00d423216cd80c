#include <curl/curl.h>

#include <array>

#include "ingest/mailbox/auth/curl_transfer.hpp"
#include "ingest/mailbox/auth/token_post_detail.hpp"
#include "model/ascii.hpp"

namespace ruaudit::ingest::mailbox {
namespace {

constexpr std::size_t most_octets = std::size_t{64} * 1024;

constexpr bool is_unreserved(char c) {
  return ascii::is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

std::string form_text(const std::vector<FormField>& fields) {
  std::string text;
  for (const FormField& field : fields)
    text += (text.empty() ? "" : "&") + form_encoded(field.name) + "=" + form_encoded(field.value);
  return text;
}

// No exception may cross libcurl: the room is reserved before.
std::size_t receive(char* data, std::size_t size, std::size_t count, void* target) noexcept {
  auto& body = *static_cast<std::string*>(target);
  if (body.size() + size * count > most_octets) return 0;
  body.append(data, size * count);
  return size * count;
}

int is_stopped(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
  return static_cast<const Stop*>(stop)->requested() ? 1 : 0;
}

model::Error unreached(CURLcode code, const char* detail, const std::string& url) {
  const std::string why = *detail != '\0' ? detail : curl_easy_strerror(code);
  std::string hint = "check token_endpoint, DNS and the firewall";
  if (code == CURLE_PEER_FAILED_VERIFICATION)
    hint = "if the system does not know the authority that signed the endpoint's certificate, name it in token_ca_file";
  if (code == CURLE_WRITE_ERROR) hint = "the answer is larger than 64 KiB: check token_endpoint";
  return {"oauth-endpoint", url + ": " + why, std::move(hint)};
}

}  // namespace

std::string form_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    out += '%';
    out += digits[octet >> 4U];
    out += digits[octet & 15U];
  }
  return out;
}

model::Result<PostAnswer> post_form(const TokenEndpoint& endpoint, const std::vector<FormField>& fields, Stop stop) {
  const CurlHandle handle(curl_easy_init());
  const CurlList headers(curl_slist_append(nullptr, "Accept: application/json"));
  if (handle == nullptr || headers == nullptr) return model::failure("oauth-endpoint", "libcurl provides no handle");
  CURL* const curl = handle.get();
  const std::string form = form_text(fields);
  std::array<char, CURL_ERROR_SIZE> detail{};
  PostAnswer answer;
  answer.body.reserve(most_octets);
  protect_transfer(curl, "https", endpoint.ca_file);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(endpoint.time.count()));
  curl_easy_setopt(curl, CURLOPT_URL, endpoint.url.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(form.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form.c_str());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail.data());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_stopped);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &stop);
  const CURLcode code = curl_easy_perform(curl);
  if (code == CURLE_ABORTED_BY_CALLBACK) return model::failure("mailbox-stopped", endpoint.url + ": stopped");
  if (code != CURLE_OK) return model::failure(unreached(code, detail.data(), endpoint.url));
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

}  // namespace ruaudit::ingest::mailbox
