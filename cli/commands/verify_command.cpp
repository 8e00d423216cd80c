// ruaudit verify: one mail judged as a receiver would, or many as JSON lines.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <thread>

#include "cli/commands.hpp"
#include "cli/options/dns_options.hpp"
#include "cli/options/now_option.hpp"
#include "cli/options/suffix_list.hpp"
#include "cli/steps/confinement.hpp"
#include "jobs/confined/planted_fault.hpp"
#include "jobs/confined/wire.hpp"
#include "jobs/judge/batch.hpp"
#include "jobs/judge/request.hpp"
#include "jobs/process/clock.hpp"
#include "report/verify_text.hpp"
#include "verify/explain/authres_value.hpp"
#include "verify/explain/json.hpp"

namespace ruaudit::cli {

// What the confined process says of the mail.
struct Verified {
  std::string text;
  std::string evidence;
  std::int32_t code = 0;
};

}  // namespace ruaudit::cli

namespace ruaudit::jobs::wire {
template <>
inline constexpr int fields<cli::Verified> = 3;
}  // namespace ruaudit::jobs::wire

namespace ruaudit::cli {
namespace {

namespace evaluate = verify::evaluate;

constexpr OptionSpec options_table[] = {
    {"ip", OptionKind::value, "ADDRESS", "of the client; default from the mail's trusted trace fields"},
    {"helo", OptionKind::value, "NAME", "of the client; default from the trace fields"},
    {"mail-from", OptionKind::value, "ADDRESS", "envelope sender, <> for the null sender; default from the trace"},
    {"trusted-host", OptionKind::list, "NAME", "host or authserv-id whose trace fields are trusted; may be repeated"},
    {"at", OptionKind::value, "TIME", "judge as of TIME: seconds since the epoch, or 2024-02-29T12:00:00Z"},
    {"zone", OptionKind::value, "FILE", "answer DNS from a master file or JSON"},
    resolver_option,
    {"save-evidence", OptionKind::value, "FILE", "write every DNS answer and the clock, for --evidence"},
    {"evidence", OptionKind::value, "FILE", "replay: answer DNS from what --save-evidence wrote"},
    {"policy", OptionKind::value, "RFC", "rfc9989 (default, DNS tree walk) or rfc7489 (public suffix list)"},
    {"public-suffix-list", OptionKind::value, "FILE", "for rfc7489; default the system's"},
    {"legacy", OptionKind::flag, "", "verify rsa-sha1 and RSA keys under 1024 bits too"},
    {"spf-local", OptionKind::value, "TERMS", "mechanisms tried before the record's all"},
    {"spf-guess", OptionKind::value, "RECORD", "SPF record for domains without one"},
    {"headers-only", OptionKind::flag, "", "the body is missing, so no signature can pass"},
    {"only", OptionKind::value, "CHECKS", "some of spf,dkim,arc,dmarc"},
    {"format", OptionKind::value, "FORMAT", "text (default), json or authentication-results"},
    {"authserv-id", OptionKind::value, "NAME", "of the field that authentication-results writes"},
    {"batch", OptionKind::flag, "", "judge JSON lines from MESSAGE, see ruaudit-verify(1)"},
};
constexpr CommandSpec spec = {"verify",
                              "[OPTIONS] MESSAGE|-",
                              "Judges a mail by SPF, DKIM, ARC and DMARC, and says what would fix it.",
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

model::Result<evaluate::Options> evaluation_options(const Options& options, const jobs::DnsSource& source) {
  evaluate::Options out;
  out.now = source.time().value_or(jobs::epoch_now());
  TRY(out.at, instant_option(options, "at"));
  TRY(out.rules, jobs::parse_rules(options.value_or("policy", "rfc9989")));
  if (options.has("legacy")) out.legacy = verify::dkim::Legacy::verify;
  if (options.has("headers-only")) out.body = verify::dkim::BodyPart::missing;
  if (const auto names = options.value("only")) {
    TRY(out.checks, jobs::parse_checks(jobs::split_at_commas(*names)));
  }
  out.spf_local = options.value_or("spf-local", "");
  out.spf_guess = options.value_or("spf-guess", "");
  const auto valid = verify::spf::validate({.local_policy = out.spf_local, .best_guess = out.spf_guess});
  if (!valid) return model::failure("usage", valid.error().message, valid.error().hint);
  out.trust.hosts = options.list("trusted-host");
  return out;
}

model::Result<ExitCode> code_of_errors(const model::Result<std::size_t>& errors) {
  if (!errors) return model::failure(errors.error());
  return *errors == 0 ? ExitCode::success : ExitCode::failure;
}

model::Result<ExitCode> batch(const Options& options, const jobs::BatchPlan& plan, jobs::Console& console) {
  for (const char* name : {"format", "authserv-id", "save-evidence", "headers-only"})
    if (options.has(name)) return model::failure("usage", fmt::format("--{} cannot be used with --batch", name));
  const auto& arguments = options.arguments();
  if (arguments.empty() || arguments[0] == "-") return code_of_errors(jobs::run_batch(std::cin, console, plan));
  TRY(const auto lines, jobs::open_lines(arguments[0]));
  return code_of_errors(jobs::run_batch(*lines, console, plan));
}

enum class Shape : std::uint8_t { text, json, authentication_results };

model::Result<Shape> shape(const Options& options) {
  const std::string name = options.value_or("format", "text");
  if (name == "text") return Shape::text;
  if (name == "json") return Shape::json;
  if (name == "authentication-results") return Shape::authentication_results;
  return model::failure("usage", fmt::format("--format is text, json or authentication-results, not '{}'", name));
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0' ? name.data() : "localhost";
}

std::string render(const evaluate::MessageEvaluation& done, const Options& options, Shape shape,
                   const evaluate::Checks& checks, const std::string& host) {
  if (shape == Shape::text) return report::verify_text(done, checks);
  if (shape == Shape::json) return verify::explain::to_json(done, {.checks = checks, .indent = 2}) + "\n";
  const auto id = options.value("authserv-id");
  const auto value = verify::explain::authentication_results(done, checks, id ? *id : host);
  return "Authentication-Results: " + verify::authres::write(value) + "\r\n";
}

// The clock of the evidence stands in for --at. Where it is the arrival that the trace tells, the trace gives it again.
void set_clock(const jobs::DnsSource& source, jobs::VerifyRequest& request) {
  if (request.options.at || !source.time()) return;
  const auto message = verify::message::Message::view(*request.message);
  const bool has_arrival =
      message && verify::trace::session_facts(message->fields(), request.options.trust).arrival.has_value();
  if (has_arrival) request.options.at = source.time();
}

model::Result<void> save_evidence(const std::string& path, const std::string& evidence) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << evidence;
  file.close();
  if (!file) return model::failure("verify-output", fmt::format("{} cannot be written", jobs::printable(path)));
  return {};
}

ExitCode code_of_result(std::string_view result) {
  if (result == "pass") return ExitCode::success;
  if (result == "undecided") return ExitCode::undecided;
  return result == "temperror" ? ExitCode::temporary : ExitCode::rejected;
}

// Without DMARC everything that was asked for must pass.
ExitCode exit_code(const evaluate::MessageEvaluation& done, const evaluate::Checks& checks) {
  if (checks.dmarc && done.dmarc) return code_of_result(model::to_text(done.dmarc->result));
  std::vector<ExitCode> codes;
  if (checks.spf) codes.push_back(done.spf ? code_of_result(model::to_text(done.spf->result)) : ExitCode::undecided);
  if (checks.dkim && done.dkim) codes.push_back(code_of_result(model::to_text(done.dkim->summary)));
  if (checks.arc && done.arc) codes.push_back(code_of_result(model::to_text(done.arc->result)));
  return codes.empty() ? ExitCode::rejected : *std::max_element(codes.begin(), codes.end());
}

model::Result<Verified> verify_confined(const Options& options, jobs::VerifyRequest& request,
                                        const jobs::DnsSource& source, jobs::Console& console) {
  TRY(const auto format, shape(options));
  const std::string host = host_name();
  auto how = confined_work(options, console);
  how.resolver = &source.resolver();
  const auto work = [&](verify::dns::Resolver* resolver) -> model::Result<std::string> {
    jobs::pass_planted_fault(std::string_view(*request.message).substr(0, 4096));
    set_clock(source, request);
    evaluate::Caches caches;
    verify::dns::RecordingResolver recorder(*resolver);
    TRY(const auto done, jobs::judge(request, recorder, caches));
    Verified verified{.text = render(done, options, format, request.options.checks, host),
                      .evidence = {},
                      .code = static_cast<std::int32_t>(exit_code(done, request.options.checks))};
    if (options.has("save-evidence"))
      verified.evidence = verify::dns::to_json(
          {.time = done.at, .suffix_list = request.options.list->version(), .answers = recorder.answers()});
    jobs::wire::Output out;
    out.put(verified);
    return out.take();
  };
  TRY(const auto octets, jobs::do_confined(how, work));
  jobs::wire::Input in(octets);
  Verified verified;
  in.get(verified);
  if (!in.is_good()) return model::failure("reader-died", "the process that read it gave an invalid answer");
  return verified;
}

model::Result<ExitCode> one(const Options& options, jobs::VerifyRequest& request, const jobs::DnsSource& source,
                            jobs::Console& console) {
  TRY(request.message, jobs::read_octets(options.arguments()[0], verify::message::Limits{}.message_bytes));
  const std::string& version = request.options.list->version();
  if (!source.suffix_list().empty() && source.suffix_list() != version)
    console.err << jobs::printable(fmt::format("ruaudit: the evidence was made with another public suffix list ({})",
                                               source.suffix_list()))
                << '\n';
  TRY(const auto verified, verify_confined(options, request, source, console));
  if (const auto path = options.value("save-evidence")) TRY_VOID(save_evidence(*path, verified.evidence));
  console.out << verified.text;
  return static_cast<ExitCode>(verified.code);
}

model::Result<ExitCode> run(const Options& options, jobs::Console& console) {
  if (options.arguments().empty() && !options.has("batch"))
    return model::failure("usage", "usage: ruaudit verify [OPTIONS] MESSAGE|-", "ruaudit verify --help says more");
  TRY(const auto source, open_dns(options, console));
  jobs::VerifyRequest request;
  TRY(request.envelope, envelope(options));
  TRY(request.options, evaluation_options(options, source));
  TRY(const auto list, suffix_list_of(options));
  request.options.list = &list;
  if (!options.has("batch")) return one(options, request, source, console);
  const unsigned threads = std::max(2U, std::thread::hardware_concurrency());
  return batch(options,
               {.defaults = request,
                .resolver = &source.resolver(),
                .threads = threads,
                .judging = judging_of(options, console)},
               console);
}

}  // namespace

const Command verify_command = {&spec, [](const Options& options, jobs::Console& console) {
                                  const auto code = run(options, console);
                                  return code ? *code : report_failure(console, code.error());
                                }};

}  // namespace ruaudit::cli
