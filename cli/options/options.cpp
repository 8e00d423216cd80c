#include "cli/options/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <charconv>

#include "config/nearest.hpp"

namespace po = boost::program_options;

namespace ruaudit::cli {
namespace {

constexpr const char* arguments_key = "argument";

std::string_view long_name(const OptionSpec& option) { return option.name.substr(0, option.name.find(',')); }

bool has_option(std::span<const OptionSpec> options, std::string_view name) {
  return std::any_of(options.begin(), options.end(), [name](const OptionSpec& one) { return long_name(one) == name; });
}

// A command's own option with the short letter that its name has in every command.
OptionSpec with_letter(OptionSpec option) {
  for (const OptionSpec& common : common_options)
    if (long_name(common) == option.name) option.name = common.name;
  return option;
}

std::vector<OptionSpec> own_options(const CommandSpec& spec) {
  std::vector<OptionSpec> own;
  std::transform(spec.options.begin(), spec.options.end(), std::back_inserter(own), with_letter);
  return own;
}

std::vector<OptionSpec> further_options(const CommandSpec& spec) {
  std::vector<OptionSpec> further;
  std::copy_if(std::begin(common_options), std::end(common_options), std::back_inserter(further),
               [&spec](const OptionSpec& one) { return !has_option(spec.options, long_name(one)); });
  return further;
}

void add_option(po::options_description& description, const OptionSpec& option) {
  const std::string name(option.name);
  if (option.kind == OptionKind::flag)
    description.add_options()(name.c_str(), "");
  else
    description.add_options()(name.c_str(), po::value<std::vector<std::string>>(), "");
}

po::options_description describe(const CommandSpec& spec) {
  po::options_description description;
  description.add_options()(arguments_key, po::value<std::vector<std::string>>(), "");
  for (const OptionSpec& option : own_options(spec)) add_option(description, option);
  for (const OptionSpec& option : further_options(spec)) add_option(description, option);
  return description;
}

// Other spellings become the one that is known; what follows "--" is no option.
std::vector<std::string> in_one_spelling(const CommandSpec& spec, std::span<const std::string> arguments) {
  std::vector<std::string> out(arguments.begin(), arguments.end());
  for (auto text = out.begin(); text != out.end() && *text != "--"; ++text) {
    if (text->starts_with("--colour")) text->erase(std::string_view("--colo").size(), 1);
    if (*text == "--json" && has_option(spec.options, "format")) *text = "--format=json";
    if (spec.name == "query" && text->starts_with("-- ")) *text = " " + *text;  // SQL that begins with a comment
  }
  return out;
}

std::string unknown_option_hint(const CommandSpec& spec, const std::string& wrong) {
  const auto own = own_options(spec), further = further_options(spec);
  std::vector<std::string_view> names;
  for (const auto* options : {&own, &further})
    for (const OptionSpec& option : *options) names.push_back(long_name(option));
  if (has_option(spec.options, "format")) names.emplace_back("json");
  const auto near =
      config::nearest(std::string_view(wrong).substr(std::min(wrong.find_first_not_of('-'), wrong.size())), names);
  const std::string more = fmt::format("ruaudit {} --help shows its options", spec.name);
  if (wrong == "--cluster")
    return fmt::format(
        "only the judging commands and `query --name` ask the cluster; for others use `ruaudit cluster pull` and --db "
        "cluster.db; {}",
        more);
  return near ? fmt::format("did you mean --{}? {}", *near, more) : more;
}

model::Result<po::variables_map> read(const CommandSpec& spec, std::span<const std::string> arguments) {
  try {
    const auto description = describe(spec);
    po::positional_options_description positional;
    positional.add(arguments_key, -1);
    po::variables_map map;
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(in_one_spelling(spec, arguments))
                  .options(description)
                  .positional(positional)
                  .style(style)
                  .run(),
              map);
    return map;
  } catch (const po::unknown_option& e) {
    return model::failure("usage", e.what(), unknown_option_hint(spec, e.get_option_name()));
  } catch (const po::error& e) {
    return model::failure("usage", e.what(), fmt::format("ruaudit {} --help shows its options", spec.name));
  }
}

std::uint64_t factor_of(char suffix) {
  switch (suffix) {
    case 'K':
      return 1ULL << 10;
    case 'M':
      return 1ULL << 20;
    case 'G':
      return 1ULL << 30;
    default:
      return 0;
  }
}

}  // namespace

