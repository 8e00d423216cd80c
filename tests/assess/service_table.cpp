#include "class_tables.hpp"

namespace ruaudit::assess::test {

const std::vector<Decided>& service_table() {
  static const std::vector<Decided> rows = {
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
         b.spf_today("198.51.100.4", "include:sendgrid.net")
             .row({.address = "198.51.100.4", .spf = "example.org pass"});
       },
       "198.51.100.4", "service_aligned SendGrid"},
      {"by redirect= of the owner's SPF",
       [](auto& b) {
         b.spf_today("198.51.100.4", "redirect=_spf.mail.ru")
             .row({.address = "198.51.100.4", .spf = "example.org pass"});
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
             .row(
                 {.address = "198.51.100.7", .dkim = "amazonses.com/ihch pass", .spf = "eu-west-1.amazonses.com pass"});
       },
       "198.51.100.7", "service_not_aligned Amazon SES"},
      {"an unconfirmed reverse name names nothing",
       [](auto& b) {
         b.name("203.0.113.9", "o5.outbound-mail.sendgrid.net", false)
             .row({.address = "203.0.113.9", .spf = "example.org softfail", .messages = 3, .days = 1});
       },
       "203.0.113.9", "stranger"},
      {"a customary selector names nothing",
       [](auto& b) {
         b.row({.address = "203.0.113.9", .dkim = "example.org/mandrill fail", .messages = 3, .days = 1});
       },
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
      {"Zendesk by its reverse name, as the owner has it before he sets it up",
       [](auto& b) {
         b.name("198.51.100.20", "outbyoip5.pod17.euw1.zdsys.com")
             .row({.address = "198.51.100.20", .dkim = "zendesk.com/zendesk1 pass", .spf = "shop.zendesk.com pass"});
       },
       "198.51.100.20", "service_not_aligned Zendesk"},
      {"the same after DKIM is set up",
       [](auto& b) {
         b.name("198.51.100.20", "outbyoip5.pod17.euw1.zdsys.com")
             .key("zendesk1", "zendesk1._domainkey.zendesk.com")
             .row({.address = "198.51.100.20", .dkim = "example.org/zendesk1 pass", .spf = "shop.zendesk.com pass"});
       },
       "198.51.100.20", "service_aligned Zendesk"},
      {"Brevo by its older name",
       [](auto& b) {
         b.name("198.51.100.21", "n5.mta.sendinblue.com")
             .row({.address = "198.51.100.21", .dkim = "example.org/mail pass", .spf = "mail.sendinblue.com pass"});
       },
       "198.51.100.21", "service_aligned Brevo"},
      {"Klaviyo by its own signature",
       [](auto& b) { b.row({.address = "198.51.100.22", .dkim = "klaviyomail.com/s1 pass"}); }, "198.51.100.22",
       "service_not_aligned Klaviyo"},
      {"Postmark by its return path", [](auto& b) { b.row({.address = "198.51.100.22", .spf = "pm.mtasv.net pass"}); },
       "198.51.100.22", "service_not_aligned Postmark"},
      {"Proton Mail by the target of its key",
       [](auto& b) {
         b.key("protonmail", "protonmail.domainkey.dxyz.domains.proton.ch")
             .name("198.51.100.23", "mail-4316.protonmail.ch")
             .row({.address = "198.51.100.23", .dkim = "example.org/protonmail pass", .spf = "example.org pass"});
       },
       "198.51.100.23", "service_aligned Proton Mail"},
      {"Campaign Monitor, DKIM only",
       [](auto& b) {
         b.name("198.51.100.24", "mo9.createsend.com")
             .row({.address = "198.51.100.24", .dkim = "example.org/cm pass", .spf = "cmail20.com pass"});
       },
       "198.51.100.24", "service_aligned Campaign Monitor"},
      {"a security gateway that carries the owner's mail",
       [](auto& b) {
         b.name("198.51.100.25", "eu-smtp-delivery-5.mimecast.com")
             .spf_today("198.51.100.25", "include:eu._netblocks.mimecast.com")
             .row({.address = "198.51.100.25", .dkim = "example.org/mimecast pass", .spf = "example.org pass"});
       },
       "198.51.100.25", "service_aligned Mimecast"},
      {"SES behind the owner's own return path",
       [](auto& b) {
         b.name("198.51.100.26", "a4-12.smtp-out.eu-west-1.amazonses.com")
             .row({.address = "198.51.100.26",
                   .dkim = "example.org/h5q pass,amazonses.com/ihch pass",
                   .spf = "bounce.example.org pass"});
       },
       "198.51.100.26", "service_aligned Amazon SES"},
      {"an address of the service without a reverse name, beside its others by return path",
       [](auto& b) {
         b.row({.address = "198.51.100.27", .dkim = "example.org/k2 pass", .spf = "mail7.sea31.mcsv.net pass"});
       },
       "198.51.100.27", "service_aligned Mailchimp"},
      {"an include that no list knows, and a service's signature on all of it",
       [](auto& b) {
         b.spf_today("198.51.100.28", "include:spf.agency.example")
             .row({.address = "198.51.100.28", .dkim = "sendgrid.net/s1 pass", .spf = "example.org pass"});
       },
       "198.51.100.28", "service_aligned SendGrid"},
      {"a weekly letter of a service",
       [](auto& b) {
         for (int week = 0; week < 5; ++week)
           b.row({.address = "198.51.100.3",
                  .dkim = "mailchimpapp.net/k2 pass",
                  .messages = 400,
                  .days = 1,
                  .first_day = 20000 + 7 * week});
       },
       "198.51.100.3", "service_not_aligned Mailchimp"},
      {"a service's include in the owner's SPF names it without any reverse name",
       [](auto& b) {
         b.spf_today("198.51.100.4", "include:_spf.salesforce.com")
             .row({.address = "198.51.100.4", .dkim = "example.org/sf1 pass", .spf = "example.org pass"});
       },
       "198.51.100.4", "service_aligned Salesforce"},
  };
  return rows;
}

}  // namespace ruaudit::assess::test
