// Streams a gzip file (RFC 1952) through zlib, member after member, with checksums. What follows the last member and is
// no member is a Defect. Errors: "gzip-truncated", "gzip-corrupt", "ratio-exceeded", "too-many-members". What was
// delivered before an error stands.
#pragma once
#include <vector>

#include "ingest/bytes.hpp"
#include "ingest/limits.hpp"
#include "ingest/octet_receiver.hpp"
#include "model/defect.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest {

struct GunzipOutcome {
  model::Result<void> result;
  std::vector<model::Defect> defects;  // "gzip-trailing-garbage"
};

// At most the first 512 unpacked octets of packed; empty when it is no gzip.
std::string gunzip_head(std::string_view packed);

GunzipOutcome gunzip(const Bytes& packed, const UnpackLimits& limits, OctetReceiver& receiver);

}  // namespace ruaudit::ingest
