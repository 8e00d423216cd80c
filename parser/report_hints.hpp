// What a mail or a file knows about an aggregate report besides its XML: the file name
// receiver!policy-domain!begin!end[!id].xml[.gz] and the subject "Report Domain: d Submitter: r Report-ID: <id>"
// (RFC 7489 section 7.2.1.1, RFC 9990 section 3.5), and the sender. The XML is authoritative: hints only fill gaps of
// a header, and every filled gap becomes a Defect. Texts that do not have the form are ignored.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "model/aggregate_report.hpp"

namespace ruaudit::parser {

struct ReportHints {
  std::string file_name;  // last path component is enough; may be empty
  std::string subject;    // decoded; may be empty
  std::string from;       // address of the From field, with or without display name; may be empty
};

// Fills missing org_name, email, report_id, policy domain and dates of header. Returns one Defect for each gap filled.
std::vector<model::Defect> fill_gaps(model::ReportHeader& header, const ReportHints& hints);

}  // namespace ruaudit::parser
