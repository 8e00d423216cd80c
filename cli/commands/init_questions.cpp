#include "cli/commands/init_questions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>

#include "config/ini.hpp"
#include "config/load.hpp"

namespace ruaudit::cli {
namespace {

struct Question {
  std::string_view option;
  std::string text;
  std::string otherwise;  // the default; empty: there is none
};

using Check = std::function<model::Result<void>(const std::string&)>;

model::Result<std::string> read_line(const Question& question, const Asking& asking) {
  asking.console->err << question.text;
  if (!question.otherwise.empty()) asking.console->err << " [" << jobs::printable(question.otherwise) << "]";
  asking.console->err << ": " << std::flush;
  std::string line;
  if (!std::getline(*asking.answers, line))
    return model::failure("usage", fmt::format("no answer to: {}", question.text),
                          fmt::format("answer it, or give --{}", question.option));
  const auto first = std::min(line.find_first_not_of(" \t\r"), line.size());
  const auto last = line.find_last_not_of(" \t\r");
  return last == std::string::npos ? question.otherwise : line.substr(first, last - first + 1);
}

model::Result<std::string> ask(const Question& question, const Asking& asking, const Check& check) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    TRY(auto answer, read_line(question, asking));
    const auto checked = check(answer);
    if (checked) return answer;
    jobs::print_error(*asking.console, checked.error());
  }
  return model::failure("usage", fmt::format("no valid answer to: {}", question.text),
                        fmt::format("give --{}", question.option));
}

model::Error wrong_option(const Question& question, const model::Error& error) {
  auto usage = error.in(fmt::format("--{}", question.option));
  usage.code = "usage";
  return usage;
}

// The option, else the answer, else the default.
model::Result<std::string> answer_to(const Question& question, const Options& options, const Asking& asking,
                                     const Check& check) {
  auto given = options.value(question.option);
  if (!given && asking.answers != nullptr) return ask(question, asking, check);
  if (!given && question.otherwise.empty())
    return model::failure("usage", fmt::format("--{} is missing", question.option), question.text);
  std::string value = given ? *given : question.otherwise;
  if (const auto checked = check(value); !checked) return model::failure(wrong_option(question, checked.error()));
  return value;
}

// Lines of a configuration are read by its own reader, so that init accepts what it accepts. Errors go without the
// number of the line, which nobody wrote.
model::Result<config::Loaded> load_lines(const std::string& lines) {
  constexpr std::string_view name = "answer";
  auto loaded = config::load_text({.text = lines, .name = name, .folder = {}}, {});
  if (loaded) return loaded;
  model::Error error = loaded.error();
  if (error.message.starts_with(name)) error.message.erase(0, error.message.find(": ") + 2);
  return model::failure(std::move(error));
}

model::Result<void> check_mailbox(const std::string& lines) {
  TRY_VOID(load_lines("[mailbox reports]\n" + lines));
  return {};
}

model::Result<std::vector<model::Domain>> parse_domains(const std::string& text) {
  TRY(const auto loaded, load_lines("[general]\ndomains = " + text));
  return loaded.configuration.general.domains;
}

model::Result<void> check_domains(const std::string& text) {
  TRY(const auto domains, parse_domains(text));
  for (const model::Domain& domain : domains)
    if (domain.text().find('.') == std::string::npos)
      return model::failure("config", fmt::format("'{}' is not a whole domain name", domain.text()),
                            "for example example.com");
  return domains.empty() ? model::Result<void>(model::failure("config", "no domain was given")) : model::Result<void>();
}

model::Result<void> check_address(const std::string& text) {
  const auto at = text.rfind('@');
  const bool is_address = at != std::string::npos && at > 0 && text.find_first_of(" \t\"<>") == std::string::npos &&
                          model::Domain::parse(jobs::address_domain(text));
  if (is_address) return {};
  return model::failure("config", fmt::format("'{}' is not a mail address", text), "for example dmarc@example.com");
}

bool is_url(const std::string& text) { return text.find("://") != std::string::npos; }

model::Result<void> check_place(const std::string& text) {
  if (text.empty()) return model::failure("config", "a URL or a path is needed");
  std::error_code fault;
  if (!is_url(text) && !text.starts_with("~/") && !std::filesystem::is_directory(text, fault))
    return model::failure("config", fmt::format("'{}' is neither a URL nor a folder", text),
                          "for example imaps://USER@HOST/");
  if (!is_url(text)) return check_mailbox("type = maildir\npath = " + config::quoted_where_needed(text));
  return check_mailbox("url = " + config::quoted_where_needed(text) + "\npassword_env = X\n");
}

