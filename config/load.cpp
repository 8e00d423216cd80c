#include "config/load.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "config/draft.hpp"
#include "config/file_detail.hpp"
#include "config/key_setters.hpp"
#include "config/keys.hpp"
#include "config/nearest.hpp"
#include "config/secret.hpp"
#include "config/validate.hpp"

namespace ruaudit::config {
namespace {

constexpr std::array<std::string_view, 5> kinds = {"general", "mailbox", "mail", "digest", "cluster"};
constexpr std::array<std::string_view, 5> secrets = {"password", "token", "client_secret", "refresh_token",
                                                     "webhook_key"};

constexpr std::size_t most_errors = 100;  // then the rest of the file is left unread

std::string title(const DraftSection& section) {
  return section.name.empty() ? fmt::format("[{}]", section.kind) : fmt::format("[{} {}]", section.kind, section.name);
}

std::string hint_of(std::optional<std::string_view> near, const std::string& otherwise) {
  return near ? fmt::format("did you mean '{}'?", *near) : otherwise;
}

model::Error unknown_key(const Given& given, const DraftSection& section, std::span<const Key> keys) {
  if (std::find(secrets.begin(), secrets.end(), given.key) != secrets.end())
    return {error_code(given.layer),
            fmt::format("{}: a secret must not be in the configuration ('{}')", given.origin, given.key),
            fmt::format("put it in a private file and name that file: {}_file", given.key)};
  std::vector<std::string_view> names;
  for (const Key& key : keys) names.push_back(key.name);
  return {error_code(given.layer),
          fmt::format("{}: {} has no key '{}'", given.origin, title(section), given.key.substr(0, 80)),
          hint_of(nearest(given.key, names), "ruaudit config keys lists them")};
}

// Reads the drafts into values and keeps every error on the way.
class Reader {
 public:
  explicit Reader(std::string folder) : folder_(std::move(folder)) {}

  void section(const DraftSection& section) {
    if (errors_.size() >= most_errors) return;
    for (auto& error : contradictions(section)) errors_.push_back(std::move(error));
    if (section.kind == "general" && section.name.empty())
      keys(section, loaded_.configuration.general, general_setters(), general_keys);
    else if (section.kind == "mailbox" && !section.name.empty())
      mailbox(section);
    else if (section.kind == "mail" && section.name.empty())
      outgoing(section);
    else if (section.kind == "digest")
      digest(section);
    else if (section.kind == "cluster" && section.name.empty())
      keys(section, loaded_.configuration.cluster, cluster_setters(), cluster_keys);
    else
      errors_.push_back(unknown_section(section));
  }

  // What one section says of another: after the last of them.
  void finish() {
    if (!errors_.empty()) return;
    for (const auto& fault : delivery_faults(loaded_.configuration)) add(fault, Layer::file);
    for (const auto& fault : cluster_faults(loaded_.configuration.cluster)) add(fault, Layer::file);
  }

  [[nodiscard]] Examined take() { return {std::move(loaded_), std::move(errors_)}; }

 private:
  static model::Error unknown_section(const DraftSection& section) {
    if (section.kind == "mailbox")
      return {error_code(section.layer), fmt::format("{}: the mailbox has no name", section.origin),
              "write [mailbox NAME]"};
    if (section.kind == "general" || section.kind == "mail" || section.kind == "cluster")
      return {error_code(section.layer), fmt::format("{}: {} must not have a name", section.origin, title(section)),
              fmt::format("write [{}]", section.kind)};
    return {error_code(section.layer),
            fmt::format("{}: there is no section '{}'", section.origin, section.kind.substr(0, 80)),
            hint_of(nearest(section.kind, kinds),
                    "sections are [general], [mailbox NAME], [mail], [digest], [digest NAME] and [cluster]")};
  }

  void add(model::Error error, Layer layer) {
    error.code = error_code(layer);
    errors_.push_back(std::move(error));
  }

  template <class T>
  void keys(const DraftSection& section, T& target, std::span<const KeySetter<T>> setters, std::span<const Key> table) {
    for (const Given& given : url_first(section)) {
      if (errors_.size() >= most_errors) return;
      const auto setter =
          std::find_if(setters.begin(), setters.end(), [&](const KeySetter<T>& s) { return s.name == given.key; });
      if (setter == setters.end()) {
        errors_.push_back(unknown_key(given, section, table));
        continue;
      }
      const std::string_view folder = given.layer == Layer::file ? std::string_view(folder_) : std::string_view();
      if (auto set = setter->set(target, {given.value, folder}); !set)
        add(set.error().in(fmt::format("{}: {}", given.origin, given.key)), given.layer);
      loaded_.origins[origin_name(section, given.key)] = {fit_to_show(given), given.origin};
    }
  }

  // The parts of a url may be set again by keys of their own.
  static std::vector<Given> url_first(const DraftSection& section) {
    std::vector<Given> keys = section.keys;
    std::stable_partition(keys.begin(), keys.end(), [](const Given& given) { return given.key == "url"; });
    return keys;
  }

