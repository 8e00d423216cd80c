#include "store/failure/codec.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace ruaudit::store {
namespace {

using Json = nlohmann::json;

// Texts go as byte strings: what a report says need not be UTF-8.
Json octets(std::string_view text) { return Json::binary(std::vector<std::uint8_t>(text.begin(), text.end())); }

std::string text_of(const Json& value) {
  const auto& binary = value.get_binary();
  return {binary.begin(), binary.end()};
}

// One struct of functions writes, another reads, over the same list of members.
struct Writer {
  Json& out;
  void operator()(const char* name, const std::string& value) { out[name] = octets(value); }
  void operator()(const char* name, const std::optional<std::string>& value) {
    if (value) out[name] = octets(*value);
  }
  void operator()(const char* name, const std::optional<std::int64_t>& value) {
    if (value) out[name] = *value;
  }
  void operator()(const char* name, std::int64_t value) { out[name] = value; }
  void operator()(const char* name, const std::vector<std::string>& values) {
    for (const auto& value : values) out[name].push_back(octets(value));
  }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void operator()(const char* name, Enum value) { out[name] = std::string(model::to_text(value)); }
  template <class Struct>
  void many(const char* name, const std::vector<Struct>& values);
  template <class Struct>
  void one(const char* name, const std::optional<Struct>& value);
};

struct Reader {
  const Json& in;
  void operator()(const char* name, std::string& value) {
    if (const auto at = in.find(name); at != in.end()) value = text_of(*at);
  }
  void operator()(const char* name, std::optional<std::string>& value) {
    if (const auto at = in.find(name); at != in.end()) value = text_of(*at);
  }
  void operator()(const char* name, std::optional<std::int64_t>& value) {
    if (const auto at = in.find(name); at != in.end()) value = at->get<std::int64_t>();
  }
  void operator()(const char* name, std::int64_t& value) {
    if (const auto at = in.find(name); at != in.end()) value = at->get<std::int64_t>();
  }
  void operator()(const char* name, std::vector<std::string>& values) {
    if (const auto at = in.find(name); at != in.end())
      for (const Json& value : *at) values.push_back(text_of(value));
  }
  template <class Enum>
  requires std::is_enum_v<Enum>
  void operator()(const char* name, Enum& value) {
    if (const auto at = in.find(name); at != in.end())
      value = model::parse_enum<Enum>(at->get_ref<const std::string&>()).value_or(value);
  }
  template <class Struct>
  void many(const char* name, std::vector<Struct>& values);
  template <class Struct>
  void one(const char* name, std::optional<Struct>& value);
};

template <class Visitor, class Claim>
requires std::is_same_v<std::remove_const_t<Claim>, model::AuthFailureClaim>
void visit(Visitor&& on, Claim& claim) {
  on("type", claim.type);
  on("raw", claim.raw);
}

template <class Visitor, class Record>
requires std::is_same_v<std::remove_const_t<Record>, model::ClaimedRecord>
void visit(Visitor&& on, Record& record) {
  on("raw", record.raw);
  on("type", record.type);
  on("domain", record.domain);
  on("content", record.content);
}

template <class Visitor, class Value>
requires std::is_same_v<std::remove_const_t<Value>, model::NamedValue>
void visit(Visitor&& on, Value& value) {
  on("name", value.name);
  on("value", value.value);
}

template <class Visitor, class Trace>
requires std::is_same_v<std::remove_const_t<Trace>, model::Redaction>
void visit(Visitor&& on, Trace& trace) {
  on("where", trace.where);
  on("evidence", trace.evidence);
}

template <class Visitor, class Odd>
requires std::is_same_v<std::remove_const_t<Odd>, model::Defect>
void visit(Visitor&& on, Odd& defect) {
  on("code", defect.code);
  on("detail", defect.detail);
}

template <class Visitor, class Claims>
void visit_claims(Visitor& on, Claims& claims) {
  on("feedback_type", claims.feedback_type);
  on("version", claims.version);
  on("user_agent", claims.user_agent);
  on.many("auth_failures", claims.auth_failures);
  on("identity_alignment", claims.identity_alignment);
  on("raw_delivery_result", claims.raw_delivery_result);
  on("authentication_results", claims.authentication_results);
  on.many("spf_dns", claims.spf_dns);
  on("dkim_domain", claims.dkim_domain);
  on("dkim_identity", claims.dkim_identity);
  on("dkim_selector", claims.dkim_selector);
  on.one("dkim_selector_dns", claims.dkim_selector_dns);
  on.one("dkim_adsp_dns", claims.dkim_adsp_dns);
  on("dkim_canonicalized_header", claims.dkim_canonicalized_header);
  on("dkim_canonicalized_body", claims.dkim_canonicalized_body);
  on("original_envelope_id", claims.original_envelope_id);
  on("original_mail_from", claims.original_mail_from);
  on("original_rcpt_to", claims.original_rcpt_to);
  on("arrival_date", claims.arrival_date);
  on("raw_arrival_date", claims.raw_arrival_date);
  on("raw_source_ip", claims.raw_source_ip);
  on("reported_domains", claims.reported_domains);
  on("reported_uris", claims.reported_uris);
  on("incidents", claims.incidents);
  on("reporting_mta", claims.reporting_mta);
  on.many("other_fields", claims.other_fields);
}

template <class Visitor, class Report>
void visit_report(Visitor& on, Report& report) {
  on("kind", report.kind);
  on("container", report.container);
  on("dialect", report.dialect);
  visit_claims(on, report.claims);
  on("from", report.reporter.from);
  on("address", report.reporter.address);
  on("reporter_domain", report.reporter.domain);
  on("subject", report.reporter.subject);
  on("message_id", report.reporter.message_id);
  on("date", report.reporter.date);
  on("date_epoch", report.reporter.date_epoch);
  on("sample_extent", report.sample.extent);
  on("sample_media_type", report.sample.media_type);
  on("sample_transfer_encoding", report.sample.transfer_encoding);
  on.many("redactions", report.redactions);
  on.many("defects", report.defects);
}

template <class Struct>
void Writer::many(const char* name, const std::vector<Struct>& values) {
  for (const Struct& value : values) {
    Json item = Json::object();
    visit(Writer{item}, value);
    out[name].push_back(std::move(item));
  }
}

template <class Struct>
void Writer::one(const char* name, const std::optional<Struct>& value) {
  if (value) visit(Writer{out[name]}, *value);
}

template <class Struct>
void Reader::many(const char* name, std::vector<Struct>& values) {
  if (const auto at = in.find(name); at != in.end())
    for (const Json& item : *at) visit(Reader{item}, values.emplace_back());
}

template <class Struct>
void Reader::one(const char* name, std::optional<Struct>& value) {
  if (const auto at = in.find(name); at != in.end()) visit(Reader{*at}, value.emplace());
}

void read_numbers(const Json& in, model::FailureReport& report) {
  if (const auto at = in.find("delivery_result"); at != in.end())
    report.claims.delivery_result = model::parse_enum<model::DeliveryResult>(at->get_ref<const std::string&>());
  if (const auto at = in.find("source_ip"); at != in.end())
    if (auto ip = model::IpAddress::parse(at->get_ref<const std::string&>())) report.claims.source_ip = *ip;
  if (const auto at = in.find("source_port"); at != in.end()) report.claims.source_port = at->get<std::uint16_t>();
  if (const auto at = in.find("defect_lines"); at != in.end())
    for (std::size_t n = 0; n < report.defects.size() && n < at->size(); ++n)
      report.defects[n].line = (*at)[n].get<std::uint32_t>();
}

void write_numbers(Json& out, const model::FailureReport& report) {
  if (report.claims.delivery_result)
    out["delivery_result"] = std::string(model::to_text(*report.claims.delivery_result));
  if (report.claims.source_ip) out["source_ip"] = report.claims.source_ip->to_string();
  if (report.claims.source_port) out["source_port"] = *report.claims.source_port;
  for (const auto& defect : report.defects) out["defect_lines"].push_back(defect.line);
}

}  // namespace

std::string encode_claims(const model::FailureReport& report) {
  Json out = Json::object();
  Writer write{out};
  visit_report(write, report);
  write_numbers(out, report);
  std::string octets_out;
  Json::to_cbor(out, octets_out);
  return octets_out;
}

model::Result<model::FailureReport> decode_claims(std::string_view octets_in) {
  const auto broken = model::failure("failure-damaged", "a stored failure report is damaged",
                                     "restore a backup of the database, or ingest the mail again");
  try {
    const Json in = Json::from_cbor(octets_in);
    if (!in.is_object()) return broken;
    model::FailureReport report;
    Reader read{in};
    visit_report(read, report);
    read_numbers(in, report);
    return report;
  } catch (const Json::exception&) {
    return broken;
  }
}

}  // namespace ruaudit::store
