#include "class_tables.hpp"

namespace ruaudit::assess::test {

const std::vector<Decided>& trap_table() {
  static const std::vector<Decided> rows = {
      {"one address, three roles",
       [](auto& b) {
         workspace(b);
         b.key("s1", "s1.domainkey.u1.wl.sendgrid.net")
             .name("198.51.100.6", "o1.outbound-mail.sendgrid.net")
             .row({.address = "198.51.100.6",
                   .dkim = "example.org/s1 pass",
                   .spf = "sendgrid.net pass",
                   .messages = 4000})
             .row({.address = "198.51.100.1", .dkim = "example.org/s1 pass", .spf = "gmail.com pass", .messages = 50})
             .row({.address = "198.51.100.1",
                   .dkim = "other.example/google pass",
                   .spf = "other.example pass",
                   .messages = 5,
                   .days = 2});
       },
       "198.51.100.1", "service_aligned Google Workspace + forwarder + stranger"},
      {"another customer of the same service, by his envelope",
       [](auto& b) {
         workspace(b);
         b.row({.address = "198.51.100.1", .spf = "spammer.example pass", .messages = 5, .days = 2});
       },
       "198.51.100.1", "service_aligned Google Workspace + stranger"},
      {"another customer of the same carrier, by his signature",
       [](auto& b) {
         b.name("198.51.100.6", "o1.outbound-mail.sendgrid.net")
             .row({.address = "198.51.100.6",
                   .dkim = "spammer.example/s1 pass",
                   .spf = "sendgrid.net pass",
                   .messages = 5,
                   .days = 2});
       },
       "198.51.100.6", "stranger"},
      {"a service's address inside the owner's SPF is the service's",
       [](auto& b) {
         b.name("198.51.100.6", "o1.outbound-mail.sendgrid.net")
             .spf_today("198.51.100.6", "ip4:198.51.100.6")
             .row({.address = "198.51.100.6", .spf = "example.org pass"});
       },
       "198.51.100.6", "service_aligned SendGrid"},
      {"shared hosting: another customer's envelope passes",
       [](auto& b) {
         b.name("198.51.100.9", "mout21.kundenserver.de")
             .row({.address = "198.51.100.9", .spf = "neighbour.example pass", .messages = 4, .days = 2});
       },
       "198.51.100.9", "stranger"},
      {"shared hosting: the owner's mail from the same host",
       [](auto& b) {
         b.name("198.51.100.9", "mout21.kundenserver.de").row({.address = "198.51.100.9", .spf = "example.org pass"});
       },
       "198.51.100.9", "service_aligned IONOS"},
      {"a backup MX of the owner's carries signed mail of a service",
       [](auto& b) {
         workspace(b);
         b.name("192.0.2.15", "mx2.example.org")
             .row({.address = "192.0.2.15", .dkim = "example.org/google pass", .spf = "example.org fail"});
       },
       "192.0.2.15", "own_aligned"},
      {"a made-up signature of the owner's proves nothing",
       [](auto& b) {
         workspace(b);
         b.row({.address = "203.0.113.9",
                .dkim = "example.org/default permerror",
                .spf = "example.org softfail",
                .messages = 3,
                .days = 1});
       },
       "203.0.113.9", "stranger"},
      {"a copied selector with a broken signature, envelope of the owner's",
       [](auto& b) {
         workspace(b);
         b.row({.address = "203.0.113.9",
                .dkim = "example.org/google fail",
                .spf = "example.org softfail",
                .messages = 3,
                .days = 1});
       },
       "203.0.113.9", "stranger"},
      {"a stranger who signs and passes SPF for himself",
       [](auto& b) {
         workspace(b);
         b.row({.address = "203.0.113.9",
                .dkim = "absender.example/k1 pass",
                .spf = "absender.example pass",
                .messages = 3,
                .days = 1});
       },
       "203.0.113.9", "stranger"},
      {"a reverse name of the owner's that does not lead back",
       [](auto& b) {
         b.name("203.0.113.9", "mail9.example.org", false)
             .row({.address = "203.0.113.9", .spf = "example.org softfail", .messages = 3, .days = 1});
       },
       "203.0.113.9", "stranger"},
      {"a confirmed reverse name of a stranger's own",
       [](auto& b) {
         b.name("203.0.113.9", "vps9.cloud.example")
             .row({.address = "203.0.113.9", .spf = "example.org softfail", .messages = 3, .days = 1});
       },
       "203.0.113.9", "stranger"},
      {"a receiver says forwarded, nothing else does",
       [](auto& b) {
         b.row({.address = "203.0.113.9", .spf = "example.org fail", .messages = 3, .days = 1, .marks = "forwarded"});
       },
       "203.0.113.9", "stranger"},
      {"a steady unknown is asked about, no forger",
       [](auto& b) { b.row({.address = "203.0.113.25", .spf = "example.org fail", .messages = 1500}); }, "203.0.113.25",
       "unknown_steady"},
      {"steady at ten messages a day",
       [](auto& b) {
         b.row({.address = "203.0.113.25", .spf = "example.org fail", .messages = 10, .days = 10})
             .row({.address = "203.0.113.25", .messages = 14, .days = 10});
       },
       "203.0.113.25", "unknown_steady"},
      {"four days are not yet steady",
       [](auto& b) { b.row({.address = "203.0.113.25", .spf = "example.org fail", .messages = 4000, .days = 4}); },
       "203.0.113.25", "stranger"},
      {"nineteen messages are not yet steady",
       [](auto& b) { b.row({.address = "203.0.113.25", .spf = "example.org fail", .messages = 19, .days = 10}); },
       "203.0.113.25", "stranger"},
      {"weekends without mail do not hide a steady sender",
       [](auto& b) {
         for (int week = 0; week < 4; ++week)
           b.row({.address = "203.0.113.25",
                  .spf = "example.org fail",
                  .messages = 25,
                  .days = 5,
                  .first_day = 20000 + 7 * week});
       },
       "203.0.113.25", "unknown_steady"},
      {"own server and a neighbour behind one address (CGNAT)",
       [](auto& b) {
         b.row({.address = "192.0.2.30", .spf = "example.org pass"})
             .row({.address = "192.0.2.30", .spf = "neighbour.example pass", .messages = 4, .days = 2});
       },
       "192.0.2.30", "own_aligned + stranger"},
      {"own server renumbered, without SPF yet",
       [](auto& b) {
         web_server(b);
         b.name("192.0.2.99", "web9.example.org")
             .row({.address = "192.0.2.99", .dkim = "example.org/web pass", .spf = "example.org fail"});
       },
       "192.0.2.99", "own_aligned"},
      {"a list that rewrites From and signs: its own domain, nothing of the owner's",
       [](auto& b) {
         b.row({.address = "203.0.113.60",
                .dkim = "lists.club.example.net/l pass",
                .spf = "lists.club.example.net pass",
                .messages = 3,
                .days = 2});
       },
       "203.0.113.60", "stranger"},
      {"a one-message reporter makes nobody steady",
       [](auto& b) {
         b.row({.address = "203.0.113.25", .spf = "example.org fail", .messages = 1, .days = 1, .reporters = 1});
       },
       "203.0.113.25", "stranger"},
      {"a dedicated address of a service below the owner's name",
       [](auto& b) {
         b.name("198.51.100.6", "o1.em.example.org")
             .key("s1", "s1.domainkey.u1.wl.sendgrid.net")
             .row({.address = "198.51.100.6", .dkim = "example.org/s1 pass", .spf = "em.example.org pass"});
       },
       "198.51.100.6", "service_aligned SendGrid"},
      {"a forwarder that passes SPF of a service's customer",
       [](auto& b) {
         workspace(b);
         b.name("203.0.113.40", "mail-ua1.registrar-servers.com")
             .row({.address = "203.0.113.40",
                   .dkim = "example.org/google pass",
                   .spf = "registrar-servers.com pass",
                   .messages = 60});
       },
       "203.0.113.40", "forwarder"},
      {"a service's signature on mail that a forwarder passes on",
       [](auto& b) {
         b.row({.address = "203.0.113.40",
                .dkim = "sendgrid.net/smtpapi pass",
                .spf = "uni.example.net pass",
                .messages = 4,
                .days = 2});
       },
       "203.0.113.40", "stranger"},
      {"an own key on an address that also forwards",
       [](auto& b) {
         workspace(b);
         web_server(b);
         b.row({.address = "192.0.2.10", .dkim = "example.org/google pass", .spf = "example.org fail", .messages = 20});
       },
       "192.0.2.10", "own_aligned"},
      {"a host named after its own address at a mailbox provider is the owner's rented server",
       [](auto& b) {
         b.name("192.0.2.50", "ip-192-0-2-50.ip.secureserver.net")
             .spf_today("192.0.2.50", "ip4:192.0.2.50")
             .row({.address = "192.0.2.50", .spf = "example.org pass"});
       },
       "192.0.2.50", "own_aligned"},
      {"receivers mark a part of a list's mail: all of it is a list's",
       [](auto& b) {
         workspace(b);
         b.row({.address = "203.0.113.60",
                .dkim = "example.org/google fail",
                .spf = "club.example.net pass",
                .messages = 10,
                .marks = "mailing_list"})
             .row({.address = "203.0.113.60",
                   .dkim = "example.org/google fail",
                   .spf = "club.example.net pass",
                   .messages = 60});
       },
       "203.0.113.60", "mailing_list"},
      {"a bystander with a holder's key, envelope empty",
       [](auto& b) {
         b.name("192.0.2.13", "static.hoster.example")
             .row({.address = "192.0.2.13", .dkim = "example.org/erp pass", .messages = 900})
             .name("203.0.113.40", "relay1.uni.example.net")
             .row({.address = "203.0.113.40", .dkim = "example.org/erp pass", .messages = 30});
       },
       "203.0.113.40", "forwarder"},
      {"a second host of the holder's, beside the first",
       [](auto& b) {
         b.name("192.0.2.13", "erp1.hoster.example")
             .row({.address = "192.0.2.13", .dkim = "example.org/erp pass", .messages = 900})
             .name("192.0.2.14", "erp2.hoster.example")
             .row({.address = "192.0.2.14", .dkim = "example.org/erp pass", .messages = 30});
       },
       "192.0.2.14", "own_aligned"},
      {"a service that fails today is still named by the include that let it pass",
       [](auto& b) {
         b.spf_today("198.51.100.4", "include:mailgun.org")
             .row({.address = "198.51.100.4", .spf = "example.org pass", .days = 20})
             .row({.address = "198.51.100.4", .spf = "example.org softfail", .days = 10, .first_day = 20020});
       },
       "198.51.100.4", "service_aligned Mailgun + service_not_aligned Mailgun"},
  };
  return rows;
}

}  // namespace ruaudit::assess::test
