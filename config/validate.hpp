// Checks the values of one mailbox together: a server needs a host, a user and a way to log in; a way to acknowledge
// must exist for the type; plain text is only for loopback. Fills in the usual port and the grant that follows from a
// given token.
#pragma once
#include <vector>

#include "config/configuration.hpp"
#include "model/result.hpp"

namespace ruaudit::config {

void complete(Mailbox& mailbox);
// Every fault of a completed mailbox; messages begin with the key.
std::vector<model::Error> faults(const Mailbox& mailbox);

// The same of [mail] and [digest NAME]: the port, and what they say together (a digest with readers wants a sender).
void complete(OutgoingMail& mail);
std::vector<model::Error> delivery_faults(const Configuration& configuration);
// Of [cluster]; none where there is no such section.
std::vector<model::Error> cluster_faults(const Cluster& cluster);

// "a@example.org" of "Name <a@example.org>" or of itself; nothing where it is not an address that SMTP takes without
// SMTPUTF8 (RFC 6531).
std::optional<std::string> bare_address(std::string_view text);

}  // namespace ruaudit::config
