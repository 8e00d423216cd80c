// Which report is which (docs/identity.md): the reporter's folded name, the key that versions of one report share, and
// the content hash that tells them apart. Pure functions of the parsed values.
#pragma once
#include <cstdint>
#include <string>

#include "model/aggregate_report.hpp"
#include "store/content/digest.hpp"

namespace ruaudit::store {

// org_name in lower case (ASCII) with runs of blanks squeezed to one; where that is empty the domain of the e-mail.
std::string fold_reporter(const model::ReportMetadata& metadata);

// What the records of a report add to its content hash.
struct RecordsIdentity {
  HashSum sum;
  std::int64_t records = 0;
};

ContentHash report_content_hash(Hasher& hasher, const model::ReportHeader& header, const RecordsIdentity& records);

// `content` is the key where report id or dates are absent.
Digest report_identity_key(Hasher& hasher, const model::ReportHeader& header, const ContentHash& content);

}  // namespace ruaudit::store
