// What a source is: one table row a decision. The owner is example.org; addresses 192.0.2.x are his, 198.51.100.x
// services', 203.0.113.x others'.
#include <catch2/catch.hpp>
#include <functional>

#include "facts_builder.hpp"

namespace ruaudit::assess::test {
namespace {

using Build = std::function<void(FactsBuilder&)>;
struct Decided {
  const char* what;
  Build build;
  const char* address;
  const char* want;
};

// A Google Workspace of the owner's and its key, as most domains have one.
void workspace(FactsBuilder& b) {
  b.name("198.51.100.1", "mail-sor-f21.google.com").spf_today("198.51.100.1", "include:_spf.google.com");
  b.row({.address = "198.51.100.1", .dkim = "example.org/google pass", .spf = "example.org pass", .messages = 3000});
}
// A web server of the owner's, listed in SPF.
void web_server(FactsBuilder& b) {
  b.name("192.0.2.10", "web1.example.org").spf_today("192.0.2.10", "ip4:192.0.2.0/29");
  b.row({.address = "192.0.2.10", .dkim = "example.org/web pass", .spf = "example.org pass", .messages = 900});
}

const std::vector<Decided> own_table = {
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
     [](auto& b) { b.row({.address = "192.0.2.12", .spf = "bounce.example.org pass"}); }, "192.0.2.12", "own_aligned"},
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
};

const std::vector<Decided> service_table = {
    {"Google Workspace, both", workspace, "198.51.100.1", "service_aligned Google Workspace"},
    {"by reverse name, SPF aligned",
     [](auto& b) {
       b.name("198.51.100.2", "m21.mailgun.net").row({.address = "198.51.100.2", .spf = "example.org pass"});
     },
     "198.51.100.2", "service_aligned Mailgun"},
    {"by return path without a reverse name",
     [](auto& b) {
       b.row({.address = "198.51.100.3", .dkim = "zendesk.com/zendesk1 pass", .spf = "shop.zendesk.com pass"});
     },
     "198.51.100.3", "service_not_aligned Zendesk"},
    {"by return path alone", [](auto& b) { b.row({.address = "198.51.100.3", .spf = "bnc.salesforce.com pass"}); },
     "198.51.100.3", "service_not_aligned Salesforce"},
    {"by its own signature alone",
     [](auto& b) { b.row({.address = "198.51.100.3", .dkim = "mailchimpapp.net/k2 pass"}); }, "198.51.100.3",
     "service_not_aligned Mailchimp"},
    {"by reverse name alone, nothing passes",
     [](auto& b) {
       b.name("198.51.100.3", "mail7.sea31.mcsv.net").row({.address = "198.51.100.3", .spf = "example.org softfail"});
     },
     "198.51.100.3", "service_not_aligned Mailchimp"},
    {"by an SPF include of the owner's that lists the address",
     [](auto& b) {
       b.spf_today("198.51.100.4", "include:sendgrid.net").row({.address = "198.51.100.4", .spf = "example.org pass"});
     },
     "198.51.100.4", "service_aligned SendGrid"},
    {"by redirect= of the owner's SPF",
     [](auto& b) {
       b.spf_today("198.51.100.4", "redirect=_spf.mail.ru").row({.address = "198.51.100.4", .spf = "example.org pass"});
     },
     "198.51.100.4", "service_aligned Mail.ru for Business"},
    {"by the key that the owner's DNS points into it, SPF aligned",
     [](auto& b) {
       b.key("h5q", "h5q.dkim.amazonses.com")
           .row({.address = "198.51.100.5", .dkim = "example.org/h5q pass", .spf = "bounce.example.org pass"});
     },
     "198.51.100.5", "service_aligned Amazon SES"},
    {"by that key alone",
     [](auto& b) {
       b.key("s1", "s1.domainkey.u1.wl.sendgrid.net").row({.address = "198.51.100.5", .dkim = "example.org/s1 pass"});
     },
     "198.51.100.5", "service_aligned SendGrid"},
    {"DKIM of the owner's, envelope of the service",
     [](auto& b) {
       b.name("198.51.100.6", "o1.outbound-mail.sendgrid.net")
           .row({.address = "198.51.100.6", .dkim = "example.org/s1 pass", .spf = "sendgrid.net pass"});
     },
     "198.51.100.6", "service_aligned SendGrid"},
    {"DKIM lost, SPF still passes",
     [](auto& b) {
       b.name("198.51.100.6", "o1.outbound-mail.sendgrid.net")
           .row({.address = "198.51.100.6", .dkim = "example.org/s1 permerror", .spf = "example.org pass"});
     },
     "198.51.100.6", "service_aligned SendGrid"},
    {"DKIM lost, nothing passes aligned",
     [](auto& b) {
       b.name("198.51.100.6", "o1.outbound-mail.sendgrid.net")
           .row({.address = "198.51.100.6", .dkim = "example.org/s1 pass", .spf = "sendgrid.net pass", .days = 10})
           .row({.address = "198.51.100.6",
                 .dkim = "example.org/s1 fail",
                 .spf = "sendgrid.net pass",
                 .days = 10,
                 .first_day = 20010});
     },
     "198.51.100.6", "service_aligned SendGrid + service_not_aligned SendGrid"},
    {"the service in front is named, not its carrier, where it signs",
     [](auto& b) {
       b.name("198.51.100.7", "m5.mailgun.net")
           .row({.address = "198.51.100.7", .dkim = "customeriomail.com/x pass", .spf = "mailgun.org pass"});
     },
     "198.51.100.7", "service_not_aligned Customer.io"},
    {"a carrier is named as carrier where nobody in front is proven",
     [](auto& b) {
       b.name("198.51.100.7", "a4-1.smtp-out.eu-west-1.amazonses.com")
           .row({.address = "198.51.100.7", .dkim = "amazonses.com/ihch pass", .spf = "eu-west-1.amazonses.com pass"});
     },
     "198.51.100.7", "service_not_aligned Amazon SES"},
    {"an unconfirmed reverse name names nothing",
     [](auto& b) {
       b.name("203.0.113.9", "o5.outbound-mail.sendgrid.net", false)
           .row({.address = "203.0.113.9", .spf = "example.org softfail", .messages = 3, .days = 1});
     },
     "203.0.113.9", "stranger"},
    {"a customary selector names nothing",
     [](auto& b) { b.row({.address = "203.0.113.9", .dkim = "example.org/mandrill fail", .messages = 3, .days = 1}); },
     "203.0.113.9", "stranger"},
    {"a service's failing signature names nothing",
     [](auto& b) { b.row({.address = "203.0.113.9", .dkim = "sendgrid.net/s1 fail", .messages = 3, .days = 1}); },
     "203.0.113.9", "stranger"},
    {"a service's failing return path names nothing",
     [](auto& b) {
       b.row({.address = "203.0.113.9", .spf = "bounce.sendgrid.net softfail", .messages = 3, .days = 1});
     },
     "203.0.113.9", "stranger"},
    {"mailbox provider with its default signature",
     [](auto& b) {
       b.name("198.51.100.8", "mail-am6eur05on21.outbound.protection.outlook.com")
           .row({.address = "198.51.100.8",
                 .dkim = "tenant.onmicrosoft.com/selector1-tenant pass",
                 .spf = "example.org fail"});
     },
     "198.51.100.8", "service_not_aligned Microsoft 365"},
    {"hoster's mail by reverse name",
     [](auto& b) {
       b.name("198.51.100.8", "5.mo3.mail-out.ovh.net")
           .row({.address = "198.51.100.8", .dkim = "example.org/ovhmo1 pass", .spf = "example.org pass"});
     },
     "198.51.100.8", "service_aligned OVHcloud"},
};

const std::vector<Decided> passed_on_table = {
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
       b.row({.address = "203.0.113.40", .dkim = "example.org/google pass", .spf = "example.org fail", .messages = 60});
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
           .row(
               {.address = "198.51.100.6", .dkim = "example.org/s1 pass", .spf = "sendgrid.net pass", .messages = 4000})
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
};

const std::vector<Decided> trap_table = {
    {"one address, three roles",
     [](auto& b) {
       workspace(b);
       b.key("s1", "s1.domainkey.u1.wl.sendgrid.net")
           .name("198.51.100.6", "o1.outbound-mail.sendgrid.net")
           .row(
               {.address = "198.51.100.6", .dkim = "example.org/s1 pass", .spf = "sendgrid.net pass", .messages = 4000})
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

void check(const std::vector<Decided>& table) {
  for (const auto& c : table) {
    CAPTURE(c.what);
    FactsBuilder builder;
    c.build(builder);
    CAPTURE(builder.rule_of(c.address));
    CHECK(builder.of(c.address) == c.want);
  }
}

}  // namespace

TEST_CASE("class: the owner's servers") { check(own_table); }
TEST_CASE("class: services") { check(service_table); }
TEST_CASE("class: forwarders and lists") { check(passed_on_table); }
TEST_CASE("class: traps") {
  CHECK(trap_table.size() >= 25);
  check(trap_table);
}

TEST_CASE("class: the owner's word wins, the nearest subject first") {
  using model::LabelKind, model::LabelWord;
  const struct {
    LabelKind kind;
    const char* subject;
    LabelWord word;
    const char* want;
  } cases[] = {{LabelKind::address, "203.0.113.25", LabelWord::mine, "own_failing"},
               {LabelKind::address, "203.0.113.25", LabelWord::unwanted, "stranger"},
               {LabelKind::address, "203.0.113.25", LabelWord::forwarder, "forwarder"},
               {LabelKind::address, "203.0.113.25", LabelWord::service, "service_not_aligned"},
               {LabelKind::network, "203.0.113.0/24", LabelWord::mine, "own_failing"},
               {LabelKind::network, "203.0.114.0/24", LabelWord::mine, "unknown_steady"},
               {LabelKind::domain, "hoster.example", LabelWord::mine, "own_failing"},
               {LabelKind::domain, "other.example", LabelWord::mine, "unknown_steady"},
               {LabelKind::selector, "s9", LabelWord::mine, "own_failing"}};
  for (const auto& c : cases) {
    CAPTURE(c.subject, model::to_text(c.word));
    FactsBuilder builder;
    builder.name("203.0.113.25", "v9.hoster.example")
        .row(
            {.address = "203.0.113.25", .dkim = "example.org/s9 permerror", .spf = "example.org fail", .messages = 900})
        .label(c.kind, c.subject, c.word);
    CHECK(builder.of("203.0.113.25") == c.want);
  }
}

TEST_CASE("class: a service labelled mine stays a service; unwanted it is a stranger") {
  FactsBuilder mine, unwanted;
  for (auto* b : {&mine, &unwanted})
    b->name("198.51.100.3", "mail7.sea31.mcsv.net")
        .row({.address = "198.51.100.3", .spf = "mail7.sea31.mcsv.net pass"});
  CHECK(mine.label(model::LabelKind::service, "Mailchimp", model::LabelWord::mine).of("198.51.100.3") ==
        "service_not_aligned Mailchimp");
  CHECK(unwanted.label(model::LabelKind::service, "Mailchimp", model::LabelWord::unwanted).of("198.51.100.3") ==
        "stranger");
}

TEST_CASE("class: the decision is the same for ten messages and for ten million, and for one reporter and thirty") {
  for (const auto* table : {&own_table, &service_table, &passed_on_table})
    for (const auto& c : *table)
      for (const std::int64_t factor : {1, 100'000}) {
        CAPTURE(c.what, factor);
        FactsBuilder builder;
        c.build(builder);
        auto facts = builder.facts();
        for (auto& day : facts.days) {
          day.messages *= factor;
          day.reporters = factor == 1 ? 1 : (std::uint64_t{1} << 30) - 1;
        }
        const auto classes = classify(facts, ServiceTable::built_in(), {.domains = facts.domains});
        const auto got = FactsBuilder::text_of(facts, classes, c.address);
        CHECK(got == c.want);
      }
}

TEST_CASE("class: every decision says why") {
  for (const auto* table : {&own_table, &service_table, &passed_on_table, &trap_table})
    for (const auto& c : *table) {
      FactsBuilder builder;
      c.build(builder);
      for (const auto& s : builder.classes()) {
        CAPTURE(c.what, s.pattern);
        REQUIRE_FALSE(s.evidence.empty());
        CHECK(s.evidence.front().size() > 8);
        CHECK_FALSE(s.rule.empty());
      }
    }
}

}  // namespace ruaudit::assess::test
