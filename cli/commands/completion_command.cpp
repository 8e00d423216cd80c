// ruaudit completion: what bash or zsh needs to complete commands, options and files, out of the table of commands.
#include <fmt/format.h>

#include <set>
#include <vector>

#include "cli/commands/completion_command.hpp"

namespace ruaudit::cli {
namespace {

constexpr CommandSpec completion_spec = {
    "completion", "bash|zsh", "Prints what the shell needs to complete commands and options.", {}, 1, 1};

std::string_view long_name(const OptionSpec& option) { return option.name.substr(0, option.name.find(',')); }

// The command's own and what every command takes.
std::vector<OptionSpec> options_of(const CommandSpec& spec) {
  std::vector<OptionSpec> all(spec.options.begin(), spec.options.end());
  for (const OptionSpec& common : common_options) {
    bool is_own = false;
    for (const OptionSpec& own : spec.options) is_own = is_own || long_name(own) == long_name(common);
    if (!is_own) all.push_back(common);
  }
  return all;
}

bool is_file(std::string_view placeholder) {
  for (const std::string_view word : {"FILE", "FOLDER", "PATH", "SOURCE", "TARGET", "MESSAGE"})
    if (placeholder.find(word) != std::string_view::npos) return true;
  return false;
}

bool takes_files(const CommandSpec& spec) { return spec.max_arguments > 0 && is_file(spec.usage); }

// The words that may follow `name`: "" gives the commands, "db" gives check, prune ...
std::set<std::string> next_words(std::string_view name) {
  std::set<std::string> words;
  const std::string prefix = name.empty() ? "" : std::string(name) + " ";
  for (const Command& command : commands()) {
    if (!command.spec->name.starts_with(prefix)) continue;
    const std::string_view rest = command.spec->name.substr(prefix.size());
    words.emplace(rest.substr(0, rest.find(' ')));
  }
  return words;
}

// First words that are commands only with a second one: "db", "config".
std::set<std::string> groups() {
  std::set<std::string> names;
  for (const Command& command : commands())
    if (const auto space = command.spec->name.find(' '); space != std::string_view::npos)
      names.emplace(command.spec->name.substr(0, space));
  return names;
}

std::string joined(const std::set<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string bash_case(const CommandSpec& spec) {
  std::set<std::string> options;
  std::string files;
  std::string values;
  for (const OptionSpec& option : options_of(spec)) {
    const std::string name = fmt::format("--{}", long_name(option));
    options.insert(name);
    if (option.kind != OptionKind::flag) (is_file(option.placeholder) ? files : values) += name + " ";
  }
  return fmt::format("    '{}') options='{}' files=' {}' values=' {}' arguments={} ;;\n", spec.name, joined(options),
                     files, values, takes_files(spec) ? "files" : "none");
}

// The commands as a pattern, the words that follow each of them, what each of them takes.
constexpr std::string_view bash_template = R"(# bash completion of ruaudit, made by `ruaudit completion bash`
_ruaudit() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} command= word
  local words= options= files= values= arguments=none
  COMPREPLY=()
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "${{command:+$command }}$word" in
      {}) command=${{command:+$command }}$word ;;
    esac
  done
  case $command in
{}  esac
  case $command in
{}  esac
  if [[ $files == *" $previous "* ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  elif [[ $values == *" $previous "* ]]; then
    return
  elif [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    [[ $arguments == files ]] && mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -f -- "$current")
  fi
}}
complete -o filenames -F _ruaudit ruaudit
)";

std::string bash_text() {
  std::string words = fmt::format("    '') words='{} help' ;;\n", joined(next_words("")));
  for (const std::string& group : groups())
    words += fmt::format("    '{}') words='{}' ;;\n", group, joined(next_words(group)));
  std::string cases;
  std::string names;
  for (const Command& command : commands()) {
    cases += bash_case(*command.spec);
    names += fmt::format("|'{}'", command.spec->name);
  }
  for (const std::string& group : groups()) names += fmt::format("|'{}'", group);
  return fmt::format(bash_template, names.substr(1), words, cases);
}

// In the words of _arguments a colon divides, brackets enclose, and all stands in single quotes.
std::string zsh_quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else if (c == ':' || c == '[' || c == ']' || c == '\\')
      out += fmt::format("\\{}", c);
    else
      out += c;
  }
  return out;
}

std::string zsh_option(const OptionSpec& option) {
  const std::string head = fmt::format("{}--{}[{}]", option.kind == OptionKind::list ? "*" : "",
                                       zsh_quoted(long_name(option)), zsh_quoted(option.help));
  if (option.kind == OptionKind::flag) return fmt::format("'{}'", head);
  return fmt::format("'{}:{}:{}'", head, zsh_quoted(option.placeholder), is_file(option.placeholder) ? "_files" : "");
}

std::string zsh_case(const CommandSpec& spec) {
  std::string out = fmt::format("    ('{}') _arguments -s", spec.name);
  for (const OptionSpec& option : options_of(spec)) out += " \\\n      " + zsh_option(option);
  if (takes_files(spec)) out += " \\\n      '*:file:_files'";
  return out + " ;;\n";
}

std::string zsh_words(const std::string& name) {
  std::string out = fmt::format("    ('{}') _values command", name);
  const std::string prefix = name.empty() ? "" : name + " ";
  for (const std::string& word : next_words(name)) {
    std::string purpose;
    for (const Command& command : commands())
      if (command.spec->name == prefix + word) purpose = command.spec->purpose;
    out += purpose.empty() ? fmt::format(" '{}'", word) : fmt::format(" '{}[{}]'", word, zsh_quoted(purpose));
  }
  return out + " ;;\n";
}

// The commands of two words as a pattern, the first words, the commands, the second words.
constexpr std::string_view zsh_template = R"(#compdef ruaudit
# zsh completion of ruaudit, made by `ruaudit completion zsh`
_ruaudit() {{
  local command=
  if (( CURRENT > 2 )); then
    command=$words[2]
    case "$words[2] $words[3]" in
      ({}) (( CURRENT > 3 )) && {{ command="$words[2] $words[3]"; shift words; (( CURRENT-- )); }} ;;
    esac
    shift words
    (( CURRENT-- ))
  fi
  case $command in
{}{}{}  esac
}}
_ruaudit "$@"
)";

std::string zsh_text() {
  std::string one_word = zsh_words("");
  std::string two_words;
  for (const std::string& group : groups()) {
    bool is_command = false;
    for (const Command& command : commands()) is_command = is_command || command.spec->name == group;
    if (!is_command) two_words += zsh_words(group);
  }
  std::string cases;
  std::string pairs;
  for (const Command& command : commands()) {
    cases += zsh_case(*command.spec);
    if (command.spec->name.find(' ') != std::string_view::npos) pairs += fmt::format("|'{}'", command.spec->name);
  }
  return fmt::format(zsh_template, pairs.substr(1), one_word, cases, two_words);
}

model::Result<ExitCode> complete(const Options& options, jobs::Console& console) {
  const std::string& shell = options.arguments()[0];
  if (shell != "bash" && shell != "zsh")
    return model::failure("usage", fmt::format("there is no completion for '{}'", shell), "bash or zsh");
  console.out << (shell == "bash" ? bash_text() : zsh_text());
  return ExitCode::success;
}

}  // namespace

const Command completion_command = {&completion_spec, guarded<complete>};

}  // namespace ruaudit::cli
