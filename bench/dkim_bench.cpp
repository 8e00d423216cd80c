// Measures DKIM verification. First: RSA-2048, relaxed/relaxed, on mails of three sizes and kinds of body, against the
// bare cryptography: EVP_DigestVerify over the same header octets and SHA-256 over the same body octets. Keys are
// parsed outside both; the product has its record cached. Then curves over header fields, signatures, tags and body
// size: the time per unit must not grow. Each figure is the lower quartile of interleaved runs, in processor time.
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "verify/dkim/canonical.hpp"
#include "verify/dkim/encoding.hpp"
#include "verify/dkim/header_input.hpp"
#include "verify/dkim/verifier.hpp"

using namespace ruaudit::verify;
namespace model = ruaudit::model;

namespace {

using KeyPtr = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

std::string octets_of(const unsigned char* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}
const unsigned char* bytes_of(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string sha256(const std::string& text) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), out, &size, EVP_sha256(), nullptr);
  return octets_of(out, size);
}

std::string sign(EVP_PKEY* key, const std::string& input) {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  unsigned char out[1024];
  std::size_t size = sizeof out;
  EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key);
  EVP_DigestSign(context.get(), out, &size, bytes_of(input), input.size());
  return octets_of(out, size);
}

bool verify(EVP_PKEY* key, const std::string& signature, const std::string& input) {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(input), input.size()) == 1;
}

std::string record_of(EVP_PKEY* key) {
  unsigned char out[1024];
  unsigned char* at = out;
  const int size = i2d_PUBKEY(key, &at);
  return "v=DKIM1; k=rsa; p=" + dkim::encode_base64(octets_of(out, static_cast<std::size_t>(size)));
}

class OneKeyResolver final : public dns::Resolver {
 public:
  explicit OneKeyResolver(std::string record) : record_(std::move(record)) {}
  std::vector<dns::Answer> query_all(std::span<const dns::Question> questions) override {
    std::vector<dns::Answer> answers;
    for (const auto& question : questions) {
      dns::Answer answer;
      answer.question = question;
      answer.status = dns::Status::noerror;
      answer.txt.push_back({{record_}});
      answers.push_back(std::move(answer));
    }
    return answers;
  }

 private:
  std::string record_;
};

// ---- mails

std::string body_of(const std::string& kind, std::size_t size) {
  std::string out;
  unsigned state = 1;
  const auto next = [&state] { return state = state * 1664525U + 1013904223U; };
  while (out.size() < size) {
    std::string line;
    if (kind == "base64") {
      while (line.size() < 76) line += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[next() >> 26];
    } else {
      if (kind == "html") line = std::string((next() >> 28) * 2, ' ') + "<td>\t";
      while (line.size() < 70)
        line += std::string(2 + (next() >> 29), 'e') + (kind == "spaced" && next() >> 30 == 0 ? "  " : " ");
      if (kind == "text") line.pop_back();
    }
    out += line + "\r\n";
  }
  return out;
}

std::string header_of(std::size_t fields) {
  std::string out =
      "Received: from mx1.example.net (mx1.example.net [192.0.2.1])\r\n\tby mx2.example.org with ESMTPS id "
      "4711\r\n\tfor "
      "<b@example.org>; Sat, 21 Nov 2026 10:00:00 +0000\r\nFrom: Ann Example <ann@example.com>\r\nTo: Bob "
      "<b@example.org>\r\n"
      "Subject: the figures of this month\r\nDate: Sat, 21 Nov 2026 09:59:58 +0000\r\nMessage-ID: <1@example.com>\r\n"
      "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n";
  for (std::size_t i = 8; i < fields; ++i)
    out += "X-Field-" + std::to_string(i % 97) + ": value " + std::to_string(i) + "\r\n";
  return out;
}

struct SignedMail {
  std::string mail;
  std::string header_input, canonical_body, signature;
};

SignedMail make_mail(EVP_PKEY* key, const std::string& header, const std::string& body, const std::string& extra = "") {
  SignedMail out;
  out.canonical_body = dkim::canonical_body(body, dkim::Canonicalization::relaxed);
  const std::string field =
      "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=sel;\r\n\t"
      "h=from:to:subject:date:message-id:mime-version:content-type:from:subject" +
      extra + ";\r\n\tbh=" + dkim::encode_base64(sha256(out.canonical_body)) + ";\r\n\tb=";
  const std::string draft = field + "QUJD\r\n" + header + "\r\n" + body;
  const auto view = message::Message::view(draft);
  const auto parsed = dkim::parse_signature(view->fields()[0].value, dkim::SignatureKind::dkim);
  out.header_input = dkim::header_input(*view, parsed.signature, 0);
  out.signature = sign(key, out.header_input);
  out.mail = field + dkim::encode_base64(out.signature) + "\r\n" + header + "\r\n" + body;
  return out;
}

// ---- measuring

// Processor time of this thread: other work on the machine does not count.
double now() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

double seconds_of(const std::function<void()>& work) {
  const double start = now();
  work();
  return now() - start;
}

