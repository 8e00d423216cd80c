// spf_bench [seconds per measurement]: SPF checks per second of one core's CPU time, with DNS answers from the
// answer cache: a record with three includes whose last one matches, parsed each time and with parsed records kept;
// then curves over the length of a record, of its macros and of its terms, in nanoseconds per octet, to show that work
// grows with the input and not faster.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "verify/dns/cache.hpp"
#include "verify/dns/zone.hpp"
#include "verify/spf/check_host.hpp"

namespace {

namespace dns = ruaudit::verify::dns;
namespace model = ruaudit::model;
namespace spf = ruaudit::verify::spf;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Calls per second of CPU time; the best of three runs.
double rate(double seconds, const std::function<void()>& call) {
  double best = 0;
  for (int run = 0; run < 3; ++run) {
    const double begin = cpu_seconds();
    double spent = 0;
    std::size_t calls = 0;
    for (; spent < seconds; spent = cpu_seconds() - begin, ++calls) call();
    best = std::max(best, static_cast<double>(calls) / spent);
  }
  return best;
}

dns::Zone zone_of(const std::string& json) {
  auto zone = dns::Zone::parse_json(json);
  if (!zone) {
    std::fprintf(stderr, "%s\n", zone.error().message.c_str());
    std::exit(EXIT_FAILURE);
  }
  return std::move(*zone);
}

// A zone behind the cache, as the product asks it.
struct CachedDns {
  explicit CachedDns(const std::string& json)
      : inner(zone_of(json), [] { return std::int64_t{0}; }),
        cache([] { return std::int64_t{0}; }),
        resolver(inner, cache, "bench") {}
  dns::ZoneResolver inner;
  dns::AnswerCache cache;
  dns::CachingResolver resolver;
};

const spf::Session& session() {
  static const spf::Session value{
      .ip = model::IpAddress::v4(0xc0000263), .helo = "mail.example.com", .mail_from = "someone@example.com"};
  return value;
}

model::SpfResult check(CachedDns& dns, spf::RecordCache* cache) {
  spf::Options options;
  options.cache = cache;
  options.clock = [] { return std::int64_t{0}; };
  return spf::check_mail_from(session(), dns.resolver, options).result;
}

std::string repeat(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// Three includes as large senders publish them: each a row of networks, the last one holds the client.
std::string includes_zone() {
  const std::string networks = repeat("ip4:198.51.100.0/24 ip6:2001:db8:1::/48 ", 6);
  return R"({"example.com": [{"TXT": "v=spf1 include:_spf.a.example include:_spf.b.example include:_spf.c.example ~all"}],
    "_spf.a.example": [{"TXT": "v=spf1 )" +
         networks + R"(~all"}], "_spf.b.example": [{"TXT": "v=spf1 )" + networks +
         R"(~all"}], "_spf.c.example": [{"TXT": "v=spf1 )" + networks + R"(ip4:192.0.2.0/24 ~all"}]})";
}

void measure_includes(double seconds) {
  CachedDns dns(includes_zone());
  spf::RecordCache cache;
  if (check(dns, nullptr) != model::SpfResult::pass) std::exit(EXIT_FAILURE);
  const double parsed = rate(seconds, [&] { (void)check(dns, nullptr); });
  const double kept = rate(seconds, [&] { (void)check(dns, &cache); });
  std::printf("record with three includes, DNS cached, one core\n");
  std::printf("  %-28s %10.0f checks/s %8.2f us\n", "parsed each time", parsed, 1e6 / parsed);
  std::printf("  %-28s %10.0f checks/s %8.2f us\n", "parsed records kept", kept, 1e6 / kept);
}

struct Curve {
  const char* name;
  std::string head;
  std::string unit;  // repeated
  std::string tail;
};

void measure_curve(double seconds, const Curve& curve) {
  std::printf("%s\n  %10s %10s %12s %10s\n", curve.name, "terms", "octets", "us/check", "ns/octet");
  for (const std::size_t times : {10U, 100U, 1000U, 10'000U}) {
    const auto record = "v=spf1 " + curve.head + repeat(curve.unit, times) + curve.tail;
    CachedDns dns(R"({"example.com": [{"TXT": ")" + record + "\"}]}");
    const double microseconds = 1e6 / rate(seconds, [&] { (void)check(dns, nullptr); });
    std::printf("  %10zu %10zu %12.2f %10.2f\n", times, record.size(), microseconds,
                microseconds * 1e3 / static_cast<double>(record.size()));
  }
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::strtod(argv[1], nullptr) : 0.5;
  measure_includes(seconds);
  const Curve curves[] = {{"networks that do not match", "", "ip4:198.51.100.7/32 ", "-all"},
                          {"unknown modifiers", "", "x=%{d2r.-}%{s} ", "-all"},
                          {"one exists with many macros", "exists:", "%{l1r-}.", "example.com -all"},
                          {"one exists with a long label", "exists:", "abcdefgh", ".example.com -all"},
                          {"a term of wrong syntax at the end", "", "a:%{d}/24//64 ", "foo"}};
  for (const auto& curve : curves) measure_curve(seconds, curve);
  return EXIT_SUCCESS;
}
