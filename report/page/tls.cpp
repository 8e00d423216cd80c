// What servers that deliver to the domain tell of TLS (RFC 8460): sessions, what failed and where, policy and sums a
// day.
#include <algorithm>

#include "report/page/sections.hpp"

namespace ruaudit::report::page {
namespace {

constexpr std::size_t most_tls_failures = 20;

void open_tls_table(const DomainContext& to, const std::string& label,
                    std::initializer_list<std::pair<std::string_view, std::string>> heads) {
  auto& html = to.html;
  html.open("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "group"}, {"aria-label", label}});
  html.open("table");
  html.in("thead", {}, [&] {
    html.in("tr", {}, [&] {
      for (const auto& [kind, name] : heads) html.line("th", {{"scope", "col"}, {"class", kind}}, name);
    });
  });
}

void close_tls_table(const DomainContext& to) {
  to.html.close();
  to.html.close();
}

void write_tls_failures(const DomainContext& to) {
  auto& html = to.html;
  const auto& words = to.words;
  const auto& failures = to.domain.tls.failures;
  const auto shown = std::min(most_tls_failures, failures.size());
  open_tls_table(to, words.translate("What failed"),
                 {{"", words.translate("What failed")},
                  {"num", words.translate("Sessions")},
                  {"num", words.translate("Reporters")},
                  {"", words.translate("Seen")}});
  html.in("tbody", {}, [&] {
    for (std::size_t i = 0; i < shown; ++i)
      html.in("tr", {}, [&] {
        html.in("td", {}, [&] {
          html.line("code", failures[i].result);
          if (!failures[i].host.empty()) html.line("div", {{"class", "dim small"}}, failures[i].host);
        });
        write_cell(html, "num", words.number(failures[i].sessions));
        write_cell(html, "num", words.number(failures[i].reporters));
        write_cell(html, "", words.span(failures[i].first_day, failures[i].last_day));
      });
  });
  close_tls_table(to);
  if (failures.size() > shown)
    html.line("p", {{"class", "dim small"}},
              words.translate_n("and {} more", "and {} more", static_cast<std::int64_t>(failures.size() - shown)));
}

void write_tls_days(const DomainContext& to) {
  auto& html = to.html;
  const auto& words = to.words;
  html.open("details", {{"class", "figures-table"}});
  html.line("summary", words.translate("Figures as a table"));
  open_tls_table(to, words.translate("Figures as a table"),
                 {{"", words.translate("Day")},
                  {"", words.translate("Policy")},
                  {"num", words.translate("Sessions")},
                  {"num", words.translate("Failed")}});
  html.in("tbody", {}, [&] {
    for (const auto& day : to.domain.tls.days)
      html.in("tr", {}, [&] {
        std::string policies;
        for (const auto& type : day.policies) policies += (policies.empty() ? "" : ", ") + type;
        write_cell(html, "", words.day(day.day));
        write_cell(html, "", policies);
        write_cell(html, "num", words.number(day.successful + day.failed));
        write_cell(html, "num", words.number(day.failed));
      });
  });
  close_tls_table(to);
  html.close();
}

}  // namespace

void write_tls(const DomainContext& to) {
  const auto& tls = to.domain.tls;
  if (tls.days.empty()) return;
  const auto& words = to.words;
  std::int64_t successful = 0, failed = 0;
  for (const auto& day : tls.days) {
    successful += day.successful;
    failed += day.failed;
  }
  open_card(to, {"e", "", words.translate("Encrypted delivery to the domain"),
                 words.fill("{} of {} sessions failed, as {} reported.", words.number(failed),
                            words.number(successful + failed),
                            words.translate_n("{} reporter", "{} reporters", tls.reporters)),
                 "long"});
  if (!tls.failures.empty()) write_tls_failures(to);
  write_tls_days(to);
  to.html.close();
}

}  // namespace ruaudit::report::page
