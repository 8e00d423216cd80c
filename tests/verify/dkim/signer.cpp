#include "signer.hpp"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <stdexcept>

namespace ruaudit::test {
namespace {

EVP_PKEY* raw(const std::shared_ptr<void>& key) { return static_cast<EVP_PKEY*>(key.get()); }

std::shared_ptr<void> own(EVP_PKEY* key) {
  if (key == nullptr) throw std::runtime_error("no key");
  return {key, [](void* k) { EVP_PKEY_free(static_cast<EVP_PKEY*>(k)); }};
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at))
    text.replace(at, from.size(), to);
  return text;
}

std::string squeeze(std::string text) {
  std::replace(text.begin(), text.end(), '\t', ' ');
  return replace_all(std::move(text), "  ", " ");
}

std::string trim(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  while (!text.empty() && text.front() == ' ') text.erase(0, 1);
  return text;
}

std::string name_of(const std::string& field) {
  std::string name = field.substr(0, field.find(':'));
  while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.pop_back();
  return lower(name);
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> out;
  std::size_t from = 0;
  for (;;) {
    const std::size_t at = text.find(separator, from);
    out.push_back(text.substr(from, at - from));
    if (at == std::string::npos) return out;
    from = at + 1;
  }
}

// h= from the bottom up: each use of a name takes the last field of that name that is left.
std::string signed_header(const std::string& header, const std::string& h, bool is_relaxed) {
  std::vector<std::string> left = split_fields(header);
  std::string out;
  for (const std::string& item : split(h, ':')) {
    const std::string name = lower(trim(squeeze(replace_all(item, "\r\n", ""))));
    for (std::size_t i = left.size(); i-- > 0;) {
      if (name_of(left[i]) != name) continue;
      out += plain_canonical_field(left[i], is_relaxed);
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
      break;
    }
  }
  return out;
}

}  // namespace

TestKey TestKey::rsa(int bits) {
  TestKey key;
  key.key_ = own(EVP_RSA_gen(static_cast<unsigned int>(bits)));
  return key;
}

