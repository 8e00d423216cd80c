#include "failure_described.hpp"

#include "ingest/content_hash.hpp"
#include "ingest/unpack.hpp"
#include "jobs/ingest/failure_mail.hpp"
#include "model/failure_sample.hpp"

namespace ruaudit::tests {
namespace {

using nlohmann::json;

template <class T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

json record_of(const model::ClaimedRecord& record) { return {record.type, record.domain, record.content}; }

std::string hash_of(const std::string& octets) {
  std::string out;
  for (const auto octet : ingest::content_hash(ingest::Bytes::from_string(octets))) {
    out += "0123456789abcdef"[octet >> 4U];
    out += "0123456789abcdef"[octet & 15U];
  }
  return out;
}

template <class List>
json codes_of(const List& defects) {
  json out = json::array();
  for (const auto& defect : defects) out.push_back(defect.code);
  return out;
}

// A missing field with its name, every other defect by its code.
json named(const std::vector<model::Defect>& defects) {
  json out = json::array();
  for (const auto& defect : defects)
    out.push_back(defect.code == "failure-field-missing" ? defect.code + " " + defect.detail : defect.code);
  return out;
}

json sample_of(const model::FailureReport& report) {
  return {
      {"extent", model::to_text(report.sample.extent)}, {"type", report.sample.media_type},
      {"encoding", report.sample.transfer_encoding},    {"size", report.sample.octets.size()},
      {"sha256", hash_of(report.sample.octets)},        {"repairs", codes_of(model::repaired_sample(report).repairs)}};
}

void add_claims(const model::FailureClaims& claims, json& out) {
  out.update({{"feedback_type", claims.feedback_type},
              {"version", or_null(claims.version)},
              {"user_agent", or_null(claims.user_agent)},
              {"identity_alignment", or_null(claims.identity_alignment)},
              {"delivery_result", claims.delivery_result ? json(claims.raw_delivery_result) : json(nullptr)},
              {"authentication_results", claims.authentication_results},
              {"dkim_domain", or_null(claims.dkim_domain)},
              {"dkim_identity", or_null(claims.dkim_identity)},
              {"dkim_selector", or_null(claims.dkim_selector)},
              {"canonicalized_header", or_null(claims.dkim_canonicalized_header)},
              {"canonicalized_body", or_null(claims.dkim_canonicalized_body)},
              {"envelope_id", or_null(claims.original_envelope_id)},
              {"mail_from", or_null(claims.original_mail_from)},
              {"rcpt_to", claims.original_rcpt_to},
              {"arrival", or_null(claims.arrival_date)},
              {"raw_arrival", or_null(claims.raw_arrival_date)},
              {"source_ip", claims.source_ip ? json(claims.source_ip->to_string()) : json(nullptr)},
              {"raw_source_ip", or_null(claims.raw_source_ip)},
              {"source_port", or_null(claims.source_port)},
              {"reported_domains", claims.reported_domains},
              {"reported_uris", claims.reported_uris},
              {"incidents", claims.incidents.value_or(1)},
              {"reporting_mta", or_null(claims.reporting_mta)}});
  for (const char* name : {"auth_failures", "spf_dns", "other_fields"}) out[name] = json::array();
  for (const auto& claim : claims.auth_failures)
    out["auth_failures"].push_back({model::to_text(claim.type), claim.raw});
  for (const auto& record : claims.spf_dns) out["spf_dns"].push_back(record_of(record));
  for (const auto& field : claims.other_fields) out["other_fields"].push_back({field.name, field.value});
  out["dkim_selector_dns"] = claims.dkim_selector_dns ? record_of(*claims.dkim_selector_dns) : json(nullptr);
}

// Takes failure reports and other feedback whole, as the reading thread does.
class FailureSink : public ingest::PayloadSink {
 public:
  bool begin(const ingest::PayloadInfo& info) override {
    octets_.clear();
    kind_ = info.kind;
    return kind_ == ingest::PayloadKind::failure_report || kind_ == ingest::PayloadKind::other_feedback;
  }
  bool chunk(std::string_view octets) override {
    octets_ += octets;
    return true;
  }
  void end(const model::Result<void>&) override {
    outcome = model::to_text(kind_);
    reports.push_back(described(jobs::read_failure_report(ingest::Bytes::from_string(octets_), {})));
  }

  json reports = json::array();
  std::string outcome = "not_a_report";

 private:
  std::string octets_;
  ingest::PayloadKind kind_ = ingest::PayloadKind::not_a_report;
};

}  // namespace

json described(const model::FailureReport& report) {
  json out = {{"kind", model::to_text(report.kind)},
              {"container", model::to_text(report.container)},
              {"dialect", model::to_text(report.dialect)},
              {"sample", sample_of(report)},
              {"redacted", json::array()},
              {"defect_codes", named(report.defects)}};
  out["reporter"] = {{"address", report.reporter.address},
                     {"domain", report.reporter.domain},
                     {"subject", report.reporter.subject},
                     {"message_id", report.reporter.message_id},
                     {"date", or_null(report.reporter.date_epoch)}};
  for (const auto& one : report.redactions) out["redacted"].push_back(one.where);
  add_claims(report.claims, out);
  return out;
}

json read_failures(const std::filesystem::path& path) {
  FailureSink sink;
  auto source = ingest::SourceReader::open(path.string(), {});
  if (!source) return {{"outcome", "rejected"}, {"code", source.error().code}, {"reports", json::array()}};
  json code = nullptr;
  while (auto item = source->next()) {
    if (!*item) continue;
    for (const auto& leaf : ingest::unpack(**item, {}, sink).payloads)
      if (leaf.error && code.is_null()) code = leaf.error->code;
  }
  const bool is_rejected = sink.reports.empty() && !code.is_null();
  return {{"outcome", is_rejected ? "rejected" : sink.outcome}, {"code", code}, {"reports", sink.reports}};
}

}  // namespace ruaudit::tests
