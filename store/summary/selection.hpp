// Which reports a summary counts, and how each is counted: by the roll-ups that cover its day or month, or by its rows.
// Part of summary_queries; see there.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/facts/summary_facts.hpp"
#include "store/sqlite/read_connection.hpp"
#include "store/summary/queries.hpp"

namespace ruaudit::store {

// The whole UTC days and months of a period: these the roll-ups cover. Empty where first > last.
struct Coverage {
  std::string first_day, last_day;
  std::string first_month, last_month;
  std::string lowest_day, highest_day;  // also partly covered ones
  [[nodiscard]] bool has_day(std::string_view day) const { return day >= first_day && day <= last_day; }
  [[nodiscard]] bool has_month_of(std::string_view day) const {
    const auto month = day.substr(0, 7);
    return month >= first_month && month <= last_month;
  }
};
Coverage coverage_of(const model::Period& period);

// A report that is counted, and what its rows have to be read for.
struct SelectedReport {
  std::int64_t id = 0;
  std::int64_t reporter_id = 0;
  std::size_t domain = 0;  // index into Selection::domains
  bool needs_totals = false;
  bool needs_sources = false;
  model::Authenticity authenticity = model::Authenticity::unchecked;
  std::int64_t date_begin = 0, date_end = 0;
  bool has_dates = false;
};

struct SelectedDomain {
  std::int64_t id = 0;
  model::DomainFacts facts;  // all that report rows tell is filled in
  std::map<std::int64_t, model::ReporterFacts> reporters;
};

struct Selection {
  Coverage coverage;
  std::vector<SelectedDomain> domains;  // by name
  std::vector<SelectedReport> reports;  // by id
  std::vector<std::string> missing_domains;
  std::string first_day, last_day;
  Admission admission = Admission::all;
  bool has_left_out = false;  // then the roll-ups of months hold more than is to be counted

  [[nodiscard]] const SelectedReport* find(std::int64_t report_id) const;
};

model::Result<Selection> select_reports(const ReadConnection& connection, const SummaryRequest& request);

}  // namespace ruaudit::store
