// The data block of the page: what its script sorts, filters and opens, as JSON, gzip. Texts are made harmless and
// stand once; the form is in docs/page.md. The same facts give the same octets.
#pragma once
#include <string>

#include "model/facts/page_facts.hpp"
#include "report/page/words.hpp"

namespace ruaudit::report::page {

std::string payload_json(const model::PageFacts& facts, const Words& words);
std::string gzipped(std::string_view text);

}  // namespace ruaudit::report::page