  // A command may hold a secret among its words.
  static std::string fit_to_show(const Given& given) {
    if (!given.key.ends_with("_command")) return given.value;
    const auto command = scalar_value(given.value);
    return describe(SecretSource(SecretCommand{command ? *command : ""})).substr(std::string_view("command ").size());
  }

  static std::string origin_name(const DraftSection& section, std::string_view key) {
    return section.name.empty() ? fmt::format("{}.{}", section.kind, key)
                                : fmt::format("{}.{}.{}", section.kind, section.name, key);
  }

  void mailbox(const DraftSection& section) {
    const std::size_t errors_before = errors_.size();
    Mailbox mailbox;
    mailbox.name = section.name;
    keys(section, mailbox, mailbox_setters(), mailbox_keys);
    complete(mailbox);
    scope(section, mailbox.type);
    if (errors_.size() == errors_before)
      for (const auto& fault : faults(mailbox)) add(fault.in(section.origin + ": " + title(section)), section.layer);
    loaded_.configuration.mailboxes.push_back(std::move(mailbox));
  }

  void outgoing(const DraftSection& section) {
    OutgoingMail& mail = loaded_.configuration.mail;
    keys(section, mail, outgoing_setters(), outgoing_keys);
    complete(mail);
  }

  void digest(const DraftSection& section) {
    DigestGroup group;
    group.name = section.name;
    keys(section, group, digest_setters(), digest_keys);
    loaded_.configuration.digests.push_back(std::move(group));
  }

  void scope(const DraftSection& section, SourceType type) {
    const auto bit = 1U << static_cast<unsigned>(type);
    for (const Given& given : section.keys)
      for (const Key& key : mailbox_keys)
        if (key.name == given.key && (key.scope & bit) == 0)
          errors_.push_back(
              {error_code(given.layer),
               fmt::format("{}: a mailbox of type {} has no '{}'", given.origin, model::to_text(type), given.key),
               "remove the line, or set the type"});
  }

  std::string folder_;
  Loaded loaded_;
  std::vector<model::Error> errors_;
};

model::Result<std::vector<DraftSection>> drafts(std::string_view text, std::string_view name) {
  auto sections = parse_ini(text);
  if (!sections) return model::failure(sections.error().in(name));
  std::vector<DraftSection> out;
  for (const IniSection& section : *sections) {
    DraftSection& draft = out.emplace_back(
        DraftSection{section.kind, section.name, fmt::format("{}:{}", name, section.line), Layer::file, {}});
    for (const IniEntry& entry : section.entries)
      draft.keys.push_back({entry.key, entry.value, fmt::format("{}:{}", name, entry.line), Layer::file});
  }
  return out;
}

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

model::Result<Loaded> only_without_errors(Examined examined) {
  if (examined.errors.empty()) return std::move(examined.loaded);
  model::Error first = examined.errors.front();
  if (const auto more = examined.errors.size() - 1; more > 0)
    first.hint += fmt::format("{}{} more: ruaudit config check", first.hint.empty() ? "" : "; ", more);
  return model::failure(std::move(first));
}

}  // namespace

std::optional<std::string> search_path() {
  std::vector<std::string> folders;
  if (const auto xdg = environment("XDG_CONFIG_HOME"); !xdg.empty())
    folders.push_back(xdg);
  else if (const auto home = environment("HOME"); !home.empty())
    folders.push_back(home + "/.config");
  folders.emplace_back("/etc");
  for (const std::string& folder : folders) {
    std::string path = folder + "/ruaudit/ruaudit.conf";
    struct stat facts {};
    if (::stat(path.c_str(), &facts) == 0 || errno != ENOENT) return path;
  }
  return std::nullopt;
}

model::Result<Examined> examine_text(const TextSource& source, std::span<const std::string> settings) {
  TRY(auto sections, drafts(source.text, source.name));
  TRY_VOID(apply_settings(sections, settings));
  Reader reader(source.folder);
  for (const DraftSection& section : sections) reader.section(section);
  reader.finish();
  return reader.take();
}

model::Result<Examined> examine(const Sources& sources) {
  const auto path = sources.path.empty() ? search_path() : std::optional<std::string>(sources.path);
  if (!path) return examine_text({}, sources.settings);
  TRY(const auto file, read_file(*path, {.octets = IniLimits{}.octets, .code = "config-file"}));
  if ((file.mode & S_IWOTH) != 0)
    return model::failure("config-file", fmt::format("{}: everyone may write to it, and it can name commands", *path),
                          fmt::format("chmod o-w {}", *path));
  const auto slash = path->rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path->substr(0, slash);
  TRY(auto examined, examine_text({.text = file.text, .name = *path, .folder = folder}, sources.settings));
  examined.loaded.path = *path;
  return examined;
}

model::Result<Loaded> load(const Sources& sources) {
  TRY(auto examined, examine(sources));
  return only_without_errors(std::move(examined));
}

model::Result<Loaded> load_text(const TextSource& source, std::span<const std::string> settings) {
  TRY(auto examined, examine_text(source, settings));
  return only_without_errors(std::move(examined));
}

}  // namespace ruaudit::config
