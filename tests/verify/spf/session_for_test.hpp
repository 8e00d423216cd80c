// A zone as JSON text and one SMTP session, as the SPF tests need them.
#pragma once
#include <catch2/catch.hpp>
#include <string>

#include "verify/dns/zone.hpp"
#include "verify/spf/check_host.hpp"

namespace ruaudit::verify::spf::test {

inline dns::Zone zone(const std::string& json) {
  auto parsed = dns::Zone::parse_json(json);
  if (!parsed) FAIL(parsed.error().message);
  return std::move(*parsed);
}

struct Setup {
  std::string ip = "192.0.2.1";
  std::string mail_from = "user@example.com";
  std::string helo = "mail.example.com";
  Options options{};
};

inline CheckResult check(const std::string& json, const Setup& setup = {}) {
  dns::ZoneResolver resolver(zone(json), [] { return std::int64_t{0}; });
  const Session session{.ip = model::IpAddress::parse(setup.ip).value(),
                        .helo = setup.helo,
                        .mail_from = setup.mail_from,
                        .time = 1'234'567'890};
  return check_mail_from(session, resolver, setup.options);
}

// The result of a record at example.com, beside more names of the zone.
inline CheckResult check_record(const std::string& record, const std::string& more = "", const Setup& setup = {}) {
  return check(R"({"example.com": [{"TXT": ")" + record + "\"}]" + (more.empty() ? "" : ", " + more) + "}", setup);
}

inline std::string result_of(const CheckResult& check) { return std::string(model::to_text(check.result)); }

}  // namespace ruaudit::verify::spf::test
