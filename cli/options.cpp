#include "cli/options.hpp"

#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <charconv>

namespace po = boost::program_options;

namespace ruaudit::cli {
namespace {

constexpr const char* arguments_key = "argument";

void add_option(po::options_description& description, const OptionSpec& option) {
  const std::string name(option.name);
  if (option.kind == OptionKind::flag)
    description.add_options()(name.c_str(), "");
  else
    description.add_options()(name.c_str(), po::value<std::vector<std::string>>(), "");
}

po::options_description describe(const CommandSpec& spec) {
  po::options_description description;
  description.add_options()("help", "")(arguments_key, po::value<std::vector<std::string>>(), "");
  for (const OptionSpec& option : spec.options) add_option(description, option);
  return description;
}

model::Result<po::variables_map> read(const CommandSpec& spec, std::span<const std::string> arguments) {
  const std::string hint = fmt::format("ruaudit {} --help tells its options", spec.name);
  try {
    const auto description = describe(spec);
    po::positional_options_description positional;
    positional.add(arguments_key, -1);
    po::variables_map map;
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(std::vector<std::string>(arguments.begin(), arguments.end()))
                  .options(description)
                  .positional(positional)
                  .style(style)
                  .run(),
              map);
    return map;
  } catch (const po::error& e) {
    return model::failure("usage", e.what(), hint);
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
  for (const auto& [name, value] : map) {
    if (name == arguments_key) {
      options.arguments_ = value.as<std::vector<std::string>>();
      continue;
    }
    const auto* texts = boost::any_cast<std::vector<std::string>>(&value.value());
    options.values_[name] = texts == nullptr ? std::vector<std::string>{} : *texts;
  }
  for (const OptionSpec& option : spec.options)
    if (option.kind == OptionKind::value && options.list(option.name.substr(0, option.name.find(','))).size() > 1)
      return model::failure("usage", fmt::format("--{} is given more than once", option.name));
  const std::size_t count = options.arguments_.size();
  if (!options.has("help") && (count < spec.min_arguments || count > spec.max_arguments))
    return model::failure("usage", fmt::format("usage: ruaudit {} {}", spec.name, spec.usage),
                          fmt::format("ruaudit {} --help tells more", spec.name));
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
  if (!fits)
    return model::failure("usage",
                          fmt::format("--{} takes a whole number from {} to {}, got '{}'", name, low, high, *text),
                          "sizes may end in K, M or G");
  return std::optional<std::uint64_t>(number * factor);
}

std::string help_text(const CommandSpec& spec) {
  std::string out = fmt::format("usage: ruaudit {} {}\n\n{}\n", spec.name, spec.usage, spec.purpose);
  if (!spec.options.empty()) out += "\nOptions:\n";
  for (const OptionSpec& option : spec.options) {
    const auto comma = option.name.find(',');  // "output,o" is --output and -o
    std::string left = fmt::format("  --{}", option.name.substr(0, comma));
    if (comma != std::string_view::npos)
      left = fmt::format("  -{}, --{}", option.name.substr(comma + 1), option.name.substr(0, comma));
    if (!option.placeholder.empty()) left += fmt::format(" {}", option.placeholder);
    out += left.size() > 28 ? fmt::format("{}\n{:30}{}\n", left, "", option.help)
                            : fmt::format("{:30}{}\n", left, option.help);
  }
  return out;
}

}  // namespace ruaudit::cli