TestKey TestKey::ed25519() {
  TestKey key;
  key.key_ = own(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  key.is_rsa_ = false;
  return key;
}

std::string TestKey::p() const {
  unsigned char buffer[4096];
  if (!is_rsa_) {
    std::size_t size = sizeof buffer;
    EVP_PKEY_get_raw_public_key(raw(key_), buffer, &size);
    return to_base64({reinterpret_cast<char*>(buffer), size});
  }
  unsigned char* at = buffer;
  const int size = i2d_PUBKEY(raw(key_), &at);
  return to_base64({reinterpret_cast<char*>(buffer), static_cast<std::size_t>(size)});
}

std::string TestKey::pkcs1_p() const {
  unsigned char buffer[4096];
  unsigned char* at = buffer;
  const int size = i2d_PublicKey(raw(key_), &at);
  return to_base64({reinterpret_cast<char*>(buffer), static_cast<std::size_t>(size)});
}

std::string TestKey::record() const {
  return std::string("v=DKIM1; k=") + (is_rsa_ ? "rsa" : "ed25519") + "; p=" + p();
}

std::string TestKey::sign(const std::string& input, bool is_sha1) const {
  const std::string text = is_rsa_ ? input : hash_of(input);
  const EVP_MD* md = !is_rsa_ ? nullptr : is_sha1 ? EVP_sha1() : EVP_sha256();
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  unsigned char out[2048];
  std::size_t size = sizeof out;
  if (EVP_DigestSignInit(context.get(), nullptr, md, nullptr, raw(key_)) != 1 ||
      EVP_DigestSign(context.get(), out, &size, reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1)
    throw std::runtime_error("signing failed");
  return {reinterpret_cast<char*>(out), size};
}

const TestKey& rsa_2048() {
  static const TestKey key = TestKey::rsa(2048);
  return key;
}
const TestKey& rsa_1024() {
  static const TestKey key = TestKey::rsa(1024);
  return key;
}
const TestKey& ed25519_key() {
  static const TestKey key = TestKey::ed25519();
  return key;
}

std::string to_base64(const std::string& octets) {
  std::string out(4 * ((octets.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(octets.data()), static_cast<int>(octets.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string hash_of(const std::string& octets, bool is_sha1) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(octets.data(), octets.size(), out, &size, is_sha1 ? EVP_sha1() : EVP_sha256(), nullptr);
  return {reinterpret_cast<char*>(out), size};
}

std::string plain_canonical_body(const std::string& body, bool is_relaxed) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < body.size();) {
    const std::size_t at = std::min(body.find("\r\n", from), body.size());
    std::string line = body.substr(from, at - from);
    if (is_relaxed) {
      line = squeeze(line);
      if (!line.empty() && line.back() == ' ') line.pop_back();
    }
    lines.push_back(line);
    from = at + 2;
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  std::string out;
  for (const std::string& line : lines) out += line + "\r\n";
  return out.empty() && !is_relaxed ? "\r\n" : out;
}

std::string plain_canonical_field(const std::string& field, bool is_relaxed) {
  if (!is_relaxed) return field;
  const std::string value = field.substr(field.find(':') + 1);
  return name_of(field) + ":" + trim(squeeze(replace_all(value, "\r\n", ""))) + "\r\n";
}

std::vector<std::string> split_fields(const std::string& header) {
  std::vector<std::string> out;
  for (std::size_t from = 0; from < header.size();) {
    const std::size_t end = std::min(header.find("\r\n", from) + 2, header.size());
    if (header[from] == ' ' || header[from] == '\t')
      out.back() += header.substr(from, end - from);
    else
      out.push_back(header.substr(from, end - from));
    from = end;
  }
  return out;
}

std::string sign(const std::string& header, const std::string& body, const Spec& spec, const TestKey& key) {
  const bool is_sha1 = spec.a == "rsa-sha1";
  const bool is_header_relaxed = spec.c.starts_with("relaxed"), is_body_relaxed = spec.c.ends_with("/relaxed");
  std::string canonical = plain_canonical_body(body, is_body_relaxed);
  if (spec.l && *spec.l < canonical.size()) canonical.resize(*spec.l);
  std::string field = spec.name + ": " + spec.before + "a=" + spec.a + ";\r\n " +
                      (spec.c.empty() || !spec.is_c_written ? "" : "c=" + spec.c + "; ") + "d=" + spec.d +
                      "; s=" + spec.s + "; h=" + spec.h + spec.extra;
  if (spec.l) field += "; l=" + std::to_string(*spec.l);
  field += ";\r\n\tbh=" + spec.bh.value_or(to_base64(hash_of(canonical, is_sha1))) + "; b=";
  std::string own = plain_canonical_field(field + spec.after_b + "\r\n", is_header_relaxed);
  own.resize(own.size() - 2);
  const std::string signature = to_base64(key.sign(signed_header(header, spec.h, is_header_relaxed) + own, is_sha1));
  // Folded, as signers do; white space inside b= does not count.
  return field + signature.substr(0, 20) + "\r\n\t " + signature.substr(20) + spec.after_b + "\r\n";
}

std::string signed_mail(const std::string& header, const std::string& body, const Spec& spec, const TestKey& key) {
  return sign(header, body, spec, key) + header + "\r\n" + body;
}

std::vector<verify::dns::Answer> FakeResolver::query_all(std::span<const verify::dns::Question> questions) {
  std::vector<verify::dns::Answer> answers;
  for (const auto& question : questions) {
    ++asked_;
    verify::dns::Answer answer;
    answer.question = question;
    answer.status = verify::dns::Status::nxdomain;
    if (const auto failure = failures_.find(question.name); failure != failures_.end()) answer.status = failure->second;
    if (const auto found = records_.find(question.name); found != records_.end()) {
      answer.status = verify::dns::Status::noerror;
      for (const std::string& text : found->second) answer.txt.push_back({{text}});
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace ruaudit::test
