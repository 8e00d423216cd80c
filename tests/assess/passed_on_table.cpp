#include "class_tables.hpp"

namespace ruaudit::assess::test {

const std::vector<Decided>& passed_on_table() {
  static const std::vector<Decided> rows = {
      {"signature came through, envelope rewritten",
       [](auto& b) {
         workspace(b);
         b.name("203.0.113.40", "relay1.alumni.example.net")
             .row({.address = "203.0.113.40",
                   .dkim = "example.org/google pass",
                   .spf = "alumni.example.net pass",
                   .messages = 60});
       },
       "203.0.113.40", "forwarder"},
      {"signature came through, envelope kept",
       [](auto& b) {
         workspace(b);
         b.name("203.0.113.40", "relay1.uni.example.net")
             .row({.address = "203.0.113.40",
                   .dkim = "example.org/google pass",
                   .spf = "example.org softfail",
                   .messages = 60});
       },
       "203.0.113.40", "forwarder"},
      {"the same without a reverse name",
       [](auto& b) {
         workspace(b);
         b.row(
             {.address = "203.0.113.40", .dkim = "example.org/google pass", .spf = "example.org fail", .messages = 60});
       },
       "203.0.113.40", "forwarder"},
      {"a forwarder with a signature of its own",
       [](auto& b) {
         workspace(b);
         b.row({.address = "203.0.113.40",
                .dkim = "example.org/google pass,alumni.example.net/a pass",
                .spf = "alumni.example.net pass",
                .messages = 60});
       },
       "203.0.113.40", "forwarder"},
      {"a forwarder that breaks the signature",
       [](auto& b) {
         workspace(b);
         b.row({.address = "203.0.113.40",
                .dkim = "example.org/google fail",
                .spf = "alumni.example.net pass",
                .messages = 60});
       },
       "203.0.113.40", "forwarder"},
      {"a forwarder that breaks the signature and signs itself",
       [](auto& b) {
         workspace(b);
         b.row({.address = "203.0.113.40",
                .dkim = "example.org/google fail,alumni.example.net/a pass",
                .spf = "alumni.example.net pass",
                .messages = 60});
       },
       "203.0.113.40", "forwarder"},
      {"a mailing list breaks and signs",
       [](auto& b) {
         workspace(b);
         b.name("203.0.113.60", "lists.club.example.net")
             .row({.address = "203.0.113.60",
                   .dkim = "example.org/google fail,lists.club.example.net/l pass",
                   .spf = "lists.club.example.net pass",
                   .messages = 60});
       },
       "203.0.113.60", "mailing_list"},
      {"a receiver calls it a list",
       [](auto& b) {
         workspace(b);
         b.row({.address = "203.0.113.60",
                .dkim = "example.org/google fail",
                .spf = "club.example.net pass",
                .messages = 60,
                .marks = "mailing_list"});
       },
       "203.0.113.60", "mailing_list"},
      {"a forwarding service by its return path",
       [](auto& b) {
         workspace(b);
         b.name("203.0.113.61", "mx1.forwardemail.net")
             .row({.address = "203.0.113.61",
                   .dkim = "example.org/google fail",
                   .spf = "forwardemail.net pass",
                   .messages = 60});
       },
       "203.0.113.61", "forwarder"},
      {"a forwarder of two of the owner's senders",
       [](auto& b) {
         workspace(b);
         web_server(b);
         b.row({.address = "203.0.113.40", .dkim = "example.org/google pass", .messages = 40})
             .row({.address = "203.0.113.40", .dkim = "example.org/web pass", .messages = 10});
       },
       "203.0.113.40", "forwarder"},
      {"a forwarder's mail without any signature stays its",
       [](auto& b) {
         workspace(b);
         b.row({.address = "203.0.113.40",
                .dkim = "example.org/google pass",
                .spf = "uni.example.net pass",
                .messages = 60})
             .row({.address = "203.0.113.40", .spf = "uni.example.net pass", .messages = 4});
       },
       "203.0.113.40", "forwarder"},
      {"a newsletter forwarded by a mailbox provider",
       [](auto& b) {
         b.key("s1", "s1.domainkey.u1.wl.sendgrid.net")
             .name("198.51.100.6", "o1.outbound-mail.sendgrid.net")
             .row({.address = "198.51.100.6",
                   .dkim = "example.org/s1 pass",
                   .spf = "sendgrid.net pass",
                   .messages = 4000})
             .name("198.51.100.1", "mail-sor-f21.google.com")
             .row({.address = "198.51.100.1", .dkim = "example.org/s1 pass", .spf = "gmail.com pass", .messages = 50});
       },
       "198.51.100.1", "forwarder"},
      {"a minor holder whose envelope passes for others is a forwarder, also where nobody passes SPF",
       [](auto& b) {
         b.row({.address = "192.0.2.13", .dkim = "example.org/erp pass", .messages = 900})
             .row({.address = "203.0.113.40",
                   .dkim = "example.org/erp pass",
                   .spf = "uni.example.net pass",
                   .messages = 30});
       },
       "203.0.113.40", "forwarder"},
      {"somebody else's return path is one, also where SPF finds no record for it",
       [](auto& b) {
         b.row({.address = "192.0.2.13", .dkim = "example.org/erp pass", .spf = "example.org pass", .messages = 900})
             .row({.address = "203.0.113.77",
                   .dkim = "example.org/erp pass",
                   .spf = "uni.example.net none",
                   .messages = 600,
                   .days = 13,
                   .first_day = 20015});
       },
       "203.0.113.77", "forwarder"},
      {"who keeps the return path in some reports is judged by that in those that leave it out, too",
       [](auto& b) {
         b.row({.address = "192.0.2.13",
                .dkim = "example.org/erp pass",
                .spf = "example.org pass",
                .messages = 600,
                .days = 13})
             .row({.address = "203.0.113.77",
                   .dkim = "example.org/erp pass",
                   .spf = "example.org softfail",
                   .messages = 20,
                   .days = 13})
             .row({.address = "203.0.113.77", .dkim = "example.org/erp pass", .messages = 380, .days = 13});
       },
       "203.0.113.77", "forwarder"},
      {"a forwarder of a newsletter that is signed with a key at a service",
       [](auto& b) {
         b.key("k2", "k2.mcsv.net")
             .name("198.51.100.3", "mail7.sea31.mcsv.net")
             .row({.address = "198.51.100.3", .dkim = "example.org/k2 pass", .spf = "mail7.sea31.mcsv.net pass"})
             .row({.address = "203.0.113.41",
                   .dkim = "example.org/k2 pass",
                   .spf = "uni.example.net pass",
                   .messages = 9});
       },
       "203.0.113.41", "forwarder"},
      {"a key that leads into a service, passed on by a mailbox provider, and the service itself never seen",
       [](auto& b) {
         b.key("k2", "k2.mcsv.net")
             .row({.address = "203.0.113.41", .dkim = "example.org/k2 pass", .spf = "uni.example.net pass"});
       },
       "203.0.113.41", "forwarder"},
      {"most unsigned, but its other mail was signed elsewhere",
       [](auto& b) {
         workspace(b);
         b.row({.address = "203.0.113.40",
                .dkim = "example.org/google pass",
                .spf = "uni.example.net pass",
                .messages = 60})
             .row({.address = "203.0.113.40", .spf = "example.org softfail", .messages = 30});
       },
       "203.0.113.40", "forwarder"},
      {"groups of a provider are lists",
       [](auto& b) {
         workspace(b);
         b.row({.address = "203.0.113.62",
                .dkim = "example.org/google fail,googlegroups.com/g pass",
                .spf = "googlegroups.com pass",
                .messages = 60});
       },
       "203.0.113.62", "mailing_list"},
      {"a list by the name of its host",
       [](auto& b) {
         workspace(b);
         b.name("203.0.113.63", "listserv.uni.example.net")
             .row({.address = "203.0.113.63",
                   .dkim = "example.org/google fail",
                   .spf = "uni.example.net pass",
                   .messages = 60});
       },
       "203.0.113.63", "mailing_list"},
      {"a list that keeps the signature",
       [](auto& b) {
         workspace(b);
         b.name("203.0.113.63", "lists.uni.example.net")
             .row({.address = "203.0.113.63",
                   .dkim = "example.org/google pass",
                   .spf = "lists.uni.example.net pass",
                   .messages = 60});
       },
       "203.0.113.63", "mailing_list"},
      {"receivers say forwarded, and it passes for its own domain",
       [](auto& b) {
         b.row({.address = "203.0.113.64", .spf = "uni.example.net pass", .messages = 60, .marks = "forwarded"});
       },
       "203.0.113.64", "forwarder"},
      {"a forwarder over IPv6",
       [](auto& b) {
         workspace(b);
         b.name("2001:db8:f0::20", "relay2.uni.example.net")
             .row({.address = "2001:db8:f0::20",
                   .dkim = "example.org/google pass",
                   .spf = "example.org softfail",
                   .messages = 60});
       },
       "2001:db8:f0::20", "forwarder"},
      {"a forwarder in the middle of a key rotation",
       [](auto& b) {
         workspace(b);
         b.row({.address = "198.51.100.1",
                .dkim = "example.org/google2 pass",
                .spf = "example.org pass",
                .messages = 900})
             .row({.address = "203.0.113.40",
                   .dkim = "example.org/google pass",
                   .spf = "example.org fail",
                   .messages = 20})
             .row({.address = "203.0.113.40",
                   .dkim = "example.org/google2 pass",
                   .spf = "example.org fail",
                   .messages = 20});
       },
       "203.0.113.40", "forwarder"},
      {"a mailbox that gets a good part of a server's mail, and passes it on with its return path",
       [](auto& b) {
         web_server(b);
         b.row({.address = "203.0.113.77",
                .dkim = "example.org/web pass",
                .spf = "example.org softfail",
                .messages = 200,
                .days = 13,
                .first_day = 20015});
       },
       "203.0.113.77", "forwarder"},
      {"much of a server's mail, passed on with a return path of somebody else",
       [](auto& b) {
         web_server(b);
         b.row({.address = "203.0.113.77",
                .dkim = "example.org/web pass",
                .spf = "uni.example.net fail",
                .messages = 800});
       },
       "203.0.113.77", "forwarder"},
      {"the same called forwarded by a receiver",
       [](auto& b) {
         web_server(b);
         b.row({.address = "203.0.113.77",
                .dkim = "example.org/web pass",
                .spf = "example.org softfail",
                .messages = 800,
                .marks = "forwarded"});
       },
       "203.0.113.77", "forwarder"},
  };
  return rows;
}

}  // namespace ruaudit::assess::test
