#include <fmt/format.h>

#include <algorithm>

#include "report/page/chart.hpp"
#include "report/page/fold.hpp"
#include "report/page/sections.hpp"

namespace ruaudit::report::page {
namespace {

constexpr std::size_t most_senders = 20;  // in the document; the script shows all

void write_head(html::Writer& html, std::string_view kind, const std::string& name, std::string_view sort = {}) {
  if (sort.empty())
    html.line("th", {{"role", "columnheader"}, {"scope", "col"}, {"class", kind}}, name);
  else
    html.line("th", {{"role", "columnheader"}, {"scope", "col"}, {"class", kind}, {"data-sort", sort}}, name);
}

void open_scroll(html::Writer& html, const std::string& label) {
  html.open("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "group"}, {"aria-label", label}});
}

void write_filters(const DomainContext& to) {
  auto& html = to.html;
  const auto& words = to.words;
  const auto box = [&](html::Attribute kind, const std::string& text, bool is_checked) {
    html.open("label");
    if (is_checked)
      html.leaf("input", {{"type", "checkbox"}, kind, {"checked"}});
    else
      html.leaf("input", {{"type", "checkbox"}, kind});
    html.text(text);
    html.close();
  };
  html.in("div", {{"class", "filters js"}, {"role", "group"}, {"aria-label", words.translate("Filter")}}, [&] {
    html.leaf("input", {{"type", "search"},
                        {"aria-label", words.translate("Address, name, domain or selector")},
                        {"placeholder", words.translate("Address, name, domain, selector")}});
    for (std::size_t i = 0; i < model::sender_groups; ++i)
      box({"data-group", i}, words.group(static_cast<model::SenderGroup>(i)), true);
    box({"class", "failing"}, words.translate("only with failures"), false);
    box({"class", "apart"}, words.translate("each address separately"), false);
  });
}

void write_sender(const DomainContext& to, const model::PageSender& sender) {
  auto& html = to.html;
  const auto& words = to.words;
  const auto group = model::to_text(sender.group);
  html.open("tr", {{"role", "row"}, {"class", "sender"}});
  html.in("td", {{"role", "cell"}, {"class", "c-name"}}, [&] {
    html.line("b", sender.name.empty() ? words.nameless(sender.group) : sender.name);
    html.line("div", {{"class", "dim small"}},
              words.translate_n("{} address", "{} addresses", static_cast<std::int64_t>(sender.addresses)));
  });
  html.line("td", {{"role", "cell"}, {"class", "num c-n"}}, words.number(sender.fate.messages()));
  html.in("td", {{"role", "cell"}, {"class", "c-class"}}, [&] {
    html.line("span", {{"class", fmt::format("dot {}", group)}}, "");
    html.text(" " + words.group(sender.group));
  });
  html.line("td", {{"role", "cell"}, {"class", "num c-pass"}}, words.share(sender.fate.passed, sender.fate.messages()));
  html.in("td", {{"role", "cell"}, {"class", "c-bar"}}, [&] { write_bar(html, sender.fate); });
  html.line("td", {{"role", "cell"}, {"class", "num c-q"}}, words.number(sender.fate.quarantined));
  html.line("td", {{"role", "cell"}, {"class", "num c-r"}}, words.number(sender.fate.rejected));
  html.line("td", {{"role", "cell"}, {"class", "c-seen"}}, words.span(sender.first_day, sender.last_day));
  html.close();
}

void write_sender_table(const DomainContext& to) {
  auto& html = to.html;
  const auto& words = to.words;
  open_scroll(html, words.translate("Senders"));
  html.open("table", {{"class", "sources"}, {"role", "table"}});
  html.in("thead", {{"role", "rowgroup"}}, [&] {
    html.in("tr", {{"role", "row"}}, [&] {
      write_head(html, "", words.translate("Sender"), "source");
      write_head(html, "num", words.translate("Messages"), "messages");
      write_head(html, "", words.translate("Class"), "group");
      write_head(html, "num", words.translate("Pass"), "pass");
      write_head(html, "", words.translate("Result"));
      write_head(html, "num", words.translate("Quarantined"), "quarantined");
      write_head(html, "num", words.translate("Rejected"), "rejected");
      write_head(html, "", words.translate("Seen"), "seen");
    });
  });
  html.in("tbody", {{"role", "rowgroup"}}, [&] {
    for (std::size_t i = 0; i < std::min(most_senders, to.domain.senders.size()); ++i)
      write_sender(to, to.domain.senders[i]);
  });
  html.close();
  html.close();
}

std::string key_state(const model::PageSelector& key, const Words& words) {
  if (!key.status) return words.translate("not asked");
  switch (*key.status) {
    case model::DnsRecordStatus::ok:
      return words.translate("published");
    case model::DnsRecordStatus::broken:
      return words.translate("broken or revoked");
    case model::DnsRecordStatus::none:
      break;
  }
  return words.translate("removed");
}

std::string listed(const std::vector<std::string>& names, const Words& words) {
  constexpr std::size_t most = 3;
  if (names.empty()) return words.translate("nobody in these days");
  std::string text;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > most)
    text += ' ' + words.translate_n("and {} more", "and {} more", static_cast<std::int64_t>(names.size() - most));
  return text;
}

void write_selector(const DomainContext& to, const model::PageSelector& key) {
  auto& html = to.html;
  html.open("tr");
  html.in("td", {}, [&] {
    html.line("code", key.selector);
    if (key.domain != to.domain.name) html.line("div", {{"class", "dim small"}}, key.domain);
  });
  html.in("td", {}, [&] {
    html.text(listed(key.senders, to.words));
    html.line("div", {{"class", "dim small"}}, key_state(key, to.words));
  });
  write_cell(html, "num", to.words.number(key.passed));
  write_cell(html, "num", to.words.number(key.failed));
  write_cell(html, "", key.last_day ? to.words.day(*key.last_day) : "\xE2\x80\x93");
  html.close();
}

void write_heads(html::Writer& html, std::initializer_list<std::pair<std::string_view, std::string>> heads) {
  html.in("thead", {}, [&] {
    html.in("tr", {}, [&] {
      for (const auto& [kind, name] : heads) html.line("th", {{"scope", "col"}, {"class", kind}}, name);
    });
  });
}

}  // namespace

void write_senders(const DomainContext& to) {
  const auto& words = to.words;
  open_card(to,
            {"s", "", words.translate("Senders"),
             words.translate("Who sent in the name of the domain. Open one to see its addresses, how its mail came, "
                             "and failure samples."),
             "sourcecard long"});
  write_filters(to);
  to.html.line("p", {{"class", "told dim small js"}, {"role", "status"}}, "");
  write_sender_table(to);
  to.html.line("button", {{"type", "button"}, {"class", "more js"}, {"hidden"}}, "");
  if (to.domain.senders.size() > most_senders)
    to.html.line("p", {{"class", "dim small noscript"}},
                 words.translate_n("{} more sender: the script of this page shows it.",
                                   "{} more senders: the script of this page shows them.",
                                   static_cast<std::int64_t>(to.domain.senders.size() - most_senders)));
  if (const auto folded = folded_addresses(to.domain); folded > 0)
    to.html.line(
        "p", {{"class", "dim small"}},
        words.translate_n("To keep this page small, {} address that sent little or long ago is folded into the last "
                          "row of its sender. All of them: ruaudit page with a higher --limit, or --domain.",
                          "To keep this page small, {} addresses that sent little or long ago are folded into one row "
                          "per sender. All of them: ruaudit page with a higher --limit, or --domain.",
                          static_cast<std::int64_t>(folded)));
  if (to.domain.samples_left_out > 0)
    to.html.line("p", {{"class", "dim small"}},
                 words.translate_n("{} older failure sample is not on this page.",
                                   "{} older failure samples are not on this page.", to.domain.samples_left_out));
  to.html.close();
}

void write_selectors(const DomainContext& to) {
  auto& html = to.html;
  const auto& words = to.words;
  open_card(to, {"k", "w6", words.translate("DKIM selectors"),
                 words.translate("Keys of the domain, who signs with them, and what receivers found."), ""});
  if (to.domain.selectors.empty()) {
    html.line("p", {{"class", "dim"}}, words.translate("No signature of the domain was seen."));
    html.close();
    return;
  }
  open_scroll(html, words.translate("DKIM selectors"));
  html.open("table");
  write_heads(html, {{"", words.translate("Selector")},
                     {"", words.translate("Used by")},
                     {"num", words.translate("Pass")},
                     {"num", words.translate("Fail")},
                     {"", words.translate("Last pass")}});
  constexpr std::size_t most = 40;
  const auto shown = std::min(most, to.domain.selectors.size());
  html.in("tbody", {}, [&] {
    for (std::size_t i = 0; i < shown; ++i) write_selector(to, to.domain.selectors[i]);
  });
  html.close();
  html.close();
  if (to.domain.selectors.size() > shown)
    html.line(
        "p", {{"class", "dim small"}},
        words.translate_n("and {} more", "and {} more", static_cast<std::int64_t>(to.domain.selectors.size() - shown)));
  html.close();
}

namespace {
std::string no_terms(const model::PageDomain& domain, const Words& words) {
  if (!domain.spf_record.empty()) return words.translate("The record cannot be read:");
  if (domain.spf_status == model::DnsRecordStatus::none)
    return words.translate("DNS has no SPF record of this domain.");
  return words.translate("Not known: 'ruaudit enrich' asks DNS for the record.");
}
}  // namespace

void write_spf(const DomainContext& to) {
  auto& html = to.html;
  const auto& words = to.words;
  int sum = 0;
  bool is_complete = true;
  for (const auto& term : to.domain.spf_terms) {
    sum += term.look_ups;
    is_complete = is_complete && term.is_complete;
  }
  std::string sub;
  if (!to.domain.spf_terms.empty())
    sub = is_complete ? words.fill("{} of 10 DNS lookups used.", std::to_string(sum))
                      : words.fill("At least {} of 10 DNS lookups used.", std::to_string(sum));
  open_card(to, {"t", "w6", words.translate("SPF terms"), sub, ""});
  if (to.domain.spf_terms.empty()) {
    html.line("p", {{"class", "dim"}}, no_terms(to.domain, words));
    if (!to.domain.spf_record.empty()) html.line("pre", to.domain.spf_record);
    html.close();
    return;
  }
  open_scroll(html, words.translate("SPF terms"));
  html.open("table");
  write_heads(
      html, {{"", words.translate("Term")}, {"num", words.translate("Lookups")}, {"num", words.translate("Messages")}});
  html.in("tbody", {}, [&] {
    for (const auto& term : to.domain.spf_terms)
      html.in("tr", {}, [&] {
        html.in("td", {}, [&] { html.line("code", term.text); });
        write_cell(html, "num", (term.is_complete ? "" : "\xE2\x89\xA5 ") + std::to_string(term.look_ups));
        write_cell(html, "num", words.number(term.messages));
      });
  });
  html.close();
  html.close();
  html.line("p", {{"class", "dim small"}},
            words.translate("Messages from addresses that the term lets pass today, whatever their sender."));
  html.close();
}

void write_domains(const Context& to) {
  auto& html = to.html;
  const auto& words = to.words;
  html.open("section", {{"class", "card long"}, {"id", "all"}, {"aria-labelledby", "all-h"}});
  html.line("h2", {{"id", "all-h"}}, words.translate("All domains"));
  open_scroll(html, words.translate("All domains"));
  html.open("table", {{"class", "domains"}});
  write_heads(html, {{"", words.translate("Domain")},
                     {"", words.translate("State")},
                     {"", words.translate("Policy")},
                     {"num", words.translate("Messages")},
                     {"num", words.translate("Pass")}});
  html.open("tbody");
  for (std::size_t i = 0; i < to.facts.domains.size(); ++i) {
    const auto& domain = to.facts.domains[i];
    html.in("tr", {}, [&] {
      html.in("td", {}, [&] {
        html.line("span", {{"class", fmt::format("dot {}", state_of(domain))}}, "");
        html.text(" ");
        html.line("a", {html::Anchor{fmt::format("d{}", i)}}, domain.name);
      });
      write_cell(html, "", state_words(domain, words));
      write_cell(html, "", domain.policies.empty() ? "\xE2\x80\x93" : "p=" + domain.policies.back().p);
      write_cell(html, "num", words.number(domain.fate.messages()));
      write_cell(
          html, "num",
          domain.fate.messages() == 0 ? "\xE2\x80\x93" : words.share(domain.fate.passed, domain.fate.messages()));
    });
  }
  html.close();
  html.close();
  html.close();
  html.close();
}

}  // namespace ruaudit::report::page
