// The parts of the page, in the order in which they stand.
#pragma once
#include <string>

#include "model/facts/page_facts.hpp"
#include "report/html/writer.hpp"
#include "report/page/words.hpp"

namespace ruaudit::report::page {

struct Context {
  html::Writer& html;
  const Words& words;
  const model::PageFacts& facts;
};
struct DomainContext : Context {
  const model::PageDomain& domain;
  int number = 0;  // of the section, from 0
  [[nodiscard]] std::string id(std::string_view part) const { return "d" + std::to_string(number) + std::string(part); }
};

// A card with a heading, an id, and a sentence below it.
struct Card {
  std::string_view part;   // of the id
  std::string_view width;  // w5, w6, w7 or ""
  std::string title, sub;
  std::string_view more{};  // class
};
void open_card(const DomainContext& to, const Card& card);

// "fix", "ask", "watch" or "ok": the worst of the findings that are not snoozed.
std::string_view state_of(const model::PageDomain& domain);
std::string state_words(const model::PageDomain& domain, const Words& words);
// "2 to fix, 1 question": in the words of the digest.
std::string verdict_words(const model::PageDomain& domain, const Words& words);
std::string finding_title(const model::Finding& finding, const Words& words);

// A page says less of a domain that a limit left out.
bool is_short(const model::PageDomain& domain);
// How many of its findings are on the page, most severe first.
std::size_t findings_shown(const model::PageDomain& domain);

void write_top(const Context& to);
void write_verdict(const DomainContext& to);
void write_figures(const DomainContext& to);
void write_findings(const DomainContext& to);
void write_way(const DomainContext& to);
void write_messages(const DomainContext& to);
void write_groups(const DomainContext& to);
void write_reporters(const DomainContext& to);
void write_senders(const DomainContext& to);
void write_selectors(const DomainContext& to);
void write_spf(const DomainContext& to);
// Nothing where no TLS report came.
void write_tls(const DomainContext& to);
void write_domains(const Context& to);
// Findings about no domain of the page.
void write_other_findings(const Context& to);

// A cell of a table.
void write_cell(html::Writer& html, std::string_view kind, std::string_view text);

}  // namespace ruaudit::report::page
