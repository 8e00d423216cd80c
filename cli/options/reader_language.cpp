#include "cli/options/reader_language.hpp"

#include <cstdlib>
#include <filesystem>

namespace ruaudit::cli {
namespace {

std::string language_of_environment() {
  for (const char* const name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* const value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

}  // namespace

std::vector<std::string> catalogue_folders() {
  std::error_code fault;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", fault);
  if (fault) return {};
  const auto above = program.parent_path().parent_path();
  return {(above / "po").string(), (above / "share/locale").string()};
}

model::Result<report::Language> reader_language(const std::string& wanted) {
  const auto folders = catalogue_folders();
  if (!wanted.empty()) return report::Language::open(wanted, folders);
  if (auto language = report::Language::open(language_of_environment(), folders)) return *language;
  return report::Language();
}

}  // namespace ruaudit::cli
