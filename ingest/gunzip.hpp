// Streams a gzip file (RFC 1952) through zlib, member after member, with checksums; also one stream without the gzip
// wrapper: zlib (RFC 1950) or raw deflate (RFC 1951). What follows the end is a Defect. Errors: "gzip-truncated",
// "gzip-corrupt" ("deflate-..." for the other forms), "ratio-exceeded", "too-many-members". What was delivered before
// an error stands.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
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

enum class DeflateForm : std::uint8_t { gzip, zlib, raw };

// At most the first 512 unpacked octets of packed; empty when it is not of this form.
std::string inflate_head(std::string_view packed, DeflateForm form);

GunzipOutcome gunzip(const Bytes& packed, const UnpackLimits& limits, OctetReceiver& receiver,
                     DeflateForm form = DeflateForm::gzip);

}  // namespace ruaudit::ingest