model::Result<Options> Options::parse(const CommandSpec& spec, std::span<const std::string> arguments) {
  TRY(const auto map, read(spec, arguments));
  Options options;
  options.own_ = spec.options;
  for (const auto& [name, value] : map) {
    if (name == arguments_key) {
      options.arguments_ = value.as<std::vector<std::string>>();
      continue;
    }
    const auto* texts = boost::any_cast<std::vector<std::string>>(&value.value());
    options.values_[name] = texts == nullptr ? std::vector<std::string>{} : *texts;
  }
  for (const auto& described : {own_options(spec), further_options(spec)})
    for (const OptionSpec& option : described)
      if (option.kind == OptionKind::value && options.list(long_name(option)).size() > 1)
        return model::failure("usage", fmt::format("--{} is given more than once", long_name(option)));
  const std::size_t count = options.arguments_.size();
  const bool is_question = options.has("help") || options.has("version");
  if (!is_question && (count < spec.min_arguments || count > spec.max_arguments))
    return model::failure("usage", fmt::format("usage: ruaudit {} {}", spec.name, spec.usage),
                          fmt::format("ruaudit {} --help says more", spec.name));
  return options;
}

std::optional<std::string> Options::value(std::string_view name) const {
  const auto found = values_.find(std::string(name));
  if (found == values_.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

std::string Options::value_or(std::string_view name, std::string_view otherwise) const {
  return value(name).value_or(std::string(otherwise));
}

std::vector<std::string> Options::list(std::string_view name) const {
  const auto found = values_.find(std::string(name));
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

model::Result<std::optional<std::uint64_t>> Options::number(std::string_view name, std::uint64_t low,
                                                            std::uint64_t high) const {
  const auto text = value(name);
  if (!text) return std::optional<std::uint64_t>{};
  std::uint64_t number = 0;
  const char* const end = text->data() + text->size();
  const auto [stop, fault] = std::from_chars(text->data(), end, number);
  const std::uint64_t factor = stop == end ? 1 : (stop + 1 == end ? factor_of(*stop) : 0);
  const bool fits = fault == std::errc{} && factor != 0 && number <= high / factor && number * factor >= low;
  const bool is_size = std::any_of(own_.begin(), own_.end(), [name](const OptionSpec& one) {
    return long_name(one) == name && one.placeholder == "SIZE";
  });
  if (!fits)
    return model::failure("usage",
                          fmt::format("--{} takes a whole number from {} to {}, got '{}'", name, low, high, *text),
                          is_size ? "sizes may end in K, M or G" : "");
  return std::optional<std::uint64_t>(number * factor);
}

namespace {

std::string help_lines(std::span<const OptionSpec> options) {
  std::string out;
  for (const OptionSpec& option : options) {
    const auto comma = option.name.find(',');  // "output,o" is --output and -o
    std::string left = fmt::format("  --{}", long_name(option));
    if (comma != std::string_view::npos)
      left = fmt::format("  -{}, --{}", option.name.substr(comma + 1), long_name(option));
    if (!option.placeholder.empty()) left += fmt::format(" {}", option.placeholder);
    out += left.size() > 28 ? fmt::format("{}\n{:30}{}\n", left, "", option.help)
                            : fmt::format("{:30}{}\n", left, option.help);
  }
  return out;
}

}  // namespace

std::string help_text(const CommandSpec& spec) {
  std::string out = fmt::format("usage: ruaudit {} {}\n\n{}\n", spec.name, spec.usage, spec.purpose);
  if (!spec.options.empty()) out += "\nOptions:\n" + help_lines(own_options(spec));
  return out + "\nOptions of every command:\n" + help_lines(further_options(spec));
}

}  // namespace ruaudit::cli
