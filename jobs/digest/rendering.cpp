#include "jobs/digest/rendering.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "config/validate.hpp"
#include "model/ascii.hpp"
#include "report/digest/digest_text.hpp"
#include "report/mail/digest_mail.hpp"
#include "store/findings/digest_codec.hpp"

namespace ruaudit::jobs {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
  return name.data();
}

std::string sender_of(const Readers& readers) {
  return readers.from.empty() ? fmt::format("ruaudit <ruaudit@{}>", host_name()) : readers.from;
}

std::string domain_of(const Readers& readers) {
  const auto address = config::bare_address(sender_of(readers));
  return address ? address->substr(address->rfind('@') + 1) : host_name();
}

std::string hash_of(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < std::min(length, 16U); ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

// dot-atom text alone (RFC 2919 section 2).
std::string label_of(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !(ascii::is_letter_or_digit(c) || c == '-'); }, '-');
  return name.empty() ? "digest" : name;
}

std::string mail_of(const model::Digest& digest, const Rendering& how) {
  const auto outline = report::outline_of(digest, how.language);
  report::MailDraft draft{.from = sender_of(how.readers),
                          .to = how.readers.to,
                          .subject = outline.verdict,
                          .message_id = how.message_id,
                          .date = digest.made_at,
                          .list_id = label_of(how.readers.digest_name) + ".ruaudit." + domain_of(how.readers),
                          .language = std::string(how.language.code()),
                          .text = report::digest_text(outline, how.language),
                          .html = report::digest_html(outline, how.language)};
  if (draft.to.empty()) draft.to = {"undisclosed-recipients:;"};
  return report::compose(draft);
}

}  // namespace

std::string rendered(const model::Digest& digest, const std::string& format, const Rendering& how) {
  if (format == "json") return report::digest_json(digest);
  if (format == "mail") return mail_of(digest, how);
  const auto outline = report::outline_of(digest, how.language);
  if (format == "markdown") return report::digest_markdown(outline, how.language);
  return format == "html" ? report::digest_html(outline, how.language) : report::digest_text(outline, how.language);
}

std::string message_id_of(const model::Digest& digest, const Readers& readers) {
  model::Digest news = digest;
  news.made_at = 0;
  news.health = {};
  std::string text = readers.digest_name + "\n" + store::encode_digest(news);
  for (const auto& address : readers.to) text += "\n" + address;
  return fmt::format("<digest.{}@{}>", hash_of(text), domain_of(readers));
}

}  // namespace ruaudit::jobs
