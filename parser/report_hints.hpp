// What a mail or a file knows about an aggregate report besides its XML: the file name
// receiver!policy-domain!begin!end[!id].xml[.gz] and the subject "Report Domain: d Submitter: r Report-ID: <id>"
// (RFC 7489 section 7.2.1.1, RFC 9990 section 3.5), and the sender. The XML is authoritative: hints only fill gaps of
// a header, and every filled gap becomes a Defect. Texts that do not have the form are ignored.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "model/aggregate_report.hpp"
#include "parser/date_text.hpp"

namespace ruaudit::parser {

struct ReportHints {
  std::string file_name;                      // last path component is enough; may be empty
  std::string subject;                        // decoded; may be empty
  std::string from;                           // address of the From field, with or without display name; may be empty
  std::int64_t latest_date = no_latest_date;  // as in AggregateText
};

// Fills missing dates of what identity rests on, as fill_gaps() has always done it.
void fill_identity_dates(model::DateRange& identity, const ReportHints& hints);

// Whether the file name or the subject has the form of a report's: what carries it and cannot be read is a lost report.
bool is_report_name(std::string_view file_name);
bool is_report_subject(std::string_view subject);

// Fills missing org_name, email, report_id, policy domain and dates of header. Returns one Defect for each gap filled.
std::vector<model::Defect> fill_gaps(model::ReportHeader& header, const ReportHints& hints);

}  // namespace ruaudit::parser
