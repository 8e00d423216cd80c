// A FailureReport as octets and back: CBOR (RFC 8949) of every member but the octets of the sample. Field names are
// part of the format: a member that is not there when reading keeps its default, one that is not known is skipped.
#pragma once
#include <string>
#include <string_view>

#include "model/failure_report.hpp"
#include "model/result.hpp"

namespace ruaudit::store {

std::string encode_claims(const model::FailureReport& report);
// Error code "failure-damaged".
model::Result<model::FailureReport> decode_claims(std::string_view octets);

}  // namespace ruaudit::store
