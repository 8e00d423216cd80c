// One batch on its way to its shard: the steps of cluster/ship/ship.hpp.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "cluster/rows/rows.hpp"
#include "cluster/server/client.hpp"
#include "cluster/ship/probe.hpp"
#include "cluster/ship/ship.hpp"
#include "store/outbox/failure_reader.hpp"
#include "store/outbox/outbox.hpp"
#include "store/outbox/report_reader.hpp"
#include "store/outbox/tls_reader.hpp"

namespace ruaudit::cluster {

struct BatchResult {
  std::int64_t reports = 0;  // with rows, TLS and failure reports too
  std::int64_t records = 0, headers = 0, known = 0;
  std::vector<std::int64_t> told;  // seqs that may leave the outbox
  bool is_sent = false;
};

struct BatchTools {
  Client& client;
  store::ReportReader& reader;
  store::TlsReader& tls_reader;
  store::FailureReader& failure_reader;
  const Place& place;
  const ShipLimits& limits;
  std::uint64_t ingester = 0;
};

// `rows`: of one shard and month, or all of them elsewhere; no two of one report. Nothing is written to the database.
model::Result<BatchResult> send_batch(const BatchTools& tools, std::span<const store::OutboxRow> rows);

}  // namespace ruaudit::cluster
