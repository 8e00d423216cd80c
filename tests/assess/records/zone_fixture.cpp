#include "zone_fixture.hpp"

#include <set>

namespace ruaudit::test {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\t') {
      out += "\\t";
      continue;
    }
    out += c;
  }
  return out + "\"";
}

// A record as strings of at most 255 octets; "|" in the text is where one string ends.
std::string txt(const std::string& text) {
  std::string strings, part;
  const auto put = [&] {
    strings += (strings.empty() ? "" : ", ") + quoted(part);
    part.clear();
  };
  for (const char c : text) {
    if (c == '|' || part.size() == 255) put();
    if (c != '|') part += c;
  }
  put();
  return "{\"TXT\": [" + strings + "]}";
}

void add(std::string& zone, const std::string& name, const std::string& entries) {
  zone += (zone == "{" ? "" : ",\n") + quoted(name) + ": [" + entries + "]";
}

std::string zone_of(const Domain& domain) {
  std::string zone = "{";
  const std::string apex = "{\"A\": \"192.0.2.80\"}, {\"MX\": [10, \"mail.example.org\"]}";
  add(zone, "example.org", apex + (domain.spf.empty() ? "" : ", " + txt(domain.spf)));
  add(zone, "mail.example.org", "{\"A\": \"192.0.2.25\"}");
  add(zone, "25.2.0.192.in-addr.arpa", "{\"PTR\": \"mail.example.org\"}");
  add(zone, "mta-sts.example.org", "{\"A\": \"192.0.2.80\"}");
  const std::map<std::string, std::string> texts = {{"_dmarc.example.org", domain.dmarc},
                                                    {"s1._domainkey.example.org", domain.dkim},
                                                    {"_mta-sts.example.org", domain.sts},
                                                    {"_smtp._tls.example.org", domain.tlsrpt},
                                                    {"default._bimi.example.org", domain.bimi}};
  for (const auto& [name, text] : texts)
    if (!text.empty()) add(zone, name, txt(text));
  add(zone, "_spf.provider.example", "{\"TXT\": \"v=spf1 ip4:198.51.100.0/24 -all\"}");
  add(zone, "open.provider.example", "{\"TXT\": \"v=spf1 +all\"}");
  add(zone, "ptr.provider.example", "{\"TXT\": \"v=spf1 ptr:provider.example ip4:203.0.113.7 ?all\"}");
  add(zone, "relay.example.org", "{\"A\": \"198.51.100.9\"}");
  for (const auto& [name, entries] : domain.more) add(zone, name, entries);
  return zone + "}";
}

}  // namespace

records::CheckReport check(const Domain& domain) {
  auto zone = verify::dns::Zone::parse(zone_of(domain));
  if (!zone) throw std::runtime_error(zone.error().message);
  verify::dns::ZoneResolver resolver(std::move(*zone), [] { return std::int64_t{0}; });
  assess::records::Inquiry inquiry{.domain = *model::Domain::parse("example.org"), .selectors = {"s1"}};
  inquiry.now = 1'767'225'600;
  inquiry.public_suffixes = domain.public_suffixes;
  auto report = jobs::check_domain(inquiry, resolver);
  if (!report) throw std::runtime_error(report.error().message);
  return *report;
}

std::vector<std::string> faults(const records::CheckReport& report) {
  std::set<std::string> codes;
  for (const auto& finding : report.findings)
    if (finding.severity != records::Severity::info) codes.emplace(finding.code);
  return {codes.begin(), codes.end()};
}

const records::Finding* find(const records::CheckReport& report, std::string_view code) {
  for (const auto& finding : report.findings)
    if (finding.code == code) return &finding;
  return nullptr;
}

}  // namespace ruaudit::test
