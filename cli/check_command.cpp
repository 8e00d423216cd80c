// ruaudit check: the DNS records of a domain, published and not yet published, judged without sending data anywhere.
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/dns_options.hpp"
#include "jobs/check/check_domain.hpp"
#include "jobs/judge/request.hpp"
#include "jobs/process/clock.hpp"
#include "report/check/check_json.hpp"
#include "report/check/check_text.hpp"

namespace ruaudit::cli {
namespace {

using assess::records::Inquiry;
using model::records::CheckReport;
using model::records::Severity;

constexpr OptionSpec options_table[] = {
    {"spf", OptionKind::value, "TEXT", "SPF record that is not published yet"},
    {"dkim", OptionKind::list, "SELECTOR=TEXT", "DKIM record that is not published yet; may be repeated"},
    {"dmarc", OptionKind::value, "TEXT", "DMARC record that is not published yet"},
    {"selector", OptionKind::list, "S", "DKIM selector that the domain signs with; may be repeated"},
    {"seen-selector", OptionKind::list, "S", "selector that is in use, as reports show; may be repeated"},
    {"expected-bits", OptionKind::list, "S=N", "size of the key that was made for selector S; may be repeated"},
    {"sending-host", OptionKind::list, "NAME", "host that sends besides the MX hosts; may be repeated"},
    {"sts-policy", OptionKind::value, "FILE", "text of the MTA-STS policy, which is not fetched"},
    {"dnsbl", OptionKind::list, "ZONE", "block list to ask about the mail hosts; may be repeated"},
    {"test-ip", OptionKind::value, "ADDRESS", "judge a delivery from this address by the SPF record"},
    {"test-from", OptionKind::value, "ADDRESS", "its envelope sender"},
    {"test-helo", OptionKind::value, "NAME", "its HELO name"},
    {"no-db", OptionKind::flag, "", "do not take selectors and senders from the database"},
    zone_option,
    resolver_option,
    {"format", OptionKind::value, "FORMAT", "text (default) or json"},
};
constexpr CommandSpec spec = {"check",
                              "[OPTIONS] DOMAIN...",
                              "Judges the DNS records of a domain and offers the records that would be right.",
                              options_table,
                              1,
                              SIZE_MAX};

struct Pair {
  std::string name{}, value{};
};
model::Result<Pair> pair_of(std::string_view option, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    return model::failure("usage", fmt::format("--{}: '{}' is not NAME=VALUE", option, jobs::printable(text)));
  return Pair{text.substr(0, equals), text.substr(equals + 1)};
}

model::Result<void> read_pairs(const Options& options, Inquiry& inquiry) {
  for (const auto& text : options.list("dkim")) {
    TRY(auto pair, pair_of("dkim", text));
    inquiry.dkim[pair.name] = std::move(pair.value);
  }
  for (const auto& text : options.list("expected-bits")) {
    TRY(const auto pair, pair_of("expected-bits", text));
    const bool is_number =
        !pair.value.empty() && pair.value.size() < 6 && pair.value.find_first_not_of("0123456789") == std::string::npos;
    if (!is_number)
      return model::failure("usage", fmt::format("--expected-bits: '{}' is no number", jobs::printable(pair.value)));
    inquiry.expected_bits[pair.name] = std::stoi(pair.value);
  }
  return {};
}

model::Result<std::optional<assess::records::TestSession>> test_session(const Options& options,
                                                                        const std::string& domain) {
  const auto ip = options.value("test-ip");
  if (!ip) {
    if (options.has("test-from") || options.has("test-helo"))
      return model::failure("usage", "--test-from and --test-helo need --test-ip");
    return std::optional<assess::records::TestSession>();
  }
  const auto address = model::IpAddress::parse(*ip);
  if (!address) return model::failure("usage", "--test-ip: " + address.error().message, address.error().hint);
  return std::optional(assess::records::TestSession{*address, options.value_or("test-from", "postmaster@" + domain),
                                                    options.value_or("test-helo", domain)});
}

model::Result<Inquiry> inquiry_of(const Options& options, const std::string& text) {
  const auto domain = model::Domain::parse(text);
  if (!domain) return model::failure("usage", domain.error().message, domain.error().hint);
  Inquiry inquiry{.domain = *domain};
  inquiry.selectors = options.list("selector");
  inquiry.seen_selectors = options.list("seen-selector");
  inquiry.sending_hosts = options.list("sending-host");
  inquiry.dnsbl_zones = options.list("dnsbl");
  inquiry.spf = options.value("spf");
  inquiry.dmarc = options.value("dmarc");
  inquiry.now = jobs::epoch_now();
  TRY_VOID(read_pairs(options, inquiry));
  TRY(inquiry.test, test_session(options, domain->text()));
  if (const auto path = options.value("sts-policy")) {
    TRY(inquiry.sts_policy, jobs::read_octets(*path, std::size_t{64} << 10U));  // RFC 8461 section 3.3
  }
  return inquiry;
}

ExitCode exit_code(const std::vector<CheckReport>& reports) {
  auto worst = ExitCode::success;
  for (const auto& report : reports)
    for (const auto& finding : report.findings) {
      if (finding.severity == Severity::error) return ExitCode::errors;
      if (finding.severity == Severity::warning) worst = ExitCode::warnings;
    }
  return worst;
}

model::Result<ExitCode> run(const Options& options, jobs::Console& console) {
  const auto format = options.value_or("format", "text");
  if (format != "text" && format != "json")
    return model::failure("usage", fmt::format("--format is text or json, not '{}'", jobs::printable(format)));
  TRY(const auto source, open_dns(options));
  std::vector<CheckReport> reports;
  for (const auto& name : options.arguments()) {
    TRY(const auto inquiry, inquiry_of(options, name));
    auto report = jobs::check_domain(inquiry, source.resolver());
    if (!report) return model::failure(report.error().in(name));
    reports.push_back(std::move(*report));
  }
  if (format == "json") {
    console.out << report::check_json(reports);
  } else {
    for (std::size_t i = 0; i < reports.size(); ++i)
      console.out << (i == 0 ? "" : "\n") << report::check_text(reports[i]);
  }
  return exit_code(reports);
}

}  // namespace

const Command check_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