constexpr std::array<std::string_view, 6> logins = {"file", "command", "env", "credential", "microsoft365", "google"};

model::Result<void> check_login(const std::string& text) {
  if (std::find(logins.begin(), logins.end(), text) != logins.end()) return {};
  return model::failure("config", fmt::format("'{}' is not one of {}", text, fmt::join(logins, ", ")));
}

model::Result<void> check_not_empty(const std::string& text) {
  return text.empty() ? model::Result<void>(model::failure("config", "an answer is needed")) : model::Result<void>();
}

class Interview {
 public:
  Interview(const Options& options, const Asking& asking) : options_(options), asking_(asking) {}

  model::Result<jobs::InitAnswers> run() {
    TRY_VOID(domains_and_address());
    TRY_VOID(place());
    if (!answers_.url.empty()) {
      TRY_VOID(login());
    }
    TRY_VOID(fate());
    return answers_;
  }

 private:
  model::Result<std::string> answer(const Question& question, const Check& check) {
    return answer_to(question, options_, asking_, check);
  }

  model::Result<void> domains_and_address() {
    TRY(const auto domains,
        answer({"domain", "Domains for which you want reports, separated by commas", ""}, check_domains));
    TRY(answers_.domains, parse_domains(domains));
    const std::string usual = "dmarc@" + answers_.domains.front().text();
    TRY(answers_.address, answer({"address", "Mail address that reports are sent to", usual}, check_address));
    return {};
  }

  model::Result<void> place() {
    const std::string usual =
        fmt::format("imaps://{}@imap.{}/", answers_.address, jobs::address_domain(answers_.address));
    TRY(const auto place, answer({"mailbox", "Its mailbox: a URL, or the path of a maildir", usual}, check_place));
    // A path that was typed counts from here, one in the file would count from the file's folder.
    std::error_code fault;
    const bool is_path = !is_url(place) && !place.starts_with("~/");
    const std::string whole = is_path ? std::filesystem::absolute(place, fault).string() : place;
    (is_url(place) ? answers_.url : answers_.maildir) = whole;
    return {};
  }

  model::Result<void> login() {
    TRY(const auto login,
        answer({"login",
                "Log in with a password from a file, command, env (variable) or systemd credential, or by "
                "microsoft365 or google",
                "file"},
               check_login));
    if (login == "microsoft365") answers_.provider = jobs::Provider::microsoft365;
    if (login == "google") answers_.provider = jobs::Provider::google;
    if (answers_.provider != jobs::Provider::other) return {};
    answers_.password_key = "password_" + login;
    const std::string usual = login == "file" ? "password" : login == "credential" ? "ruaudit-password" : "";
    TRY(answers_.password_value,
        answer({"password-from", fmt::format("Which {} (not the password itself)", login), usual}, check_not_empty));
    return {};
  }

  model::Result<void> fate() {
    const auto check_done = [this](const std::string& text) {
      const std::string place = answers_.url.empty()
                                    ? "type = maildir\npath = x\n"
                                    : "url = " + config::quoted_where_needed(answers_.url) + "\npassword_env = X\n";
      return check_mailbox(place + "done = " + config::quoted_where_needed(text));
    };
    TRY(answers_.done,
        answer({"done", "What to do with a mail whose reports are stored: nothing, move FOLDER, flag NAME or delete",
                "nothing"},
               check_done));
    TRY(const auto schedule, answer({"schedule", "Run by systemd or cron", asking_.usual_schedule},
                                    [](const std::string& text) -> model::Result<void> {
                                      if (text == "systemd" || text == "cron") return {};
                                      return model::failure("config", "the answer must be systemd or cron");
                                    }));
    answers_.schedule = schedule == "cron" ? jobs::Schedule::cron : jobs::Schedule::systemd;
    return {};
  }

  const Options& options_;
  const Asking& asking_;
  jobs::InitAnswers answers_;
};

}  // namespace

model::Result<jobs::InitAnswers> collect_answers(const Options& options, const Asking& asking) {
  return Interview(options, asking).run();
}

}  // namespace ruaudit::cli
