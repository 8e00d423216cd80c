// Carrying mails of failure reports for the tests of the parser, already taken apart.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "parser/failure/report_parser.hpp"

namespace ruaudit::test {

inline const std::string usual_fields =
    "Feedback-Type: auth-failure\r\n"
    "User-Agent: Example-Reporter/3.1\r\n"
    "Version: 1\r\n"
    "Auth-Failure: dmarc\r\n"
    "Identity-Alignment: none\r\n"
    "Authentication-Results: receiver.example; dmarc=fail header.from=example.com\r\n"
    "Original-Mail-From: <bounce@example.net>\r\n"
    "Arrival-Date: Thu, 01 Jan 2026 10:00:00 +0100\r\n"
    "Source-IP: 198.51.100.66\r\n"
    "Reported-Domain: example.com\r\n";

inline const std::string usual_sample =
    "Received: from relay.example.net (relay.example.net [198.51.100.66])\r\n"
    "\tby mx.receiver.example with ESMTP id 1; Thu, 01 Jan 2026 10:00:00 +0100\r\n"
    "From: News <news@example.com>\r\nTo: someone@receiver.example\r\nSubject: News\r\n"
    "Message-ID: <news-1@example.com>\r\n\r\nHello.\r\n";

inline std::vector<model::NamedValue> usual_header() {
  return {{"From", "Reports <DMARC@Receiver.example>"},
          {"To", "ruf@example.com"},
          {"Subject", "FW: News"},
          {"Date", "Thu, 01 Jan 2026 10:00:05 +0100"},
          {"Message-ID", "<report-1@receiver.example>"}};
}

inline parser::FailurePart part(std::string media_type, std::string octets, std::string encoding = {}) {
  return {std::move(media_type), std::move(encoding), {}, std::move(octets)};
}

inline parser::FailureMail arf(std::string fields = usual_fields, std::string sample = usual_sample) {
  return {usual_header(),
          "multipart/report",
          "feedback-report",
          {part("text/plain", "A message failed.\r\n"), part("message/feedback-report", std::move(fields)),
           part("message/rfc822", std::move(sample))},
          {}};
}

inline std::vector<std::string> codes(const std::vector<model::Defect>& defects) {
  std::vector<std::string> out;
  for (const auto& defect : defects) out.push_back(defect.code);
  return out;
}
inline bool has(const std::vector<model::Defect>& defects, const std::string& code) {
  return std::any_of(defects.begin(), defects.end(), [&](const auto& one) { return one.code == code; });
}
// The fields that are said to be missing.
inline std::vector<std::string> missing(const model::FailureReport& report) {
  std::vector<std::string> out;
  for (const auto& defect : report.defects)
    if (defect.code == "failure-field-missing") out.push_back(defect.detail);
  return out;
}

}  // namespace ruaudit::test
