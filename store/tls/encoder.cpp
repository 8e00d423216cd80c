#include "store/tls/encoder.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "store/aggregate/canonical.hpp"
#include "store/aggregate/identity.hpp"

namespace ruaudit::store {
namespace {

constexpr std::size_t fixed_octets = 96;

std::size_t octets_of(const model::TlsFailure& one) {
  return sizeof one + one.raw_result_type.size() + one.receiving_mx_hostname.size() + one.receiving_mx_helo.size() +
         one.additional_information.size() + one.failure_reason_code.size() + fixed_octets;
}

std::size_t octets_of(const model::TlsPolicy& one) {
  std::size_t octets = sizeof one + one.domain.size() + one.raw_type.size() + fixed_octets;
  for (const auto* list : {&one.strings, &one.mx_hosts})
    for (const auto& text : *list) octets += sizeof text + text.size();
  return octets;
}

std::size_t octets_of(const model::Defect& one) { return sizeof one + one.detail.size(); }

// Order says nothing in the list of hosts; it may in the lines of a policy.
void write_list(CanonicalWriter& writer, const std::vector<std::string>& list) {
  writer.u32(static_cast<std::uint32_t>(list.size()));
  for (const auto& text : list) writer.text(std::string_view(text));
}

void write_sum(std::string& octets, const HashSum& sum) {
  const ContentHash value = sum.value();
  octets.append(reinterpret_cast<const char*>(value.data()), value.size());
}

std::string canonical(const model::TlsFailure& one) {
  std::string octets;
  CanonicalWriter writer(octets);
  writer.text(model::to_text(one.result_type));
  for (const auto* text :
       {&one.raw_result_type, &one.sending_mta_ip, &one.receiving_mx_hostname, &one.receiving_mx_helo,
        &one.receiving_ip, &one.additional_information, &one.failure_reason_code})
    writer.text(std::string_view(*text));
  writer.integer(one.sessions);
  return octets;
}

std::string canonical(const model::TlsPolicy& one, const HashSum& failures) {
  std::string octets;
  CanonicalWriter writer(octets);
  writer.text(model::to_text(one.type));
  writer.text(std::string_view(one.raw_type));
  writer.text(std::string_view(one.domain));
  write_list(writer, one.strings);
  auto hosts = one.mx_hosts;
  std::sort(hosts.begin(), hosts.end());
  write_list(writer, hosts);
  writer.integer(one.successful);
  writer.integer(one.failed);
  writer.i64(one.details);
  write_sum(octets, failures);
  return octets;
}

}  // namespace

std::size_t octets_of(const TlsBatch& batch) {
  std::size_t octets = 0;
  for (const auto& one : batch.failures) octets += octets_of(one);
  for (const auto& one : batch.policies) octets += octets_of(one);
  for (const auto& one : batch.defects) octets += octets_of(one);
  return octets;
}

std::size_t stored_octets_of(const TlsBatch& batch) {
  constexpr std::size_t numbers = 32;  // of a row: its keys and counts, and its share of an index
  std::size_t octets = 0;
  for (const auto& one : batch.failures)
    octets += numbers + one.raw_result_type.size() + one.sending_mta_ip.size() + one.receiving_mx_hostname.size() +
              one.receiving_mx_helo.size() + one.receiving_ip.size() + one.additional_information.size() +
              one.failure_reason_code.size();
  for (const auto& one : batch.policies) {
    octets += numbers + one.raw_type.size() + one.domain.size();
    for (const auto* texts : {&one.strings, &one.mx_hosts})
      for (const auto& text : *texts) octets += text.size() + 3;  // quotes and a comma
  }
  for (const auto& one : batch.defects) octets += numbers + one.code.size() + one.detail.size();
  return octets;
}

model::Result<TlsEncoder> TlsEncoder::create() {
  TRY(auto hasher, Hasher::create());
  return TlsEncoder(std::move(hasher));
}

void TlsEncoder::begin() {
  policies_ = failures_ = {};
  batch_ = {};
  octets_ = 0;
}

void TlsEncoder::failure(const model::TlsFailure& failure) {
  failures_.add(hasher_.hash(canonical(failure)));
  octets_ += octets_of(failure);
  batch_.failures.push_back(failure);
}

void TlsEncoder::policy(const model::TlsPolicy& policy) {
  policies_.add(hasher_.hash(canonical(policy, failures_)));
  failures_ = {};
  octets_ += octets_of(policy);
  batch_.policies.push_back(policy);
}

void TlsEncoder::add(const model::Defect& defect) {
  octets_ += octets_of(defect);
  batch_.defects.push_back(defect);
}

TlsBatch TlsEncoder::take_batch() {
  octets_ = 0;
  return std::exchange(batch_, {});
}

TlsHeader TlsEncoder::finish(model::TlsReport report) {
  TlsHeader header;
  const auto& values = report.header;
  model::ReportMetadata metadata;
  metadata.org_name = values.organization_name;
  metadata.email = values.contact_info;
  header.reporter = fold_reporter(metadata);
  const auto write_name = [&](CanonicalWriter& writer) {
    writer.text(std::string_view(header.reporter));
    writer.text(std::string_view(values.report_id));
    writer.integer(report.identity.begin);
    writer.integer(report.identity.end);
  };
  std::string content = "ruaudit tls report 1";
  CanonicalWriter writer(content);
  write_name(writer);
  writer.u32(report.policies);
  write_sum(content, policies_);
  header.content_hash = hasher_.hash(content);
  if (values.report_id.empty() || !report.identity.begin || !report.identity.end) {
    std::memcpy(header.group_key.data(), header.content_hash.data(), header.group_key.size());
  } else {
    std::string key = "ruaudit tls key 1";
    CanonicalWriter name(key);
    write_name(name);
    header.group_key = hasher_.digest(key);
  }
  header.report = std::move(report);
  return header;
}

}  // namespace ruaudit::store
