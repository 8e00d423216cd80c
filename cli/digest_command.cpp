// ruaudit digest: what changed since the last digest, for people or as JSON. What was told is kept only after it was
// written.
#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/configuration_options.hpp"
#include "cli/database_path.hpp"
#include "cli/judge_request.hpp"
#include "cli/now_option.hpp"
#include "cli/reader_language.hpp"
#include "jobs/digest/make_digest.hpp"
#include "jobs/overview/make_overview.hpp"
#include "jobs/process/clock.hpp"
#include "model/domain.hpp"
#include "report/digest/digest_text.hpp"
#include "store/care/ingest_lock.hpp"
#include "store/facts/streams.hpp"
#include "store/findings/told.hpp"

namespace ruaudit::cli {
namespace {

constexpr auto options_table = with_configuration(std::array{
    OptionSpec{"domain", OptionKind::list, "D", "only this policy domain, with a digest of its own; may be repeated"},
    OptionSpec{"format", OptionKind::value, "FORMAT", "text (default), json, markdown or html"},
    OptionSpec{"json-file", OptionKind::value, "FILE", "the same digest as JSON, into this file"},
    OptionSpec{"quiet-if-empty", OptionKind::flag, "", "write nothing when nothing is new, worse or over"},
    OptionSpec{"wait", OptionKind::value, "SECONDS", "for a run that is writing; default 60"},
    now_option,
});
constexpr CommandSpec spec = {
    "digest", "[OPTIONS]", "Tells what changed since the last digest, why, and what to do.", options_table, 0, 0};

model::Result<std::vector<std::string>> chosen_domains(const Options& options) {
  std::vector<std::string> names;
  for (const std::string& text : options.list("domain")) {
    const auto domain = model::Domain::parse(text);
    if (!domain) return model::failure("usage", "--domain: " + domain.error().message);
    names.push_back(domain->text());
  }
  return names;
}

// Each choice of domains has a memory of its own.
std::string name_of(const std::vector<std::string>& domains) {
  std::string name;
  for (const auto& domain : domains) name += (name.empty() ? "" : " ") + domain;
  return name;
}

ExitCode exit_code_of(const model::Digest& digest) {
  bool has_question = false;
  for (const auto& item : digest.items) {
    if (item.is_snoozed || item.state == model::FindingState::resolved) continue;
    if (item.finding.severity == model::Severity::fix) return ExitCode::to_fix;
    if (item.finding.severity == model::Severity::ask && item.state != model::FindingState::open) has_question = true;
  }
  return has_question ? ExitCode::to_answer : ExitCode::success;
}

constexpr std::string_view formats[] = {"text", "json", "markdown", "html"};

std::string rendered(const model::Digest& digest, const std::string& format, const report::Language& language) {
  if (format == "json") return report::digest_json(digest);
  const auto outline = report::outline_of(digest, language);
  if (format == "markdown") return report::digest_markdown(outline, language);
  return format == "html" ? report::digest_html(outline, language) : report::digest_text(outline, language);
}

model::Result<void> write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) return {};
  return model::failure("digest-file", "cannot write " + path, "see whether the folder is there and has room");
}

model::Result<void> deliver(const model::Digest& digest, const Options& options, jobs::Console& console) {
  const auto format = options.value_or("format", "text");
  if (const auto file = options.value("json-file")) {
    TRY_VOID(write_file(*file, report::digest_json(digest)));
  }
  if (options.has("quiet-if-empty") && !report::has_news(digest)) return {};
  TRY(const auto language, reader_language(""));
  console.out << rendered(digest, format, language) << std::flush;
  if (console.out) return {};
  return model::failure("digest-output", "the digest could not be written", "nothing is kept of it; run it again");
}

model::Result<ExitCode> run(const Options& options, jobs::Console& console) {
  const auto format = options.value_or("format", "text");
  if (std::find(std::begin(formats), std::end(formats), format) == std::end(formats))
    return model::failure("usage", "--format is text, json, markdown or html");
  TRY(const auto loaded, load_configuration(options));
  const auto& general = loaded.configuration.general;
  TRY(const auto path, database_path(options, loaded));
  TRY(const auto wait, options.number("wait", 0, 86'400));
  TRY(auto domains, chosen_domains(options));
  TRY(auto database, store::Database::open({.path = path, .access = store::Access::read_write}));
  TRY(const auto lock, store::IngestLock::acquire(path, std::chrono::seconds(wait.value_or(60))));
  TRY_VOID(store::refresh_streams(database));
  const auto name = name_of(domains);
  const auto request = judge_request(general, std::move(domains));
  TRY(auto digest, jobs::make_digest(database, request, name));
  TRY(const auto overview, jobs::make_overview(database, {.judge = request, .overview = {.domains = request.domains}}));
  for (const auto& domain : overview.domains) digest.policies.push_back({domain.domain, domain.gate.sentence});
  TRY_VOID(deliver(digest, options, console));
  TRY_VOID(store::save_digest(database, name, digest));
  return exit_code_of(digest);
}

}  // namespace

const Command digest_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