// The lower quartile: what the work takes when nothing else has the caches.
double typical(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 4];
}

struct Bench {
  KeyPtr key{EVP_RSA_gen(2048), EVP_PKEY_free};
  OneKeyResolver resolver{record_of(key.get())};
  dkim::KeyCache cache;

  void verify_mail(const std::string& mail, std::size_t passes, std::size_t limit = 20) {
    const auto view = message::Message::view(mail);
    const auto result = dkim::Verifier(resolver, cache).verify(*view, {.at = 1'700'000'000, .max_signatures = limit});
    const auto passed = std::count_if(result.signatures.begin(), result.signatures.end(),
                                      [](const auto& s) { return s.result == model::DkimResult::pass; });
    if (static_cast<std::size_t>(passed) != passes) std::printf("NOT VERIFIED\n");
  }

  double time_of(const std::string& mail, std::size_t passes = 1, std::size_t limit = 20) {
    std::vector<double> times;
    for (int i = 0; i < 9; ++i) times.push_back(seconds_of([&] { verify_mail(mail, passes, limit); }));
    return typical(times);
  }
};

void compare(Bench& bench, const std::string& kind, std::size_t kib) {
  const SignedMail mail = make_mail(bench.key.get(), header_of(12), body_of(kind, kib * 1024));
  const auto bare = [&] {
    if (sha256(mail.canonical_body).size() != 32 || !verify(bench.key.get(), mail.signature, mail.header_input))
      std::printf("NOT VERIFIED\n");
  };
  const int runs = kib > 100 ? 301 : 1001;
  std::vector<double> product_times, bare_times;
  for (int i = 0; i < runs; ++i) {
    bare_times.push_back(seconds_of(bare));
    product_times.push_back(seconds_of([&] { bench.verify_mail(mail.mail, 1); }));
  }
  const double b = typical(bare_times) * 1e6, p = typical(product_times) * 1e6;
  std::printf("%-7s %4zu KiB  bare %8.1f us  product %8.1f us  ratio %.2f\n", kind.c_str(), kib, b, p, p / b);
}

void curves(Bench& bench) {
  std::printf("\nheader fields   ms       us per field\n");
  for (const std::size_t n : {100U, 1000U, 3000U, 9000U}) {
    const double t = bench.time_of(make_mail(bench.key.get(), header_of(n), "body\r\n").mail);
    std::printf("%8zu   %8.3f   %8.3f\n", n, t * 1e3, t * 1e6 / static_cast<double>(n));
  }
  std::printf("signatures      ms       us per signature (50 KiB body)\n");
  const SignedMail one = make_mail(bench.key.get(), header_of(12), body_of("text", 50 * 1024));
  const std::string field = one.mail.substr(0, one.mail.find("Received:")), rest = one.mail.substr(field.size());
  for (const std::size_t n : {1U, 5U, 20U, 80U}) {
    std::string mail;
    for (std::size_t i = 0; i < n; ++i) mail += field;
    const double t = bench.time_of(mail + rest, n, 100);
    std::printf("%8zu   %8.3f   %8.3f\n", n, t * 1e3, t * 1e6 / static_cast<double>(n));
  }
  std::printf("tags            ms       us per tag\n");
  for (const std::size_t n : {10U, 30U, 60U, 120U}) {
    std::string extra;
    for (std::size_t i = 8; i < n; ++i) extra += "; t" + std::to_string(i) + "=value";
    const double t = bench.time_of(make_mail(bench.key.get(), header_of(12), "body\r\n", extra).mail);
    std::printf("%8zu   %8.3f   %8.3f\n", n, t * 1e3, t * 1e6 / static_cast<double>(n));
  }
  std::printf("names in h=     ms       us per name\n");
  for (const std::size_t n : {10U, 100U, 500U, 990U}) {
    std::string extra;
    for (std::size_t i = 9; i < n; ++i) extra += ":X-Field-" + std::to_string(i % 97);
    const double t = bench.time_of(make_mail(bench.key.get(), header_of(9000), "body\r\n", extra).mail);
    std::printf("%8zu   %8.3f   %8.3f\n", n, t * 1e3, t * 1e6 / static_cast<double>(n));
  }
  for (const char* kind : {"text", "spaced"}) {
    std::printf("body KiB (%s)  ms     ns per byte\n", kind);
    for (const std::size_t kib : {100U, 1000U, 10000U, 100000U}) {
      const double t = bench.time_of(make_mail(bench.key.get(), header_of(12), body_of(kind, kib * 1024)).mail);
      std::printf("%8zu   %8.3f   %8.3f\n", kib, t * 1e3, t * 1e9 / static_cast<double>(kib * 1024));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  Bench bench;
  for (const char* kind : {"text", "base64", "html", "spaced"})
    for (const std::size_t kib : {5U, 50U, 500U}) compare(bench, kind, kib);
  if (argc < 2 || std::string(argv[1]) != "--no-curves") curves(bench);
  return 0;
}
