#include "jobs/ingest/counts.hpp"

#include <fmt/format.h>

#include <vector>

namespace ruaudit::jobs {
namespace {

std::string counted(std::int64_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

}  // namespace

void IngestCounts::add(store::Outcome outcome) {
  switch (outcome) {
    case store::Outcome::stored:
      ++stored;
      break;
    case store::Outcome::conflict:
      ++conflict;
      break;
    case store::Outcome::superseded:
      ++superseded;
      break;
    case store::Outcome::duplicate:
      ++duplicate;
      break;
    case store::Outcome::kept:
      ++kept;
      break;
    case store::Outcome::rejected:
      ++rejected;
      break;
    case store::Outcome::not_a_report:
      ++not_a_report;
      break;
  }
}

IngestCounts& IngestCounts::operator+=(const IngestCounts& other) {
  constexpr std::int64_t IngestCounts::*numbers[] = {
      &IngestCounts::items,     &IngestCounts::known,        &IngestCounts::unread,     &IngestCounts::stored,
      &IngestCounts::duplicate, &IngestCounts::conflict,     &IngestCounts::superseded, &IngestCounts::kept,
      &IngestCounts::rejected,  &IngestCounts::not_a_report, &IngestCounts::records,    &IngestCounts::defects,
      &IngestCounts::foreign,   &IngestCounts::failures,     &IngestCounts::postponed,  &IngestCounts::tls_reports};
  for (const auto number : numbers) this->*number += other.*number;
  return *this;
}

std::string closing_line(const IngestCounts& counts) {
  std::string line = counted(counts.items, "mail or file: ", "mails and files: ");
  const std::int64_t aggregate = counts.stored - counts.failures - counts.tls_reports;
  std::vector<std::string> stored;
  if (aggregate > 0 || counts.stored == aggregate)
    stored.push_back(fmt::format("{} stored ({})", counted(aggregate, "report", "reports"),
                                 counted(counts.records, "record", "records")));
  if (counts.failures > 0)
    stored.push_back(counted(counts.failures, "failure report stored", "failure reports stored"));
  if (counts.tls_reports > 0) stored.push_back(counted(counts.tls_reports, "TLS report stored", "TLS reports stored"));
  line += fmt::format("{}", fmt::join(stored, ", "));
  const struct {
    std::int64_t number;
    std::string_view one, many;
  } rest[] = {{counts.duplicate, "duplicate", "duplicates"},
              {counts.conflict, "in conflict with another version", "in conflict with other versions"},
              {counts.superseded, "superseded by a complete version", "superseded by complete versions"},
              {counts.kept, "kept unread", "kept unread"},
              {counts.rejected, "rejected", "rejected"},
              {counts.not_a_report, "not a report", "not reports"},
              {counts.known, "known already", "known already"},
              {counts.unread, "could not be read", "could not be read"},
              {counts.postponed, "left for the next run", "left for the next run"},
              {counts.defects, "defect noted", "defects noted"},
              {counts.foreign, "for a domain that is not expected", "for domains that are not expected"}};
  for (const auto& [number, one, many] : rest)
    if (number > 0) line += ", " + counted(number, one, many);
  return line;
}

}  // namespace ruaudit::jobs
