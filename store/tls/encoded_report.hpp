// An SMTP TLS report on its way from the reading thread to the writer: batches of policies and failures, then the
// header.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "model/tls_report.hpp"
#include "store/content/digest.hpp"

namespace ruaudit::store {

inline constexpr int tls_hash_version = 1;  // docs/identity.md

struct TlsBatch {
  std::vector<model::TlsFailure> failures;
  std::vector<model::TlsPolicy> policies;
  std::vector<model::Defect> defects;
};
// About as many octets as it holds in memory.
std::size_t octets_of(const TlsBatch& batch);
// About as many octets as it becomes in the file: a row is its texts and a few numbers.
std::size_t stored_octets_of(const TlsBatch& batch);

struct TlsHeader {
  model::TlsReport report;
  std::string reporter;  // as fold_reporter() has it
  Digest group_key{};    // of reporter, report-id and dates; the content hash where one of these is absent
  ContentHash content_hash{};
};

}  // namespace ruaudit::store
