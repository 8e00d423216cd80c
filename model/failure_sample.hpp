// What is made from the sample of a failure report without touching it: a copy that is repaired for verification, and
// the normal form of its header that tells copies of one report from different reports. In: a FailureReport; out: new
// octets. Works in one pass over the sample; the result is at most twice as long.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "model/failure_report.hpp"

namespace ruaudit::model {

struct RepairedSample {
  std::string octets;           // every line ends in CRLF
  std::vector<Defect> repairs;  // what differs from the sample; empty: nothing
  bool operator==(const RepairedSample&) const = default;
};

// A copy for the verifiers. Repairs: blank lines in front and a mbox "From " line are dropped ("sample-mbox-line",
// "sample-leading-blanks"), bare LF becomes CRLF ("sample-line-ends", with their count). That a transfer
// encoding was undone, which message/rfc822 must not have, is said as "sample-transfer-encoding". RFC 6376 section 5.3.
RepairedSample repaired_sample(const FailureReport& report);

// The header block of the repaired sample up to, and without, its empty line; empty when there is no sample.
std::string normalised_sample_header(const FailureSample& sample);

// The text whose SHA-256 is the identity of a report: the normalised header, source, arrival and reporter, each with
// its length in front. Copies that differ in line ends or packaging are equal. Without a sample the other claims and
// the Message-ID of the carrying mail take its place, so that different reports stay different.
std::string identity_text(const FailureReport& report);

}  // namespace ruaudit::model
