// The fields of a report as libxml2's SAX2 interface yields them: a table of element names, the text of leaves into one
// plain record. No repair, no defects, no limits; ends the program at XML that is not well-formed.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace floor_bench {

struct AuthResult {
  std::string domain, selector, result;
};

struct Fields {
  std::string source_ip;
  std::int64_t count = 0;
  std::string disposition, dkim, spf, reason, header_from, envelope_from, envelope_to;
  std::vector<AuthResult> auth;  // <dkim> and <spf>; capacity is kept from record to record
  std::size_t auths = 0;         // how many of them belong to this record
};

struct Head {
  std::string org_name, email, report_id, domain, policy, subdomain_policy;
  std::int64_t begin = 0, end = 0;
};

class FieldSink {
 public:
  virtual ~FieldSink() = default;
  virtual void record(const Fields& fields) = 0;
  virtual void report(const Head& head) = 0;  // after its records
};

void parse_fields(std::string_view xml, FieldSink& sink);

}  // namespace floor_bench
