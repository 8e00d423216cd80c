// Octets of a failure report -> model::FailureReport: ARF (RFC 5965, RFC 6591, RFC 9991), the same repacked or under
// wrong labels, and the prose that some senders write instead. In: the carrying mail, already cut into its leaf parts
// with transfer encodings undone. Out: always a value; what is missing or odd is a Defect in it, and mail that is no
// authentication failure comes out as the kind it is. One pass over each part, bounded by FailureLimits; nothing of
// the mail is referred to afterwards.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "model/failure_report.hpp"

namespace ruaudit::parser {

struct FailureLimits {
  std::size_t fields = 500;                  // of the feedback report; "failure-too-many-fields"
  std::size_t field_bytes = 8UL * 1024;      // of one value; "failure-field-too-long"
  std::size_t canonical_bytes = 1UL << 20U;  // of DKIM-Canonicalized-Header and -Body, encoded
  std::size_t prose_bytes = 64UL * 1024;     // of a text part, searched for sentences and fields
  std::size_t defects = 100;                 // kept per report; "defects-omitted"
  bool operator==(const FailureLimits&) const = default;
};

struct FailurePart {
  std::string media_type;         // declared "type/subtype", lower case; empty when not declared
  std::string transfer_encoding;  // lower case; base64 and quoted-printable have been undone
  std::string name;               // declared file name
  std::string octets;
};

struct FailureMail {
  // All fields of the carrying mail in their order, folding removed, encoded words decoded; none: a bare report.
  std::vector<model::NamedValue> header;
  std::string media_type;   // of the mail itself: "multipart/report"
  std::string report_type;  // parameter report-type, lower case
  std::vector<FailurePart> parts;
  std::vector<model::Defect> defects;  // what taking the mail apart has shown
};

model::FailureReport parse_failure_report(const FailureMail& mail, const FailureLimits& limits = {});

}  // namespace ruaudit::parser
