// Puts the members of a TLS report together: which member is where (a table of places), values through values.hpp,
// finished failures and policies into the sink. Knows nothing of JSON's syntax.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/tls_report.hpp"
#include "parser/report_hints.hpp"
#include "parser/tls/report_parser.hpp"

namespace ruaudit::parser::tls {

enum class Place : std::uint8_t {
  nowhere,
  root,
  report,
  date_range,
  policy_item,
  policy,
  strings,
  mx_hosts,
  summary,
  failure
};

// A value that is neither an object nor a list.
struct Scalar {
  std::string_view text;  // as written, without quotes
  bool is_text = true;    // false: a number, true or false
};

class ReportBuilder {
 public:
  ReportBuilder(const TlsLimits& limits, const ReportHints& hints, model::TlsSink& sink);

  // The calls of a walk through the members. False: enough; `error()` says why, unless the sink had enough.
  bool begin_object();
  bool end_object();
  bool begin_list();
  bool end_list();
  void key(std::string_view name);
  bool scalar(Scalar value);
  void null();

  void set_line(std::uint32_t line) { line_ = line; }
  [[nodiscard]] bool is_complete() const { return is_complete_; }
  [[nodiscard]] const std::optional<model::Error>& error() const { return error_; }
  [[nodiscard]] bool is_report() const;
  [[nodiscard]] std::uint32_t policies() const { return report_.policies; }
  void defect(std::string_view code, std::string_view detail);
  // After the walk, or where the text broke off.
  model::TlsReport finish(bool is_damaged);

 private:
  struct Frame {
    Place place = Place::nowhere;
    bool is_list = false;
    std::map<std::string, bool, std::less<>> seen{};  // keys of an object, and whether they hold anything
    std::string key{};                                // of the object around, under which it stands
    bool is_filled = false, has_object = false;
  };
  void fill();
  void pop();
  bool push(bool is_list);
  [[nodiscard]] Place target() const;
  bool enter(Place place);
  bool leave(Place place);
  bool end_failure();
  bool end_policy();
  bool set_member(Place place, std::string_view name, Scalar value);
  bool set_report(std::string_view name, Scalar value);
  bool set_policy(std::string_view name, Scalar value);
  bool set_summary(std::string_view name, Scalar value);
  bool set_failure(std::string_view name, Scalar value);
  void set_date(std::string_view name, Scalar value);
  void add_to_list(Place place, Scalar value);
  void add_lines(std::string_view text);
  std::optional<std::int64_t> sessions(Scalar value);
  std::string host(Scalar value);
  std::string address(Scalar value);
  std::string text(Scalar value);
  void unknown_member(std::string_view name);
  void check_sums();

  TlsLimits limits_;
  const ReportHints& hints_;
  model::TlsSink& sink_;
  std::string hinted_domain_, hinted_by_;
  std::vector<Frame> stack_;
  std::string key_;
  bool is_ignored_ = false;  // the current member was there before
  model::TlsReport report_;
  model::TlsPolicy policy_;
  model::TlsFailure failure_;
  bool has_policies_ = false, has_begin_ = false, has_end_ = false, is_complete_ = false, has_policy_ = false;
  std::set<std::string, std::less<>> unknown_;
  std::uint32_t line_ = 0, defects_ = 0, omitted_ = 0;
  std::uint64_t list_cut_ = 0;
  std::optional<model::Error> error_;
};

}  // namespace ruaudit::parser::tls
