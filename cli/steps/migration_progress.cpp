#include "cli/steps/migration_progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/terminal/progress_bar.hpp"
#include "store/sqlite/schema_version.hpp"

namespace ruaudit::cli {
namespace {

std::string_view stage_text(store::MigrationStage stage) {
  switch (stage) {
    case store::MigrationStage::copying:
      return "copying the database";
    case store::MigrationStage::changing:
      return "bringing the copy to the new version";
    case store::MigrationStage::checking:
      return "checking the copy";
  }
  return "";
}

class MigrationNotice {
 public:
  MigrationNotice(jobs::Console& console, std::string path)
      : console_(console), bar_(console), path_(std::move(path)) {}
  ~MigrationNotice() { bar_.wipe(); }
  MigrationNotice(const MigrationNotice&) = delete;
  MigrationNotice& operator=(const MigrationNotice&) = delete;

  void show(const store::MigrationProgress& progress) {
    if (console_.err_is_terminal) {
      if (progress.permille >= 1000)
        bar_.wipe();
      else
        bar_.show(migration_line(progress, console_.columns - 1));
    } else if (!is_told_) {
      console_.err << fmt::format("ruaudit: {} is brought to schema version {}, in a new file beside it\n",
                                  jobs::printable(path_), store::schema_version)
                   << std::flush;
    }
    is_told_ = true;
  }

 private:
  jobs::Console& console_;
  ProgressBar bar_;
  std::string path_;
  bool is_told_ = false;
};

// What was wrong in the old file is not the migration's doing, and must be known all the same.
void tell_warnings(const std::vector<std::string>& warnings, const std::string& path, jobs::Console& console) {
  constexpr std::size_t most = 10;
  for (std::size_t n = 0; n < std::min(most, warnings.size()); ++n)
    console.err << fmt::format("ruaudit: warning: {}: {}\n", jobs::printable(path), jobs::printable(warnings[n]));
  if (warnings.empty()) return;
  if (warnings.size() > most) console.err << fmt::format("  and {} more\n", warnings.size() - most);
  console.err << "  the old file had this already and was migrated as it is; 'ruaudit db check' tells all of it\n";
}

}  // namespace

std::string migration_line(const store::MigrationProgress& progress, unsigned columns) {
  return bar_line(progress.permille, 1000, fmt::format(" {} %, {}", progress.permille / 10, stage_text(progress.stage)),
                  columns);
}

model::Result<void> migrate_older(const std::string& path, jobs::Console& console) {
  if (const auto current = store::Database::open({.path = path, .access = store::Access::read_only});
      current || current.error().code != "database-older")
    return {};
  const auto done = [&path, &console] {
    MigrationNotice notice(console, path);
    return store::migrate({.path = path}, [&notice](const store::MigrationProgress& now) { notice.show(now); });
  }();
  if (!done) return model::failure(done.error().in(path));
  tell_warnings(done->warnings, path, console);
  return {};
}

}  // namespace ruaudit::cli
