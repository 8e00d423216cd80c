// ruaudit failures and ruaudit failures show: stored failure reports with what was concluded of them.
#include <fmt/format.h>

#include <charconv>

#include "cli/commands.hpp"
#include "cli/options/configuration_options.hpp"
#include "cli/options/database_path.hpp"
#include "cli/options/now_option.hpp"
#include "cli/options/output_format.hpp"
#include "cli/steps/cluster_answer.hpp"
#include "jobs/judge/request.hpp"
#include "jobs/process/clock.hpp"
#include "model/domain.hpp"
#include "report/failure_list.hpp"
#include "report/failure_text.hpp"
#include "store/failure/queries.hpp"
#include "store/failure/reader.hpp"
#include "verify/failure/conclusion.hpp"

namespace ruaudit::cli {
namespace {

constexpr auto list_options = with_configuration(std::array{
    OptionSpec{"domain", OptionKind::list, "D",
               "only samples whose From is of this domain or below it; may be repeated"},
    OptionSpec{"since", OptionKind::value, "TIME", "only samples that arrived at this time or later, e.g. 2026-09-01"},
    OptionSpec{"conclusion", OptionKind::list, "WORD",
               "own_sender_broken, forwarded, forgery, legitimate, indeterminate or unverified; may be repeated"},
    OptionSpec{"format", OptionKind::value, "FORMAT", "text (default), json or csv"},
    cluster_option,
});
constexpr CommandSpec list_spec = {
    "failures", "[OPTIONS]", "Lists failure reports and what was concluded from their samples.", list_options, 0, 0};

constexpr auto show_options = with_configuration(std::array{
    OptionSpec{"format", OptionKind::value, "FORMAT", "text (default) or json"},
    OptionSpec{"evidence-bundle", OptionKind::value, "FILE",
               "also write report, results and DNS answers to a zip archive"},
    cluster_option,
});
constexpr CommandSpec show_spec = {"failures show",
                                   "[OPTIONS] ID",
                                   "Shows one failure report in full: claims, results, evidence.",
                                   show_options,
                                   1,
                                   1};

model::Result<store::FailureFilter> filter_of(const Options& options) {
  store::FailureFilter filter;
  for (const auto& text : options.list("domain")) {
    const auto domain = model::Domain::parse(text);
    if (!domain) return model::failure("usage", "--domain: " + domain.error().message);
    filter.domains.push_back(domain->text());
  }
  TRY(filter.since, instant_option(options, "since"));
  for (const auto& word : options.list("conclusion")) {
    if (word != "unverified" && !model::parse_enum<verify::failure::Verdict>(word))
      return model::failure("usage", fmt::format("there is no conclusion '{}'", jobs::printable(word)),
                            "the conclusions are own_sender_broken, forwarded, forgery, legitimate, indeterminate and "
                            "unverified");
    filter.conclusions.push_back(word);
  }
  return filter;
}

model::Result<store::Database> open(const Options& options, jobs::Console& console) {
  TRY(auto path, judged_database(options, console));
  return store::Database::open({.path = std::move(path), .access = store::Access::read_only});
}

model::Result<ExitCode> list(const Options& options, jobs::Console& console) {
  TRY(const auto format, output_format(options));
  TRY(const auto filter, filter_of(options));
  TRY(auto database, open(options, console));
  TRY(const auto rows, store::read_failures(database, filter));
  console.out << report::failure_list(rows, format);
  return ExitCode::success;
}

model::Result<std::int64_t> key_of(const Options& options) {
  const std::string& text = options.arguments()[0];
  std::int64_t key = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, key);
  if (fault != std::errc{} || stop != end || key < 1)
    return model::failure("usage", fmt::format("'{}' is not the number of a failure report", jobs::printable(text)),
                          "`ruaudit failures` lists them");
  return key;
}

model::Result<report::FailureInFull> read_in_full(store::Database& database, std::int64_t key) {
  TRY(auto rows, store::read_failures(database, {.failure_key = key}));
  if (rows.empty())
    return model::failure("failure-key", fmt::format("there is no failure report {}", key),
                          "`ruaudit failures` lists them");
  report::FailureInFull full{.row = std::move(rows.front())};
  TRY(full.claims, store::read_failure_claims(database, key));
  if (full.row.result_key) {
    TRY(full.evidence, store::read_failure_evidence(database, *full.row.result_key));
    TRY(full.answers, store::read_failure_dns(database, *full.row.result_key));
  }
  return full;
}

model::Result<ExitCode> show(const Options& options, jobs::Console& console) {
  TRY(const auto key, key_of(options));
  TRY(const auto format, output_format(options, text_and_json));
  TRY(auto database, open(options, console));
  TRY(auto full, read_in_full(database, key));
  console.out << (format == report::Format::json ? report::failure_json_text(full) : report::failure_text(full));
  if (const auto file = options.value("evidence-bundle")) {
    if (model::is_elsewhere(full.row))
      return model::failure("failure-elsewhere", "the sample is not here: " + jobs::printable(full.row.item_source),
                            fmt::format("there it is {}", jobs::printable(full.row.part)));
    TRY(auto stored, store::load_failure(database, key));
    full.sample = std::move(stored.report.sample.octets);
    TRY_VOID(report::write_bundle(*file, report::bundle_members(full), jobs::epoch_now()));
  }
  return ExitCode::success;
}

}  // namespace

const Command failures_command = {&list_spec, guarded<list>};
const Command failures_show_command = {&show_spec, guarded<show>};

}  // namespace ruaudit::cli
