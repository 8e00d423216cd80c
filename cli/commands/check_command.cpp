// ruaudit check: the DNS records of a domain, published and not yet published, judged without sending data anywhere.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "assess/records/unused.hpp"
#include "cli/commands.hpp"
#include "cli/commands/check_mail.hpp"
#include "cli/options/configuration_options.hpp"
#include "cli/options/database_path.hpp"
#include "cli/options/dns_options.hpp"
#include "cli/options/suffix_list.hpp"
#include "cli/steps/cluster_answer.hpp"
#include "jobs/check/check_domain.hpp"
#include "jobs/judge/request.hpp"
#include "jobs/process/clock.hpp"
#include "model/calendar.hpp"
#include "report/check/check_json.hpp"
#include "report/check/check_text.hpp"
#include "store/facts/known_domain.hpp"

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
    {"mail", OptionKind::value, "FILE", "judge this mail (-: standard input) and the records of its author's domain"},
    db_option,
    {"no-db", OptionKind::flag, "", "do not take selectors and senders from the database"},
    zone_option,
    resolver_option,
    list_option,
    {"format", OptionKind::value, "FORMAT", "text (default) or json"},
    cluster_option,
};
constexpr CommandSpec spec = {"check",
                              "[OPTIONS] [DOMAIN...]",
                              "Judges the DNS records of a domain and offers the records that would be right.",
                              options_table,
                              0,
                              SIZE_MAX};

constexpr std::int64_t sender_days = 90;    // of reports that say by which term of SPF somebody passes
constexpr std::int64_t selector_days = 10;  // and which key is in use: one that was replaced before may be gone

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

// Of the domain and the names above it; nothing without a list.
model::Result<std::optional<std::vector<std::string>>> suffixes_of(const Options& options,
                                                                   const model::Domain& domain) {
  const auto list = suffix_list_of(options);
  if (!list && options.has(list_option.name)) return model::failure(list.error());
  if (!list) return std::optional<std::vector<std::string>>();
  std::vector<std::string> suffixes;
  for (auto text = domain.text(); !text.empty();) {
    const auto name = model::Domain::parse(text);
    if (name && list->is_public_suffix(*name)) suffixes.push_back(text);
    const auto dot = text.find('.');
    text = dot == std::string::npos ? std::string() : text.substr(dot + 1);
  }
  return std::optional(std::move(suffixes));
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
  TRY(inquiry.public_suffixes, suffixes_of(options, *domain));
  TRY_VOID(read_pairs(options, inquiry));
  TRY(inquiry.test, test_session(options, domain->text()));
  if (const auto path = options.value("sts-policy")) {
    TRY(inquiry.sts_policy, jobs::read_octets(*path, std::size_t{64} << 10U));  // RFC 8461 section 3.3
  }
  return inquiry;
}

// Where reports are; nowhere, where there is no database.
model::Result<std::optional<std::string>> known_place(const Options& options, jobs::Console& console) {
  std::optional<std::string> place;
  if (options.has("no-db") && options.has("cluster"))
    return model::failure("usage", "--no-db and --cluster exclude each other");
  if (options.has("no-db")) return place;
  const auto path = database_path(options);
  std::error_code error;
  if (path && std::filesystem::exists(*path, error)) place = *path;
  if (options.has("cluster")) {
    TRY(place, judged_database(options, console));
  } else if (!place && options.has("db")) {
    return model::failure("database-missing", "there is no database " + *options.value("db"));
  }
  return place;
}

model::Result<store::KnownDomain> known_in(const std::string& path, const Inquiry& inquiry) {
  TRY(auto database, store::Database::open({.path = path, .access = store::Access::read_only}));
  const auto day = [&](std::int64_t days) { return model::day_text(inquiry.now - days * model::seconds_per_day); };
  return store::known_domain(database, inquiry.domain.text(),
                             {.selectors = day(selector_days), .senders = day(sender_days)});
}

// What reports say of the domain: selectors in use join those of --seen-selector.
model::Result<std::optional<store::KnownDomain>> known_of(const std::optional<std::string>& place, Inquiry& inquiry) {
  if (!place) return std::optional<store::KnownDomain>();
  TRY(auto known, known_in(*place, inquiry));
  for (const auto& selector : known.seen_selectors) inquiry.seen_selectors.push_back(selector);
  inquiry.tls_reports = {known.tls_reports, known.last_tls_day, known.last_tls_policy_day};
  return std::optional(std::move(known));
}

void add_unused_terms(const Inquiry& inquiry, const std::optional<store::KnownDomain>& known, CheckReport& report) {
  if (!known || known->evaluated_sources == 0 || !report.spf || inquiry.spf) return;
  auto unused = assess::records::unused_terms(*report.spf, {.used_terms = known->used_terms, .days = known->days});
  std::move(unused.begin(), unused.end(), std::back_inserter(report.findings));
}

