// What `ruaudit doctor` finds: one Finding per check, with the remedy where something is wrong, and both forms in which
// they are told.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/enum_text.hpp"
#include "model/result.hpp"

namespace ruaudit::jobs {

enum class FindingLevel { ok, note, warning, failed };

struct Finding {
  std::string area;   // "mailbox reports", "database"
  std::string check;  // "tls", "log-in"
  FindingLevel level = FindingLevel::ok;
  std::string detail;
  std::string remedy;
};

// The findings of one area, as they come.
class Findings {
 public:
  explicit Findings(std::vector<Finding>& all, std::string area) : all_(all), area_(std::move(area)) {}
  void ok(std::string_view check, std::string detail) { add(check, FindingLevel::ok, std::move(detail), {}); }
  void note(std::string_view check, std::string detail) { add(check, FindingLevel::note, std::move(detail), {}); }
  void warn(std::string_view check, std::string detail, std::string remedy) {
    add(check, FindingLevel::warning, std::move(detail), std::move(remedy));
  }
  void fail(std::string_view check, std::string detail, std::string remedy) {
    add(check, FindingLevel::failed, std::move(detail), std::move(remedy));
  }
  void fail(std::string_view check, const model::Error& error) { fail(check, error.message, error.hint); }

 private:
  void add(std::string_view check, FindingLevel level, std::string detail, std::string remedy) {
    all_.push_back({area_, std::string(check), level, std::move(detail), std::move(remedy)});
  }
  std::vector<Finding>& all_;
  std::string area_;
};

bool has_failed(std::span<const Finding> findings);
// Control characters of what servers say are made visible.
std::string findings_text(std::span<const Finding> findings);
std::string findings_json(std::span<const Finding> findings);

}  // namespace ruaudit::jobs

namespace ruaudit::model {
template <>
inline constexpr EnumText<jobs::FindingLevel> enum_table<jobs::FindingLevel>[] = {
    {jobs::FindingLevel::ok, "ok"},
    {jobs::FindingLevel::note, "note"},
    {jobs::FindingLevel::warning, "warning"},
    {jobs::FindingLevel::failed, "failed"}};
}  // namespace ruaudit::model
