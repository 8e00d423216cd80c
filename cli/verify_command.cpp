// ruaudit verify: one mail judged as a receiver would, or many as JSON lines.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <thread>

#include "cli/clock.hpp"
#include "cli/commands.hpp"
#include "cli/verify_batch.hpp"
#include "cli/verify_dns.hpp"
#include "cli/verify_request.hpp"
#include "verify/explain/json.hpp"

namespace ruaudit::cli {
namespace {

namespace evaluate = verify::evaluate;

constexpr OptionSpec options_table[] = {
    {"ip", OptionKind::value, "ADDRESS", "of the client; default from the mail's trusted trace fields"},
    {"helo", OptionKind::value, "NAME", "of the client; default from the trace fields"},
    {"mail-from", OptionKind::value, "ADDRESS", "envelope sender, <> for the null sender; default from the trace"},
    {"trusted-host", OptionKind::list, "NAME", "host or authserv-id whose trace fields are believed; may be repeated"},
    {"at", OptionKind::value, "TIME", "judge as at TIME: seconds since the epoch, or 2024-02-29T12:00:00Z"},
    {"zone", OptionKind::value, "FILE", "answer DNS from a master file or JSON"},
    {"resolver", OptionKind::value, "ADDR[@PORT]", "name server to ask; default the system's"},
    {"save-evidence", OptionKind::value, "FILE", "write every DNS answer and the clock, for --evidence"},
    {"evidence", OptionKind::value, "FILE", "replay: answer DNS from what --save-evidence wrote"},
    {"policy", OptionKind::value, "RFC", "rfc9989 (default, DNS tree walk) or rfc7489 (public suffix list)"},
    {"public-suffix-list", OptionKind::value, "FILE", "for rfc7489; default the system's"},
    {"legacy", OptionKind::flag, "", "verify rsa-sha1 and RSA keys under 1024 bits too"},
    {"spf-local", OptionKind::value, "TERMS", "mechanisms tried before the record's all"},
    {"spf-guess", OptionKind::value, "RECORD", "SPF record for domains without one"},
    {"headers-only", OptionKind::flag, "", "the body is missing, so that no signature can pass"},
    {"only", OptionKind::value, "CHECKS", "some of spf,dkim,arc,dmarc"},
    {"format", OptionKind::value, "FORMAT", "text (default), json or authentication-results"},
    {"authserv-id", OptionKind::value, "NAME", "of the field that authentication-results writes"},
    {"batch", OptionKind::flag, "", "judge JSON lines from MESSAGE, see ruaudit-verify(1)"},
};
constexpr CommandSpec spec = {"verify",
                              "[OPTIONS] MESSAGE|-",
                              "Judges a mail by SPF, DKIM, ARC and DMARC, and tells what would mend it.",
                              options_table,
                              0,
                              1};

model::Result<evaluate::Envelope> envelope(const Options& options) {
  evaluate::Envelope out;
  if (const auto ip = options.value("ip")) {
    const auto address = model::IpAddress::parse(*ip);
    if (!address) return model::failure("usage", "--ip: " + address.error().message, address.error().hint);
    out.ip = *address;
  }
  out.helo = options.value("helo");
  out.mail_from = options.value("mail-from");
  if (out.mail_from == "<>") out.mail_from = "";
  return out;
}

model::Result<evaluate::Options> evaluation_options(const Options& options, const DnsSource& source) {
  evaluate::Options out;
  out.now = source.time().value_or(epoch_now());
  if (const auto at = options.value("at")) {
    TRY(out.at, parse_instant(*at));
  }
  TRY(out.rules, parse_rules(options.value_or("policy", "rfc9989")));
  if (options.has("legacy")) out.legacy = verify::dkim::Legacy::verify;
  if (options.has("headers-only")) out.body = verify::dkim::BodyPart::missing;
  if (const auto names = options.value("only")) {
    TRY(out.checks, parse_checks(split_at_commas(*names)));
  }
  out.spf_local = options.value_or("spf-local", "");
  out.spf_guess = options.value_or("spf-guess", "");
  const auto valid = verify::spf::validate({.local_policy = out.spf_local, .best_guess = out.spf_guess});
  if (!valid) return model::failure("usage", valid.error().message, valid.error().hint);
  out.trust.hosts = options.list("trusted-host");
  return out;
}

model::Result<verify::suffix::PublicSuffixList> suffix_list(const Options& options) {
  if (const auto file = options.value("public-suffix-list")) return verify::suffix::PublicSuffixList::load(*file);
  return verify::suffix::PublicSuffixList::system();
}

model::Result<ExitCode> batch(const Options& options, const BatchPlan& plan, Console& console) {
  for (const char* name : {"format", "authserv-id", "save-evidence", "headers-only"})
    if (options.has(name)) return model::failure("usage", fmt::format("--{} cannot be used with --batch", name));
  const auto& arguments = options.arguments();
  if (arguments.empty() || arguments[0] == "-")
    return run_batch(std::cin, console, plan) == 0 ? ExitCode::well : ExitCode::failure;
  TRY(const auto lines, open_lines(arguments[0]));
  return run_batch(*lines, console, plan) == 0 ? ExitCode::well : ExitCode::failure;
}

model::Result<ExitCode> run(const Options& options, Console& console) {
  TRY(const auto source, DnsSource::open(options));
  VerifyRequest request;
  TRY(request.envelope, envelope(options));
  TRY(request.options, evaluation_options(options, source));
  TRY(const auto list, suffix_list(options));
  request.options.list = &list;
  const unsigned threads = std::max(2U, std::thread::hardware_concurrency());
  if (options.has("batch"))
    return batch(options, {.defaults = request, .resolver = &source.resolver(), .threads = threads}, console);
  if (options.arguments().empty()) return model::failure("usage", "usage: ruaudit verify [OPTIONS] MESSAGE|-");
  TRY(request.message, read_octets(options.arguments()[0], verify::message::Limits{}.message_bytes));
  evaluate::Caches caches;
  TRY(const auto done, judge(request, source.resolver(), caches));
  console.out << verify::explain::to_json(done, {.checks = request.options.checks, .indent = 2}) << '\n';
  return ExitCode::well;
}

}  // namespace

const Command verify_command = {&spec, [](const Options& options, Console& console) {
                                  const auto code = run(options, console);
                                  return code ? *code : report_failure(console, code.error());
                                }};

}  // namespace ruaudit::cli
