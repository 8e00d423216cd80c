#include "report/mail/digest_mail.hpp"

#include <fmt/format.h>
#include <mimetic/mimetic.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <sstream>
#include <string_view>

namespace ruaudit::report {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// mimetic ends some lines with LF alone.
std::string with_crlf(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) out += '\r';
    out += text[i];
  }
  return out;
}

template <class Encoder>
std::string encoded(std::string_view text, Encoder encoder) {
  std::string out;
  auto end = std::back_inserter(out);
  mimetic::encode(text.begin(), text.end(), encoder, end);
  return out;
}

// One encoded-word holds at most 75 characters, and whole characters (RFC 2047 sections 2 and 5).
constexpr std::size_t octets_of_word = 39;  // 52 characters of base64

// Values stand in one line: mimetic folds them, and one that is folded already it breaks.
std::string header_text(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  if (is_ascii(line) && line.find("=?") == std::string::npos) return line;
  std::string out;
  for (std::size_t at = 0; at < line.size();) {
    auto end = std::min(at + octets_of_word, line.size());
    while (end < line.size() && (static_cast<unsigned char>(line[end]) & 0xc0U) == 0x80U) --end;
    std::string word = encoded(std::string_view(line).substr(at, end - at), mimetic::Base64::Encoder(0));
    std::erase_if(word, [](char c) { return c == '\r' || c == '\n'; });
    out += fmt::format("{}=?utf-8?B?{}?=", out.empty() ? "" : " ", word);
    at = end;
  }
  return out;
}

// "Name <address>" whose name is quoted or encoded (RFC 5322 section 3.4).
std::string mailbox(const std::string& text) {
  const auto open = text.rfind('<');
  if (open == std::string::npos || open == 0) return text;
  std::string name = text.substr(0, text.find_last_not_of(' ', open - 1) + 1);
  if (!is_ascii(name)) return header_text(name) + " " + text.substr(open);
  if (name.starts_with('"')) return text;
  std::string quoted;
  for (const char c : name) quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return fmt::format("\"{}\" {}", quoted, text.substr(open));
}

// RFC 5322 section 3.3, in UTC.
std::string date_text(std::int64_t epoch) {
  constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::sys_seconds time{std::chrono::seconds(epoch)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", days[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

std::string folded_list(const std::vector<std::string>& addresses) {
  std::string out;
  for (const auto& address : addresses) out += (out.empty() ? "" : ", ") + mailbox(address);
  return out;
}

void add(mimetic::MimeEntity& entity, const char* name, const std::string& value) {
  entity.header().push_back(mimetic::Field(name, value));
}

// Quoted-printable stays legible; mimetic's writes it well for ASCII alone.
void add_part(mimetic::MimeEntity& entity, const std::string& type, const std::string& text) {
  auto part = std::make_unique<mimetic::MimeEntity>();
  const bool is_plain = is_ascii(text);
  add(*part, "Content-Type", type + "; charset=utf-8");
  add(*part, "Content-Transfer-Encoding", is_plain ? "quoted-printable" : "base64");
  part->body().set(is_plain ? encoded(text, mimetic::QP::Encoder()) : encoded(text, mimetic::Base64::Encoder()));
  entity.body().parts().push_back(part.release());  // mimetic's list owns and deletes it
}

// No line of an encoded part begins like it: "=_" is neither base64 nor quoted-printable (RFC 2045 section 6.7).
std::string boundary_of(const std::string& message_id) {
  std::string boundary = "=_";
  for (const char c : message_id.substr(0, message_id.find('@')))
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) boundary += c;
  return boundary.substr(0, 60);
}

}  // namespace

std::string compose(const MailDraft& draft) {
  mimetic::MimeEntity mail;
  add(mail, "From", mailbox(draft.from));
  add(mail, "To", folded_list(draft.to));
  add(mail, "Subject", header_text(draft.subject));
  add(mail, "Date", date_text(draft.date));
  add(mail, "Message-ID", draft.message_id);
  add(mail, "List-Id", fmt::format("<{}>", draft.list_id));
  add(mail, "Auto-Submitted", "auto-generated");  // RFC 3834 section 5: no machine is to answer
  add(mail, "Content-Language", draft.language);
  add(mail, "MIME-Version", "1.0");
  add(mail, "Content-Type", fmt::format("multipart/alternative; boundary=\"{}\"", boundary_of(draft.message_id)));
  add_part(mail, "text/plain", draft.text);
  add_part(mail, "text/html", draft.html);
  std::ostringstream out;
  out << mail;
  return with_crlf(out.str());
}

}  // namespace ruaudit::report
