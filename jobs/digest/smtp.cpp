#include "jobs/digest/smtp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "ingest/mailbox/auth/credentials.hpp"
#include "ingest/mailbox/auth/curl_transfer.hpp"
#include "jobs/mailbox/credentials.hpp"

namespace ruaudit::jobs {
namespace {

using config::Security;
using ingest::mailbox::BearerToken;
using ingest::mailbox::Credentials;
using ingest::mailbox::CurlHandle;
using ingest::mailbox::CurlList;
using ingest::mailbox::Freshness;
using ingest::mailbox::Password;
using ingest::mailbox::protect_transfer;

// What the dialogue has shown so far. The callbacks of libcurl fill it; none of them may throw, so room is reserved.
struct Dialogue {
  std::string_view octets;
  std::size_t sent = 0;
  bool is_read_to_end = false;
  std::string recipient{};  // that was named last and is not answered yet
  Acceptance answers{};     // to the recipients
  std::string last_answer{};
};

std::size_t give(char* room, std::size_t size, std::size_t count, void* user) noexcept {
  auto& dialogue = *static_cast<Dialogue*>(user);
  const auto octets = std::min(size * count, dialogue.octets.size() - dialogue.sent);
  std::memcpy(room, dialogue.octets.data() + dialogue.sent, octets);
  dialogue.sent += octets;
  if (octets == 0) dialogue.is_read_to_end = true;
  return octets;
}

std::string_view without_line_end(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

void hear_command(Dialogue& dialogue, std::string_view line) {
  constexpr std::string_view begin = "RCPT TO:<";
  if (!line.starts_with(begin)) return;
  dialogue.recipient = line.substr(begin.size(), line.find('>') - begin.size());
}

void hear_answer(Dialogue& dialogue, std::string_view line) {
  const bool is_last = line.size() >= 3 && (line.size() == 3 || line[3] == ' ');
  if (!is_last) return;
  dialogue.last_answer = line.substr(0, 500);
  if (dialogue.recipient.empty()) return;
  if (line[0] == '4')
    dialogue.answers.deferred.push_back({dialogue.recipient, dialogue.last_answer});
  else if (line[0] != '2')
    dialogue.answers.refused.push_back(fmt::format("{}: {}", dialogue.recipient, dialogue.last_answer));
  dialogue.recipient.clear();
}

int hear(CURL*, curl_infotype type, char* data, std::size_t size, void* user) noexcept {
  try {
    auto& dialogue = *static_cast<Dialogue*>(user);
    const auto line = without_line_end({data, size});
    if (type == CURLINFO_HEADER_OUT) hear_command(dialogue, line);
    if (type == CURLINFO_HEADER_IN) hear_answer(dialogue, line);
  } catch (...) {  // only an answer is lost
  }
  return 0;
}

void set_server(CURL* handle, const config::Mailbox& server) {
  protect_transfer(handle, "smtp,smtps", server.ca_file);
  if (server.security == Security::starttls)
    curl_easy_setopt(handle, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, static_cast<long>(server.connect_timeout_seconds));
  curl_easy_setopt(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(server.timeout_seconds));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT,
                   static_cast<long>(server.connect_timeout_seconds + 10 * server.timeout_seconds));
}

void log_in(CURL* handle, const Credentials& credentials) {
  if (const auto* password = std::get_if<Password>(&credentials)) {
    curl_easy_setopt(handle, CURLOPT_USERNAME, password->user.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, password->secret.c_str());
    return;
  }
  const auto& token = std::get<BearerToken>(credentials);
  const bool is_old = token.mechanism == ingest::mailbox::TokenMechanism::xoauth2;
  curl_easy_setopt(handle, CURLOPT_USERNAME, token.user.c_str());
  curl_easy_setopt(handle, CURLOPT_XOAUTH2_BEARER, token.token.c_str());
  curl_easy_setopt(handle, CURLOPT_LOGIN_OPTIONS, is_old ? "AUTH=XOAUTH2" : "AUTH=OAUTHBEARER");
}

std::string url_of(const config::Mailbox& server) {
  const std::string_view scheme = server.security == Security::tls ? "smtps" : "smtp";
  const bool is_v6 = server.host.find(':') != std::string::npos && !server.host.starts_with('[');
  return fmt::format("{}://{}{}{}:{}", scheme, is_v6 ? "[" : "", server.host, is_v6 ? "]" : "", server.port);
}

struct Outcome {
  CURLcode code = CURLE_OK;
  std::array<char, CURL_ERROR_SIZE> detail{};
};

Outcome talk(const config::Mailbox& server, const Envelope& envelope, const std::optional<Credentials>& credentials,
             Dialogue& dialogue) {
  Outcome outcome;
  const CurlHandle handle(curl_easy_init());
  if (!handle) return {CURLE_FAILED_INIT, {}};
  CURL* const curl = handle.get();
  set_server(curl, server);
  if (credentials) log_in(curl, *credentials);
  CurlList recipients;
  for (const auto& address : envelope.to)
    recipients.reset(curl_slist_append(recipients.release(), ("<" + address + ">").c_str()));
  const std::string url = url_of(server), from = "<" + envelope.from + ">";
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
  curl_easy_setopt(curl, CURLOPT_READDATA, &dialogue);
  curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, hear);
  curl_easy_setopt(curl, CURLOPT_DEBUGDATA, &dialogue);
  curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);  // so that the answers are heard
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, outcome.detail.data());
  outcome.code = curl_easy_perform(curl);
  return outcome;
}

