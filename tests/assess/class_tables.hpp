// What a source is: one table row a decision. The owner is example.org; addresses 192.0.2.x are his, 198.51.100.x
// services', 203.0.113.x others'.
#pragma once
#include <functional>
#include <vector>

#include "facts_builder.hpp"

namespace ruaudit::assess::test {

using Build = std::function<void(FactsBuilder&)>;
struct Decided {
  const char* what;
  Build build;
  const char* address;
  const char* want;
};

const std::vector<Decided>& own_table();
const std::vector<Decided>& service_table();
const std::vector<Decided>& passed_on_table();  // forwarders and lists
const std::vector<Decided>& trap_table();       // where the obvious answer is wrong
const std::vector<Decided>& shared_trap_table();

// A Google Workspace of the owner's and its key, as most domains have one.
inline void workspace(FactsBuilder& b) {
  b.name("198.51.100.1", "mail-sor-f21.google.com").spf_today("198.51.100.1", "include:_spf.google.com");
  b.row({.address = "198.51.100.1", .dkim = "example.org/google pass", .spf = "example.org pass", .messages = 3000});
}
// A web server of the owner's, listed in SPF.
inline void web_server(FactsBuilder& b) {
  b.name("192.0.2.10", "web1.example.org").spf_today("192.0.2.10", "ip4:192.0.2.0/29");
  b.row({.address = "192.0.2.10", .dkim = "example.org/web pass", .spf = "example.org pass", .messages = 900});
}

}  // namespace ruaudit::assess::test
