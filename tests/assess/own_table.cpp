#include "class_tables.hpp"

namespace ruaudit::assess::test {

const std::vector<Decided>& own_table() {
  static const std::vector<Decided> rows = {
      {"own host, both pass", web_server, "192.0.2.10", "own_aligned"},
      {"a hoster's host in the owner's SPF is the owner's",
       [](auto& b) {
         b.name("192.0.2.12", "static-12.hoster.example")
             .spf_today("192.0.2.12", "ip4:192.0.2.12")
             .row({.address = "192.0.2.12", .dkim = "example.org/web pass", .spf = "example.org pass"});
       },
       "192.0.2.12", "own_aligned"},
      {"SPF alone, without any reverse name",
       [](auto& b) { b.row({.address = "192.0.2.12", .spf = "example.org pass"}); }, "192.0.2.12", "own_aligned"},
      {"SPF of a subdomain's envelope",
       [](auto& b) { b.row({.address = "192.0.2.12", .spf = "bounce.example.org pass"}); }, "192.0.2.12",
       "own_aligned"},
      {"a rented server at a cloud is the owner's, not a service",
       [](auto& b) {
         b.name("192.0.2.12", "static.1.2.3.4.clients.your-server.de")
             .spf_today("192.0.2.12", "ip4:192.0.2.12")
             .row({.address = "192.0.2.12", .spf = "example.org pass"});
       },
       "192.0.2.12", "own_aligned"},
      {"DKIM alone from a host of the owner's",
       [](auto& b) {
         b.name("192.0.2.13", "erp.example.org").row({.address = "192.0.2.13", .dkim = "example.org/erp pass"});
       },
       "192.0.2.13", "own_aligned"},
      {"DKIM alone, the only holder of the key",
       [](auto& b) { b.row({.address = "192.0.2.13", .dkim = "example.org/erp pass"}); }, "192.0.2.13", "own_aligned"},
      {"DKIM from an address that the owner's MX names",
       [](auto& b) {
         workspace(b);
         b.host("mx2.example.org", "192.0.2.14").row({.address = "192.0.2.14", .dkim = "example.org/google pass"});
       },
       "192.0.2.14", "own_aligned"},
      {"own host that passes by neither",
       [](auto& b) {
         b.name("192.0.2.15", "printer.example.org").row({.address = "192.0.2.15", .spf = "example.org fail"});
       },
       "192.0.2.15", "own_failing"},
      {"own server that lost its SPF and its key",
       [](auto& b) {
         b.row({.address = "192.0.2.12", .spf = "example.org pass", .days = 20})
             .row({.address = "192.0.2.12", .spf = "example.org fail", .days = 10, .first_day = 20020});
       },
       "192.0.2.12", "own_aligned + own_failing"},
      {"own server renumbered to a neighbour address signs with its key",
       [](auto& b) {
         web_server(b);
         b.row({.address = "192.0.2.77", .dkim = "example.org/web pass", .spf = "example.org fail"});
       },
       "192.0.2.77", "own_aligned"},
      {"single broken signatures leave an own server the owner's",
       [](auto& b) {
         web_server(b);
         b.row({.address = "192.0.2.10", .dkim = "example.org/web fail", .spf = "example.org pass", .messages = 3});
       },
       "192.0.2.10", "own_aligned"},
      {"own host, made-up subdomain in From",
       [](auto& b) {
         b.name("192.0.2.10", "web1.example.org")
             .row({.address = "192.0.2.10", .spf = "example.org pass", .header_from = "shop.example.org"});
       },
       "192.0.2.10", "own_aligned"},
      {"null sender with HELO of an own host",
       [](auto& b) {
         b.name("192.0.2.16", "mail.example.org")
             .row({.address = "192.0.2.16", .dkim = "example.org/mx pass", .spf = "mail.example.org none"});
       },
       "192.0.2.16", "own_aligned"},
      {"a sender whom the owner's SPF includes by a name no list knows",
       [](auto& b) {
         b.spf_today("192.0.2.20", "include:spf.agency.example")
             .row({.address = "192.0.2.20", .spf = "example.org pass"});
       },
       "192.0.2.20", "own_aligned"},
      {"aligned by strict names below the policy domain",
       [](auto& b) {
         b.row({.address = "192.0.2.12", .dkim = "shop.example.org/s1 pass", .header_from = "shop.example.org"});
       },
       "192.0.2.12", "own_aligned"},
      {"SPF by a mx mechanism, reverse name of the hoster",
       [](auto& b) {
         b.name("192.0.2.21", "mx1.hoster.example")
             .spf_today("192.0.2.21", "mx")
             .row({.address = "192.0.2.21", .spf = "example.org pass"});
       },
       "192.0.2.21", "own_aligned"},
      {"own IPv6 host",
       [](auto& b) {
         b.row({.address = "2001:db8:77::25", .dkim = "example.org/web pass", .spf = "example.org pass"});
       },
       "2001:db8:77::25", "own_aligned"},
      {"own IPv6 host beside a listed one, not in SPF yet",
       [](auto& b) {
         b.row({.address = "2001:db8:77::25", .dkim = "example.org/web pass", .spf = "example.org pass"})
             .row({.address = "2001:db8:77::26", .dkim = "example.org/web pass", .spf = "example.org softfail"});
       },
       "2001:db8:77::26", "own_aligned"},
      {"own IPv6 host by its reverse name, passing by neither",
       [](auto& b) {
         b.name("2001:db8:77::27", "mail6.example.org")
             .row({.address = "2001:db8:77::27", .spf = "example.org softfail", .messages = 1500});
       },
       "2001:db8:77::27", "own_failing"},
      {"key rotation: both selectors on one host",
       [](auto& b) {
         b.row({.address = "192.0.2.10", .dkim = "example.org/old pass", .spf = "example.org pass", .days = 20})
             .row({.address = "192.0.2.10",
                   .dkim = "example.org/new pass",
                   .spf = "example.org pass",
                   .days = 10,
                   .first_day = 20020});
       },
       "192.0.2.10", "own_aligned"},
      {"own key gone, SPF gone, host named after the owner",
       [](auto& b) {
         web_server(b);
         b.row(
             {.address = "192.0.2.10", .dkim = "example.org/web permerror", .spf = "example.org fail", .messages = 40});
       },
       "192.0.2.10", "own_aligned + own_failing"},
      {"an address of the owner's domain name itself, unsigned",
       [](auto& b) {
         b.host("example.org", "192.0.2.18").row({.address = "192.0.2.18", .spf = "example.org softfail"});
       },
       "192.0.2.18", "own_failing"},
      {"one message is enough for who proves himself",
       [](auto& b) {
         b.row({.address = "192.0.2.12", .spf = "example.org pass", .messages = 1, .days = 1, .reporters = 1});
       },
       "192.0.2.12", "own_aligned"},
      {"month-end bursts of an own server",
       [](auto& b) {
         for (int month = 0; month < 3; ++month)
           b.row({.address = "192.0.2.12",
                  .dkim = "example.org/erp pass",
                  .spf = "example.org pass",
                  .messages = 5000,
                  .days = 2,
                  .first_day = 20000 + 30 * month});
       },
       "192.0.2.12", "own_aligned"},
      {"a second server with the key of the first, which SPF does not list: no return path",
       [](auto& b) {
         web_server(b);
         b.name("203.0.113.77", "cloud7.hoster.example.net")
             .row({.address = "203.0.113.77",
                   .dkim = "example.org/web pass",
                   .messages = 200,
                   .days = 13,
                   .first_day = 20015});
       },
       "203.0.113.77", "own_aligned"},
      {"the same with the owner's return path, and as much mail as the first sends meanwhile",
       [](auto& b) {
         web_server(b);
         b.row({.address = "203.0.113.77",
                .dkim = "example.org/web pass",
                .spf = "example.org softfail",
                .messages = 400,
                .days = 13,
                .first_day = 20015});
       },
       "203.0.113.77", "own_aligned"},
  };
  return rows;
}

}  // namespace ruaudit::assess::test
