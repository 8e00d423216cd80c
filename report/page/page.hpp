// Facts of some days -> one HTML document that needs nothing else: no remote content, one style sheet, one script, one
// data block. It shows findings and facts and decides nothing. Whatever a report says is text (report/html/writer.hpp).
// The same facts give the same octets. A document above the limit is made smaller by folding, and says so.
#pragma once
#include <cstddef>
#include <string>

#include "model/facts/page_facts.hpp"
#include "report/language/language.hpp"

namespace ruaudit::report {

struct PageOptions {
  std::size_t limit = 1'500'000;  // octets
};
struct Page {
  std::string html;
  std::size_t folded_addresses = 0, folded_domains = 0;  // what the limit left out
  std::size_t left_out_ways = 0;                         // in which the mail of an address came
  bool is_above_limit = false;                           // there was nothing more to leave out
};
Page page_html(model::PageFacts facts, const Language& language, const PageOptions& options = {});

}  // namespace ruaudit::report