// The arguments, else the author of the mail, else the domains of the configuration.
model::Result<std::vector<std::string>> domains_of(const Options& options,
                                                   const std::optional<jobs::CheckedMail>& mail) {
  if (!options.arguments().empty()) return options.arguments();
  if (mail && !mail->domain.empty()) return std::vector{mail->domain};
  if (mail)
    return model::failure("check-mail", "the mail has no author whose domain could be checked",
                          "name the domain: ruaudit check --mail FILE DOMAIN");
  TRY(const auto loaded, load_configuration(options));
  std::vector<std::string> names;
  for (const auto* list : {&loaded.configuration.general.domains, &loaded.configuration.general.parked})
    for (const auto& domain : *list)
      if (std::find(names.begin(), names.end(), domain.text()) == names.end()) names.push_back(domain.text());
  if (!names.empty()) return names;
  return model::failure("usage", "check needs a domain", "name it, or let `domains` of the configuration name yours");
}

// A mail tells more than the options do: its selectors, and the session that SPF is tested with. Whoever forwards or
// forges a mail is no sending host of the domain.
void take_mail(const jobs::CheckedMail& mail, Inquiry& inquiry) {
  const bool is_of_author = inquiry.domain.text() == mail.domain;
  if (is_of_author)
    for (const auto& selector : mail.selectors) inquiry.seen_selectors.push_back(selector);
  if (is_of_author && mail.is_host_authorised && mail.helo.find('.') != std::string::npos)
    inquiry.sending_hosts.push_back(mail.helo);
  const auto ip = model::IpAddress::parse(mail.ip);
  if (!inquiry.test && ip && mail.is_sender_known)
    inquiry.test = assess::records::TestSession{*ip, mail.mail_from, mail.helo};
}

ExitCode worse(ExitCode one, ExitCode other) { return static_cast<int>(one) > static_cast<int>(other) ? one : other; }

std::string_view standing_word(const jobs::CheckedMail& mail) {
  if (mail.standing == jobs::MailStanding::passes) return "passes";
  return mail.standing == jobs::MailStanding::fails ? "fails" : "unknown";
}

ExitCode exit_code(const jobs::CheckedMail& mail) {
  if (mail.standing == jobs::MailStanding::fails) return ExitCode::errors;
  return mail.standing == jobs::MailStanding::unknown ? ExitCode::warnings : ExitCode::success;
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

model::Result<CheckReport> check_one(const Options& options, const std::string& name,
                                     const std::optional<jobs::CheckedMail>& mail, const jobs::DnsSource& source,
                                     const std::optional<std::string>& place) {
  TRY(auto inquiry, inquiry_of(options, name));
  TRY(const auto known, known_of(place, inquiry));
  if (mail) take_mail(*mail, inquiry);
  auto report = jobs::check_domain(inquiry, source.resolver());
  if (!report) return model::failure(report.error().in(name));
  add_unused_terms(inquiry, known, *report);
  return report;
}

void print(const std::vector<CheckReport>& reports, const std::optional<jobs::CheckedMail>& mail, bool is_json,
           jobs::Console& console) {
  if (is_json) {
    console.out << (mail ? report::check_mail_json(reports, {mail->json, standing_word(*mail), mail->bounce})
                         : report::check_json(reports));
    return;
  }
  if (mail) console.out << report::check_mail_text(mail->text, mail->outcome, mail->bounce);
  for (std::size_t i = 0; i < reports.size(); ++i)
    console.out << (i == 0 && !mail ? "" : "\n") << report::check_text(reports[i]);
}

model::Result<ExitCode> run(const Options& options, jobs::Console& console) {
  const auto format = options.value_or("format", "text");
  if (format != "text" && format != "json")
    return model::failure("usage", fmt::format("--format is text or json, not '{}'", jobs::printable(format)));
  TRY(const auto source, open_dns(options, console));
  std::optional<jobs::CheckedMail> mail;
  if (const auto path = options.value("mail")) {
    TRY(mail, judged_mail(options, *path, source, console));
  }
  TRY(const auto names, domains_of(options, mail));
  TRY(const auto place, known_place(options, console));
  std::vector<CheckReport> reports;
  for (const auto& name : names) {
    TRY(auto report, check_one(options, name, mail, source, place));
    reports.push_back(std::move(report));
  }
  print(reports, mail, format == "json", console);
  return mail ? worse(exit_code(reports), exit_code(*mail)) : exit_code(reports);
}

}  // namespace

const Command check_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
