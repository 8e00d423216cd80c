#include "report/page/page.hpp"

#include <algorithm>

#include "report/html/policy.hpp"
#include "report/html/writer.hpp"
#include "report/page/assets.hpp"
#include "report/page/fold.hpp"
#include "report/page/payload.hpp"
#include "report/page/sections.hpp"

namespace ruaudit::report {
namespace page {
namespace {

std::string title_of(const model::PageFacts& facts, const Words& words) {
  if (facts.domains.empty()) return words.translate("DMARC report");
  const auto& first = facts.domains.front().name;
  if (facts.domains.size() == 1) return words.fill("DMARC report of {}", first);
  return words.fill("DMARC report of {} and {} more", first, std::to_string(facts.domains.size() - 1));
}

void write_head(const Context& to) {
  auto& html = to.html;
  html.in("head", {}, [&] {
    html.leaf("meta", {{"charset", "utf-8"}});
    html.policy(html::content_security_policy(style_sheet, script));
    html.leaf("meta", {{"name", "referrer"}, {"content", "no-referrer"}});
    html.leaf("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
    html.leaf("meta", {{"name", "generator"}, {"content", "ruaudit"}});
    html.line("title", title_of(to.facts, to.words));
    html.style_sheet(style_sheet);
  });
}

void write_domain(const DomainContext& to) {
  auto& html = to.html;
  html.open("section", {{"class", to.number == 0 ? "domain" : "domain other"},
                        {"id", to.id("")},
                        {"tabindex", "-1"},
                        {"aria-labelledby", to.id("h")}});
  write_verdict(to);
  write_figures(to);
  html.open("div", {{"class", "grid"}});
  write_findings(to);
  if (is_short(to.domain)) {
    html.line("p", {{"class", "card"}},
              to.words.translate("To keep this page small, charts, senders and records of this domain are left out: "
                                 "ruaudit page --domain shows them."));
  } else {
    write_way(to);
    write_messages(to);
    write_groups(to);
    write_reporters(to);
    write_senders(to);
    write_selectors(to);
    write_spf(to);
    write_tls(to);
  }
  html.close();
  html.close();
}

void write_body(const Context& to, const std::string& data) {
  auto& html = to.html;
  html.open("body");
  html.line("a", {{"class", "skip"}, html::Anchor{"main"}}, to.words.translate("Skip to the content"));
  html.open("div", {{"class", "wrap"}});
  write_top(to);
  html.open("main", {{"id", "main"}});
  if (to.facts.domains.empty()) html.line("h1", to.words.translate("The database has no report for these days."));
  int number = 0;
  for (const auto& domain : to.facts.domains) write_domain({to, domain, number++});
  html.in("div", {{"class", "grid"}}, [&] {
    write_other_findings(to);
    if (to.facts.domains.size() > 1) write_domains(to);
  });
  html.close();
  html.line("footer", {{"class", "foot"}},
            to.words.translate("Made by ruaudit from DMARC reports. This file contains no remote content and sends "
                               "nothing."));
  html.close();
  html.data_block("data", data);
  html.script(script);
  html.close();
}

std::string document(const model::PageFacts& facts, const Language& language) {
  const Words words(language, facts.last_day);
  html::Writer html;
  const Context to{html, words, facts};
  html.markup("<!doctype html>\n");
  html.open("html", {{"lang", language.code()}});
  write_head(to);
  write_body(to, gzipped(payload_json(facts, words)));
  html.close();
  return html.take() + "\n";
}

// The domain with the fewest messages keeps its findings and figures alone.
std::size_t shorten_smallest(model::PageFacts& facts) {
  std::size_t least = facts.domains.size();
  for (std::size_t i = 0; i < facts.domains.size(); ++i)
    if (!is_short(facts.domains[i]) &&
        (least == facts.domains.size() || facts.domains[i].fate.messages() < facts.domains[least].fate.messages()))
      least = i;
  if (least == facts.domains.size()) return 0;
  auto& domain = facts.domains[least];
  domain.is_folded = true;
  domain.senders.clear();
  domain.days.clear();
  domain.samples_left_out += static_cast<std::int64_t>(domain.samples.size());
  domain.samples.clear();
  return 1;
}

}  // namespace

bool is_short(const model::PageDomain& domain) { return domain.is_folded && domain.senders.empty(); }

}  // namespace page

Page page_html(model::PageFacts facts, const Language& language, const PageOptions& options) {
  Page out{.html = page::document(facts, language)};
  auto smaller = facts;
  for (int step = 1; step <= page::fold_steps && out.html.size() > options.limit; ++step) {
    smaller = page::folded(facts, step);
    out.html = page::document(smaller, language);
  }
  while (out.html.size() > options.limit && page::shorten_smallest(smaller) > 0) {
    ++out.folded_domains;
    out.html = page::document(smaller, language);
  }
  out.folded_addresses = page::folded_addresses(smaller);
  out.left_out_ways = page::left_out_ways(smaller);
  out.is_above_limit = out.html.size() > options.limit;
  return out;
}

}  // namespace ruaudit::report