std::string joined(const Acceptance& answers) {
  std::string out;
  for (const auto& line : answers.refused) out += (out.empty() ? "" : "; ") + line;
  for (const auto& each : answers.deferred) out += (out.empty() ? "" : "; ") + each.address + ": " + each.answer;
  return out;
}

std::optional<model::Error> recipient_fault(const std::string& where, const Envelope& envelope,
                                            const Acceptance& answers) {
  if (answers.refused.size() + answers.deferred.size() != envelope.to.size()) return std::nullopt;
  if (answers.deferred.empty())
    return model::Error{"mail-refused", fmt::format("{}: every recipient was refused: {}", where, joined(answers)),
                        "correct 'to'; the next run reports the same again"};
  return model::Error{"mail-deferred", fmt::format("{}: no recipient was accepted now: {}", where, joined(answers)),
                      "the next run reports the same again"};
}

model::Error fault_of(const config::Mailbox& server, const Envelope& envelope, const Outcome& outcome,
                      const Dialogue& dialogue) {
  const std::string why = outcome.detail[0] != '\0' ? outcome.detail.data() : curl_easy_strerror(outcome.code);
  const std::string where = url_of(server);
  if (auto fault = recipient_fault(where, envelope, dialogue.answers)) return std::move(*fault);
  const char answer = dialogue.last_answer.empty() ? '\0' : dialogue.last_answer[0];
  if (outcome.code == CURLE_LOGIN_DENIED)
    return {"mail-refused", fmt::format("{}: the login was refused: {}", where, dialogue.last_answer),
            "check user and password of [mail]; the next run reports the same again"};
  if (answer == '4' || answer == '5')
    return {answer == '4' ? "mail-deferred" : "mail-refused", fmt::format("{}: {}", where, dialogue.last_answer),
            "the next run reports the same again"};
  if (dialogue.is_read_to_end)
    return {"mail-unknown", fmt::format("{}: no answer came after the mail was sent: {}", where, why),
            "the next run sends the same mail again, with the same Message-ID"};
  return {"mail-unreached", fmt::format("{}: {}", where, why), "the next run reports the same again"};
}

bool may_be_stale(const Outcome& outcome, const std::optional<Credentials>& credentials) {
  return outcome.code == CURLE_LOGIN_DENIED && credentials && std::holds_alternative<BearerToken>(*credentials);
}

}  // namespace

model::Result<Acceptance> send_by_smtp(const config::OutgoingMail& mail, const Envelope& envelope,
                                       const std::string& octets) {
  const config::Mailbox& server = mail.server;
  std::optional<Credentials> credentials;
  const auto source = mailbox_credentials(server);
  if (!server.user.empty()) {
    TRY(credentials, source(Freshness::cached));
  }
  Dialogue dialogue{.octets = octets};
  Outcome outcome = talk(server, envelope, credentials, dialogue);
  if (may_be_stale(outcome, credentials)) {
    TRY(credentials, source(Freshness::renewed));
    dialogue = {.octets = octets};
    outcome = talk(server, envelope, credentials, dialogue);
  }
  if (outcome.code == CURLE_OK) return std::move(dialogue.answers);
  return model::failure(fault_of(server, envelope, outcome, dialogue));
}

model::Result<Acceptance> send_mail(const config::OutgoingMail& mail, const Envelope& envelope,
                                    const std::string& octets) {
  return mail.sendmail.empty() ? send_by_smtp(mail, envelope, octets) : send_by_program(mail, envelope, octets);
}

}  // namespace ruaudit::jobs
