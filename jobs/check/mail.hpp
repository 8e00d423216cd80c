// A mail judged as a whole for `ruaudit check --mail`: its octets and DNS enter, what SPF, DKIM, ARC and DMARC say of
// it, the domain and selectors that a check of records goes on with, and the bounce that it would get leave. The octets
// are hostile: whoever calls reads them confined.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "jobs/judge/request.hpp"

namespace ruaudit::jobs {

enum class MailStanding : std::uint8_t { passes, unknown, fails };

struct CheckedMail {
  std::string domain{};                           // the author's; empty: there is none
  std::vector<std::string> selectors{};           // of its signatures for that domain
  std::string ip{}, helo{}, mail_from{};          // of the session, as far as the trace tells them; empty: not known
  bool is_sender_known = false;                   // mail_from is that of the session, the null sender when empty
  bool is_host_authorised = false;                // to send for the author's domain: SPF passes and is aligned
  MailStanding standing = MailStanding::unknown;  // by DMARC
  std::string bounce{};        // what a receiver that follows the policy, or refuses on SPF alone, would answer
  std::string outcome{};       // what happens to the mail, for people; empty: the bounce tells it
  std::string text{}, json{};  // the whole evaluation, for people and for programs
};

// Errors are those of judge().
model::Result<CheckedMail> check_mail(const VerifyRequest& request, verify::dns::Resolver& resolver);

}  // namespace ruaudit::jobs
