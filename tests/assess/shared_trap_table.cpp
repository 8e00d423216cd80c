#include "class_tables.hpp"

namespace ruaudit::assess::test {

// Traps of shared addresses, look-alike names and time.
const std::vector<Decided>& shared_trap_table() {
  static const std::vector<Decided> rows = {
      {"shared hosting: a neighbour's envelope, and the owner's mail from the same address",
       [](auto& b) {
         b.name("198.51.100.9", "mout21.kundenserver.de")
             .row({.address = "198.51.100.9", .dkim = "example.org/s1-ionos pass", .spf = "example.org pass"})
             .row({.address = "198.51.100.9", .spf = "neighbour.example pass", .messages = 4, .days = 2});
       },
       "198.51.100.9", "service_aligned IONOS + stranger"},
      {"a spoofer behind the owner's own ESP, with the ESP's shared return path, cannot be told from the owner",
       [](auto& b) {
         b.key("s1", "s1.domainkey.u1.wl.sendgrid.net")
             .name("198.51.100.6", "o1.outbound-mail.sendgrid.net")
             .row({.address = "198.51.100.6", .dkim = "example.org/s1 pass", .spf = "sendgrid.net pass"})
             .row({.address = "198.51.100.6", .spf = "sendgrid.net pass", .messages = 3, .days = 1});
       },
       "198.51.100.6", "service_aligned SendGrid + service_not_aligned SendGrid"},
      {"a spoofer behind the same ESP who signs with his own domain",
       [](auto& b) {
         b.key("s1", "s1.domainkey.u1.wl.sendgrid.net")
             .name("198.51.100.6", "o1.outbound-mail.sendgrid.net")
             .row({.address = "198.51.100.6", .dkim = "example.org/s1 pass", .spf = "sendgrid.net pass"})
             .row({.address = "198.51.100.6",
                   .dkim = "spoof.example/s1 pass",
                   .spf = "sendgrid.net pass",
                   .messages = 3});
       },
       "198.51.100.6", "service_aligned SendGrid + stranger"},
      {"a second domain of the service's that signs beside its first for senders that have nothing in common",
       [](auto& b) {
         b.name("198.51.100.6", "o1.outbound-mail.sendgrid.net");
         for (const auto* customer : {"one.example", "two.example", "three.example"})
           b.row({.address = "198.51.100.6",
                  .dkim = "sendgrid.net/s1 pass, sg-second.example/a pass, " + std::string(customer) + "/k pass",
                  .spf = "sendgrid.net pass",
                  .messages = 1,
                  .days = 1});
         b.name("198.51.100.7", "o2.outbound-mail.sendgrid.net")
             .row({.address = "198.51.100.7",
                   .dkim = "sendgrid.net/s1 pass, sg-second.example/a pass",
                   .spf = "sendgrid.net pass"});
       },
       "198.51.100.7", "service_not_aligned SendGrid"},
      {"another customer's domain that signs beside the service's for himself alone",
       [](auto& b) {
         b.name("198.51.100.7", "o2.outbound-mail.sendgrid.net")
             .row({.address = "198.51.100.7",
                   .dkim = "sendgrid.net/s1 pass, spoof.example/a pass",
                   .spf = "bounce.spoof.example pass",
                   .messages = 3,
                   .days = 1});
       },
       "198.51.100.7", "stranger"},
      {"a domain that signs beside the service's on the owner's own mail",
       [](auto& b) {
         b.name("198.51.100.6", "o1.outbound-mail.sendgrid.net")
             .row({.address = "198.51.100.6",
                   .dkim = "example.org/s1 pass, sendgrid.net/s1 pass, sg-second.example/a pass",
                   .spf = "em.example.org pass"})
             .row({.address = "198.51.100.6",
                   .dkim = "sendgrid.net/s1 pass, sg-second.example/a pass",
                   .spf = "sendgrid.net pass"});
       },
       "198.51.100.6", "service_aligned SendGrid + service_not_aligned SendGrid"},
      {"a name beside the service's host that no list knows",
       [](auto& b) {
         b.name("198.51.100.9", "mout21.kundenserver.de")
             .row({.address = "198.51.100.9", .dkim = "relay.kundenserver.de/a pass", .spf = "example.org softfail"});
       },
       "198.51.100.9", "service_not_aligned IONOS"},
      {"a forwarder whose host has the owner's name in front of its own",
       [](auto& b) {
         workspace(b);
         b.name("203.0.113.40", "example.org.relay.example.net")
             .row({.address = "203.0.113.40", .dkim = "example.org/google pass", .spf = "relay.example.net pass"});
       },
       "203.0.113.40", "forwarder"},
      {"a domain that only ends like the owner's is another's",
       [](auto& b) {
         b.row({.address = "203.0.113.9",
                .dkim = "notexample.org/s1 pass",
                .spf = "notexample.org pass",
                .messages = 3,
                .days = 1});
       },
       "203.0.113.9", "stranger"},
      {"a host that only ends like a service's is nobody's",
       [](auto& b) {
         b.name("203.0.113.9", "mail.fakesendgrid.net")
             .row({.address = "203.0.113.9", .spf = "example.org softfail", .messages = 3, .days = 1});
       },
       "203.0.113.9", "stranger"},
      {"a wave from forty addresses on made-up subdomains",
       [](auto& b) {
         b.row({.address = "203.0.113.25", .spf = "example.org fail", .messages = 300});
         for (int i = 0; i < 40; ++i)
           b.row({.address = "203.0.113." + std::to_string(100 + i),
                  .spf = "example.org softfail",
                  .messages = 3,
                  .days = 1,
                  .first_day = 20015,
                  .header_from = "billing.example.org"});
       },
       "203.0.113.120", "wave"},
      {"a steady unknown in the middle of a wave stays steady",
       [](auto& b) {
         b.row({.address = "203.0.113.25", .spf = "example.org fail", .messages = 300});
         for (int i = 0; i < 40; ++i)
           b.row({.address = "203.0.113." + std::to_string(100 + i),
                  .spf = "example.org softfail",
                  .messages = 3,
                  .days = 1,
                  .first_day = 20015});
       },
       "203.0.113.25", "unknown_steady"},
      {"a backup MX of a stranger's that carries a broken signature, unmarked and without an envelope of its own",
       [](auto& b) {
         workspace(b);
         b.row({.address = "203.0.113.9", .dkim = "example.org/google fail", .messages = 2, .days = 1});
       },
       "203.0.113.9", "stranger"},
      {"five days spread over a year are no steady sender",
       [](auto& b) {
         for (int i = 0; i < 6; ++i)
           b.row({.address = "203.0.113.25",
                  .spf = "example.org fail",
                  .messages = 40,
                  .days = 1,
                  .first_day = 20000 + 60 * i});
       },
       "203.0.113.25", "stranger"},
  };
  return rows;
}

}  // namespace ruaudit::assess::test
