// A mailbox on a server, step by step: each step needs the one before it.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "config/secret.hpp"
#include "jobs/doctor/doctor.hpp"
#include "jobs/mailbox/access.hpp"
#include "jobs/mailbox/credentials.hpp"
#include "jobs/mailbox/imap_source.hpp"
#include "jobs/mailbox/pop3_source.hpp"
#include "jobs/mailbox/sync.hpp"
#include "model/counted.hpp"

namespace ruaudit::jobs {
namespace {

namespace mb = ingest::mailbox;
using config::Disposal;
using config::Mailbox;

std::string means_of(const Mailbox& mailbox) {
  if (mailbox.oauth.grant == config::OAuthGrant::none) return "password from " + config::describe(mailbox.password);
  if (mailbox.oauth.grant == config::OAuthGrant::token)
    return "access token from " + config::describe(mailbox.oauth.token);
  return fmt::format("access token by {} from {}", model::to_text(mailbox.oauth.grant), mailbox.oauth.token_endpoint);
}

bool examine_secret(const Mailbox& mailbox, const mb::CredentialSource& credentials, Findings& findings) {
  const auto secret = credentials(mb::Freshness::cached);
  if (!secret) {
    findings.fail("secret", secret.error());
    return false;
  }
  findings.ok("secret", means_of(mailbox));
  return true;
}

std::string protection(const Mailbox& mailbox, const mb::ConnectionFacts& facts) {
  if (mailbox.security == config::Security::plaintext) return "no TLS, to a loopback address";
  return fmt::format("{} with {}, certificate and host name are valid",
                     mailbox.security == config::Security::tls ? "TLS" : "STARTTLS", facts.address);
}

// What a server can do and what is done where it cannot.
struct Ability {
  std::string_view name, with, without;
};
constexpr Ability imap_abilities[] = {
    {"IDLE", "the server announces new mail at once", "the mailbox is checked every poll_interval"},
    {"MOVE", "mails are moved in one step", "mails are moved by copy and expunge"},
    {"UIDPLUS", "single mails can be expunged", "single mails cannot be expunged"},
};

void examine_abilities(const Mailbox& mailbox, const mb::ImapSession& session, Findings& findings) {
  for (const Ability& ability : imap_abilities)
    findings.note("ability", fmt::format("{} {}: {}", session.has(ability.name) ? "has" : "lacks", ability.name,
                                         session.has(ability.name) ? ability.with : ability.without));
  const bool moves = mailbox.done.disposal == Disposal::move || mailbox.failed.disposal == Disposal::move;
  const bool expunges = mailbox.done.disposal == Disposal::remove || (moves && !session.has("MOVE"));
  if (expunges && !session.has("UIDPLUS"))
    findings.warn("ability", "acknowledged mails will be marked \\Deleted but stay",
                  "expunge the folder by hand from time to time, or use done = flag NAME");
}

void examine_target(const config::Disposition& action, mb::ImapSession& session, Findings& findings) {
  if (action.disposal != Disposal::move) return;
  const auto found = session.list(action.target);
  if (!found) return findings.fail("target", found.error());
  if (found->empty()) return findings.note("target", action.target + " does not exist yet; it is created when needed");
  if (!found->front().selectable())
    return findings.fail("target", action.target + " cannot hold mails", "name another folder in done or failed");
  findings.ok("target", action.target + " is there");
}

void examine_rights(const Mailbox& mailbox, const std::string& folder, mb::ImapSession& session, Findings& findings) {
  const bool acts = mailbox.done.disposal != Disposal::nothing || mailbox.failed.disposal != Disposal::nothing;
  const auto state = session.select(folder, acts ? mb::Access::read_write : mb::Access::read_only);
  if (!state) return findings.fail("folder", state.error());
  const std::string mails = model::counted(state->exists, "mail");
  if (!acts) return findings.ok("folder", fmt::format("{}: {}; nothing is done to them", folder, mails));
  if (state->read_only)
    return findings.fail("folder", fmt::format("{}: {}, but the server only allows reading them", folder, mails),
                         "give this user the rights to change the folder, or set done = nothing");
  findings.ok("folder", fmt::format("{}: {}, which may be changed", folder, mails));
  const auto& flags = state->permanent_flags;
  const bool keeps_flag = std::find(flags.begin(), flags.end(), "\\*") != flags.end() ||
                          std::find(flags.begin(), flags.end(), mailbox.done.target) != flags.end();
  if (mailbox.done.disposal == Disposal::flag && !keeps_flag)
    findings.fail("folder", fmt::format("{} does not keep the flag {}", folder, mailbox.done.target),
                  "use a flag the server keeps (\\Seen, \\Flagged), or another done");
}

// The messages of a folder that have no row in the ledger.
model::Result<std::size_t> count_unseen(const Mailbox& mailbox, store::MailboxFolder folder,
                                        const std::vector<ListedMail>& listed, const DoctorTools& tools) {
  if (tools.database == nullptr) return listed.size();
  TRY(auto state, store::MailboxState::create(*tools.database));
  TRY(folder.mailbox, ledger_identity(state, mailbox));
  std::size_t unseen = 0;
  for (const ListedMail& mail : listed) {
    TRY(const bool is_known, state.is_known(folder, mail.uid));
    unseen += is_known ? 0 : 1;
  }
  return unseen;
}

model::Result<void> examine_new(const Mailbox& mailbox, MailSource& source, const std::string& folder,
                                const DoctorTools& tools, Findings& findings) {
  TRY(const auto opened, source.open(folder));
  TRY(const auto listed, source.list(mailbox.since));
  TRY(const auto unseen, count_unseen(mailbox, opened, listed, tools));
  findings.ok("new", fmt::format("{}{}{} of {} not yet read", folder, folder.empty() ? "" : ": ", unseen,
                                 model::counted(listed.size(), "mail") + (unseen == 1 ? " is" : " are")));
  return {};
}

model::Result<void> examine_ledger(const Mailbox& mailbox, MailSource& source, const DoctorTools& tools,
                                   Findings& findings) {
  TRY(const auto folders, source.folders());
  if (folders.empty())
    findings.fail("folder", "no folder matches", "check folders and folders_except in the configuration");
  for (const std::string& folder : folders) {
    const auto done = examine_new(mailbox, source, folder, tools, findings);
    if (!done && is_connection_end(done.error())) return done;
    if (!done) findings.fail("folder", done.error());
  }
  return source.close();
}

template <class Session>
bool examine_connection(const Mailbox& mailbox, const model::Result<Session>& session, const DoctorTools& tools,
                        Findings& findings) {
  if (!session) {
    findings.fail("tls", session.error());
    return false;
  }
  findings.ok("tls", protection(mailbox, session->connection()));
  examine_certificates(session->connection(), tools.now, findings);
  return true;
}

template <class Session>
bool examine_login(const Mailbox& mailbox, Session& session, const mb::CredentialSource& credentials,
                   Findings& findings) {
  if (!examine_secret(mailbox, credentials, findings)) return false;
  if (const auto login = session.login(credentials); !login) {
    findings.fail("log-in", login.error());
    return false;
  }
  findings.ok("log-in", fmt::format("as {} by {}", mailbox.user, session.login_method()));
  return true;
}

void examine_source(const Mailbox& mailbox, MailSource& source, const DoctorTools& tools, Findings& findings) {
  if (const auto done = examine_ledger(mailbox, source, tools, findings); !done) findings.fail("folder", done.error());
}

void examine_imap(const Mailbox& mailbox, const mb::CredentialSource& credentials, const DoctorTools& tools,
                  Findings& findings) {
  auto session = mb::ImapSession::connect(endpoint_of(mailbox), tools.stop);
  if (!examine_connection(mailbox, session, tools, findings)) return;
  if (!examine_login(mailbox, *session, credentials, findings)) return;
  examine_abilities(mailbox, *session, findings);
  for (const auto* const action : {&mailbox.done, &mailbox.failed}) examine_target(*action, *session, findings);
  for (const std::string& folder : mailbox.folders)
    if (folder.find_first_of("*%") == std::string::npos) examine_rights(mailbox, folder, *session, findings);
  ImapSource source(std::move(*session), mailbox, tools.stop);
  examine_source(mailbox, source, tools, findings);
}

void examine_pop3(const Mailbox& mailbox, const mb::CredentialSource& credentials, const DoctorTools& tools,
                  Findings& findings) {
  auto session = mb::Pop3Session::connect(endpoint_of(mailbox), tools.stop);
  if (!examine_connection(mailbox, session, tools, findings)) return;
  if (!examine_login(mailbox, *session, credentials, findings)) return;
  Pop3Source source(std::move(*session), mailbox);  // its close() says QUIT; nothing is marked, so nothing is deleted
  examine_source(mailbox, source, tools, findings);
}

}  // namespace

void examine_server(const Mailbox& mailbox, const DoctorTools& tools, Findings& findings) {
  if (!examine_network(mailbox, findings)) return;
  const auto credentials = mailbox_credentials(mailbox, tools.stop);
  if (mailbox.type == config::SourceType::imap) return examine_imap(mailbox, credentials, tools, findings);
  examine_pop3(mailbox, credentials, tools, findings);
}

void examine_local_mailbox(const Mailbox& mailbox, const DoctorTools& tools, Findings& findings) {
  if (::access(mailbox.path.c_str(), R_OK) != 0)
    return findings.fail("path", fmt::format("{}: {}", mailbox.path, std::strerror(errno)),
                         "check path in the configuration, and let the user who runs ruaudit read it");
  if (mailbox.type == config::SourceType::mbox) return findings.ok("path", mailbox.path + " can be read");
  auto source = open_source(mailbox, {}, tools.stop);
  if (!source) return findings.fail("path", source.error());
  const bool acts = mailbox.done.disposal != Disposal::nothing || mailbox.failed.disposal != Disposal::nothing;
  const std::string moved_from = mailbox.path + "/new";
  if (acts && ::access(moved_from.c_str(), W_OK | X_OK) != 0)
    return findings.fail("path", mailbox.path + " cannot be changed by this user",
                         "let the user who runs ruaudit write to it, or set done = nothing");
  findings.ok("path",
              mailbox.path + (acts ? " can be read and changed" : " can be read; nothing is done to its mails"));
  examine_source(mailbox, **source, tools, findings);
}

}  // namespace ruaudit::jobs
