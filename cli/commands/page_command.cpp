// ruaudit page: findings and the facts behind them as one HTML file.
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <vector>

#include "cli/commands.hpp"
#include "cli/options/configuration_options.hpp"
#include "cli/options/database_path.hpp"
#include "cli/options/now_option.hpp"
#include "cli/options/reader_language.hpp"
#include "cli/steps/cluster_answer.hpp"
#include "cli/steps/judge_request.hpp"
#include "jobs/page/make_page.hpp"
#include "jobs/process/clock.hpp"
#include "jobs/process/new_file.hpp"
#include "model/calendar.hpp"
#include "model/counted.hpp"
#include "model/domain.hpp"
#include "report/page/page.hpp"

namespace ruaudit::cli {
namespace {

constexpr auto options_table = with_configuration(std::array{
    OptionSpec{"domain", OptionKind::list, "D", "only this policy domain; may be repeated"},
    OptionSpec{"since", OptionKind::value, "DAY", "first day, YYYY-MM-DD"},
    OptionSpec{"days", OptionKind::value, "N", "this number of days up to yesterday; default 90"},
    OptionSpec{"output,o", OptionKind::value, "FILE|FOLDER", "default ruaudit-DAY.html here; - is standard output"},
    OptionSpec{"limit", OptionKind::value, "SIZE", "maximum size of the file; default 1500000, 0 for no limit"},
    cluster_option,
    now_option,
});
constexpr CommandSpec spec = {
    "page", "[OPTIONS]", "Writes an HTML file with the findings and the facts behind them.", options_table, 0, 0};

constexpr std::uint64_t most_days = 3660;

model::Result<std::vector<std::string>> chosen_domains(const Options& options) {
  std::vector<std::string> names;
  for (const std::string& text : options.list("domain")) {
    const auto domain = model::Domain::parse(text);
    if (!domain) return model::failure("usage", "--domain: " + domain.error().message);
    names.push_back(domain->text());
  }
  return names;
}

model::Result<void> choose_days(const Options& options, jobs::PageRequest& request) {
  if (options.has("since") && options.has("days"))
    return model::failure("usage", "--since and --days exclude each other");
  TRY(const auto days, options.number("days", 1, most_days));
  request.days = static_cast<std::int32_t>(days.value_or(90));
  const auto since = options.value("since");
  if (!since) return {};
  const auto midnight = model::parse_day(*since);
  if (!midnight) return model::failure("usage", "--since: '" + *since + "' is not a day", "write it as 2026-09-01");
  request.first_day = static_cast<std::int32_t>(model::day_number(*midnight));
  if (*midnight < request.judge.now - static_cast<std::int64_t>(most_days) * model::seconds_per_day)
    return model::failure("usage", fmt::format("--since: at most {} days are shown", most_days));
  return {};
}

bool is_folder(const std::string& path) {
  struct stat facts {};
  return path.ends_with('/') || (stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode));
}

// What is no part of a usual name of a host becomes '_'.
std::string file_name(const model::PageFacts& facts, bool is_one_domain) {
  std::string name = is_one_domain && !facts.domains.empty() ? facts.domains.front().name : "ruaudit";
  for (char& c : name)
    if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.') c = '_';
  if (name.starts_with('.') || name.starts_with('-')) name.front() = '_';
  name.resize(std::min<std::size_t>(name.size(), 200));
  return name + '-' + model::day_text(std::int64_t{facts.last_day} * model::seconds_per_day) + ".html";
}

std::string path_of(const Options& options, const model::PageFacts& facts) {
  const auto name = file_name(facts, options.list("domain").size() == 1);
  const auto output = options.value("output");
  if (!output) return name;
  if (!is_folder(*output)) return *output;
  return *output + (output->ends_with('/') ? "" : "/") + name;
}

void tell(const report::Page& page, std::ostream& out) {
  if (page.left_out_ways > 0)
    out << fmt::format("  {} in which the mail of an address came {} left out; --limit 0 shows all\n",
                       model::counted(page.left_out_ways, "way"), page.left_out_ways == 1 ? "is" : "are");
  if (page.folded_addresses > 0)
    out << fmt::format("  {} that sent little or long ago {} folded; --limit 0 shows all\n",
                       model::counted(page.folded_addresses, "address", "addresses"),
                       page.folded_addresses == 1 ? "is" : "are");
  if (page.folded_domains > 0)
    out << fmt::format("  the senders of {} are left out; --domain or --limit 0 shows them\n",
                       model::counted(page.folded_domains, "domain"));
  if (page.is_above_limit) out << "  larger than --limit: nothing more can be left out; --domain chooses the domains\n";
}

model::Result<ExitCode> run(const Options& options, jobs::Console& console) {
  TRY(const auto limit, options.number("limit", 0, 1ULL << 40));
  TRY(auto domains, chosen_domains(options));
  TRY(const auto loaded, load_configuration(options));
  TRY(const auto language, reader_language(loaded.configuration.general.language));
  jobs::PageRequest request{.judge = judge_request(loaded.configuration.general, std::move(domains))};
  TRY_VOID(choose_days(options, request));
  TRY(const auto path, judged_database(options, console));
  TRY(auto database, store::Database::open({.path = path, .access = store::Access::read_only}));
  TRY(auto facts, jobs::make_page(database, request));
  const auto output = options.value("output") == "-" ? std::string("-") : path_of(options, facts);
  const auto most = limit.value_or(report::PageOptions{}.limit);
  const auto page =
      report::page_html(std::move(facts), language, {.limit = most == 0 ? SIZE_MAX : static_cast<std::size_t>(most)});
  if (output == "-") {
    console.out << page.html << std::flush;
    if (!console.out) return model::failure("page-output", "the page could not be written");
    if (!options.has("quiet")) tell(page, console.err);
    return ExitCode::success;
  }
  TRY_VOID(jobs::replace_file(output, page.html));
  if (options.has("quiet")) return ExitCode::success;
  console.out << fmt::format("{}: {} KB\n", jobs::printable(output), (page.html.size() + 999) / 1000);
  tell(page, console.out);
  return ExitCode::success;
}

}  // namespace

const Command page_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
