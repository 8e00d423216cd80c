// TLS reports for tests of the store, written as an ingest does.
#pragma once
#include "store/tls/encoder.hpp"
#include "tests/store/store_fixture.hpp"

namespace ruaudit::store::test {

inline constexpr std::int64_t begin_of_day = 1'700'006'400;  // 2023-11-15

struct TlsMade {
  std::string id = "r1";
  std::string reporter = "Sender";
  std::vector<model::TlsPolicy> policies{};
  std::vector<model::TlsFailure> failures{};  // of the policy whose number they have
};

inline model::TlsPolicy tls_policy(std::uint32_t number, std::optional<std::int64_t> successful,
                                   std::optional<std::int64_t> failed, const std::string& domain = "example.com") {
  model::TlsPolicy made;
  made.number = number;
  made.type = model::TlsPolicyType::sts;
  made.domain = domain;
  made.successful = successful;
  made.failed = failed;
  return made;
}

inline model::Result<PartResult> write_tls(Writer& writer, const TlsMade& made, const std::string& path = "1") {
  TRY(auto encoder, TlsEncoder::create());
  encoder.begin();
  TRY_VOID(writer.begin_report({PartKind::tls, path}));
  model::TlsReport report;
  for (const auto& policy : made.policies) {
    for (const auto& failure : made.failures)
      if (failure.policy == policy.number) encoder.failure(failure);
    encoder.policy(policy);
    if (encoder.is_batch_full()) TRY_VOID(writer.append_tls(encoder.take_batch()));
  }
  TRY_VOID(writer.append_tls(encoder.take_batch()));
  report.header.organization_name = made.reporter;
  report.header.report_id = made.id;
  report.header.date_range = report.identity = {begin_of_day, begin_of_day + 86'399};
  report.policies = static_cast<std::uint32_t>(made.policies.size());
  report.failures = made.failures.size();
  return writer.end_tls(encoder.finish(std::move(report)));
}

inline void ingest_tls(Writer& writer, const std::string& content, const TlsMade& made) {
  REQUIRE(writer.begin_item(make_item(content)));
  REQUIRE(writer.add_chunk(Extent::full, *OriginalChunker(content).next()));
  const auto written = write_tls(writer, made);
  if (!written) FAIL(written.error().message);
  REQUIRE(writer.end_item());
}

}  // namespace ruaudit::store::test
