// A whole digest as JSON and back, so that the last one can be shown again and one that was under way when the program
// ended can be told: with sentences and arguments, not their words. Version 1 of a format of its own, not the contract
// of `ruaudit digest --format json`.
#pragma once
#include <string>
#include <string_view>

#include "model/digest.hpp"
#include "model/result.hpp"

namespace ruaudit::store {

std::string encode_digest(const model::Digest& digest);
// Error: digest-content.
model::Result<model::Digest> decode_digest(std::string_view json);

}  // namespace ruaudit::store
