#include "ingest/mailbox/imap/session.hpp"

#include <algorithm>

#include "ingest/mailbox/auth/login_renewal_detail.hpp"
#include "ingest/mailbox/imap/login_detail.hpp"
#include "ingest/mailbox/imap/modified_utf7.hpp"
#include "ingest/mailbox/imap/session_detail.hpp"
#include "ingest/mailbox/server_text.hpp"
#include "model/ascii.hpp"

namespace ruaudit::ingest::mailbox {

using model::failure;
using model::Result;

ImapSession::ImapSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
ImapSession::ImapSession(ImapSession&&) noexcept = default;
ImapSession& ImapSession::operator=(ImapSession&&) noexcept = default;
ImapSession::~ImapSession() = default;

const std::string& ImapSession::login_method() const { return state_->login_method; }
const ConnectionFacts& ImapSession::connection() const { return state_->channel.facts(); }
const std::vector<std::string>& ImapSession::capabilities() const { return state_->channel.capabilities(); }
bool ImapSession::has(std::string_view capability) const { return state_->channel.has(capability); }
const std::string& ImapSession::namespace_prefix() const { return state_->namespace_name; }
char ImapSession::separator() const { return state_->separator; }

Result<ImapSession> ImapSession::connect(const Endpoint& endpoint, Stop stop) {
  TRY(auto connection, Connection::open(endpoint, stop));
  const bool is_greeted = connection.greeting_consumed();
  auto state = std::make_unique<State>(State{.endpoint = endpoint,
                                             .channel = ImapChannel(endpoint, std::move(connection)),
                                             .login_method = {},
                                             .namespace_prefix = {},
                                             .namespace_name = {}});
  if (!is_greeted) {
    TRY(const auto greeting, state->channel.greeting());
    if (greeting.condition == Condition::bye || greeting.condition == Condition::bad ||
        greeting.condition == Condition::no)
      return failure("mailbox-unavailable",
                     describe(endpoint) + ": the server turns us away: " + quoted_for_message(greeting.text),
                     "try again later");
    if (greeting.condition == Condition::preauth) state->login_method = "PREAUTH";
  }
  // Also after STARTTLS: what was announced before TLS must be forgotten. // RFC 3501 section 6.2.1
  if (is_greeted || state->channel.capabilities().empty()) TRY_VOID(state->channel.run_ok("CAPABILITY"));
  return ImapSession(std::move(state));
}

Result<ImapSession> ImapSession::open(const Endpoint& endpoint, const CredentialSource& source, Stop stop) {
  return open_and_log_in(
      source, [&] { return connect(endpoint, stop); },
      [](ImapSession& session, const Credentials& credentials) { return session.state_->attempt(credentials); });
}

Result<void> ImapSession::login(const CredentialSource& source) {
  return log_in_here(source, [this](const Credentials& credentials) { return state_->attempt(credentials); });
}

Result<void> ImapSession::State::attempt(const Credentials& credentials) {
  if (login_method.empty()) {
    const auto before = channel.capabilities();
    const auto outcome = log_in(channel, endpoint, credentials);
    if (!outcome) return failure(at_endpoint(endpoint, outcome.error()));
    login_method = *outcome;
    // Capabilities may differ after the login; many servers send them with its answer.
    if (channel.capabilities() == before) TRY_VOID(channel.run_ok("CAPABILITY"));
  }
  return read_namespace();
}

// RFC 2342 section 5; without NAMESPACE the root's separator, and where that is refused as well, none.
// RFC 3501 section 6.3.8
Result<void> ImapSession::State::read_namespace() {
  const auto take = [this](const ImapResponse& response) -> Result<void> {
    if (const auto* found = std::get_if<ImapNamespace>(&response)) {
      namespace_prefix = found->prefix;
      separator = found->separator;
    }
    if (const auto* found = std::get_if<ImapList>(&response)) separator = found->separator;
    return {};
  };
  const AnswerHandler handler{.untagged = take, .body_begin = {}, .body_chunk = {}};
  bool is_told = false;
  if (channel.has("NAMESPACE")) {
    TRY(const auto status, channel.run("NAMESPACE", handler));
    is_told = status.condition == Condition::ok;
  }
  if (!is_told) TRY_VOID(channel.run("LIST \"\" \"\"", handler));
  namespace_name = from_modified_utf7(namespace_prefix);
  return {};
}

namespace {

std::string quote(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

bool starts_ignoring_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && ascii::equal_folded(text.substr(0, start.size()), start);
}

std::string with_separator(std::string_view name, char separator) {
  std::string result(name);
  if (separator != 0) std::replace(result.begin(), result.end(), '/', separator);
  return result;
}

// What needs no prefix: INBOX, other namespaces, patterns over all of them, and what has the prefix already.
bool is_rooted(std::string_view name, std::string_view prefix) {
  return ascii::equal_folded(name, "INBOX") || name.starts_with('#') || name.starts_with('*') ||
         name.starts_with('%') || starts_ignoring_case(name, prefix);
}

}  // namespace

std::string ImapSession::server_name(std::string_view name) const {
  const std::string result = with_separator(name, state_->separator);
  if (ascii::equal_folded(result, "INBOX")) return "INBOX";
  return result.empty() || is_rooted(result, state_->namespace_name) ? result : state_->namespace_name + result;
}

Result<std::string> ImapSession::State::folder_argument(std::string_view name) const {
  if (const auto listed = odd_names.find(name); listed != odd_names.end()) return quote(listed->second);
  const auto encoded = to_modified_utf7(name);
  if (!encoded || encoded->empty() || encoded->size() > 1000)
    return failure("mailbox-folder-name", "\"" + quoted_for_message(name) + "\" cannot be the name of a folder",
                   "give folders as UTF-8 text without control characters");
  std::string wire = with_separator(*encoded, separator);
  if (!is_rooted(wire, namespace_prefix)) wire.insert(0, namespace_prefix);
  return quote(ascii::equal_folded(wire, "INBOX") ? "INBOX" : wire);
}

// Names that would come back to the server as others: not modified UTF-7, or with a '/' that separates nothing.
void ImapSession::State::keep_odd_name(const std::string& name, const std::string& wire) {
  constexpr std::string_view unspeakable("\r\n\0", 3);
  if (wire.find_first_of(unspeakable) != std::string::npos) return;
  const auto argument = folder_argument(name);
  if (!argument || *argument != quote(wire)) odd_names.insert_or_assign(name, wire);
}

Result<std::vector<FolderEntry>> ImapSession::list(std::string_view pattern) {
  std::vector<FolderEntry> folders;
  const auto take = [&](const ImapResponse& response) -> Result<void> {
    const auto* found = std::get_if<ImapList>(&response);
    if (found == nullptr) return {};
    folders.push_back({from_modified_utf7(found->name), found->separator, found->flags});
    state_->keep_odd_name(folders.back().name, found->name);
    return {};
  };
  TRY(const auto argument, state_->folder_argument(pattern));
  TRY_VOID(state_->channel.run_ok("LIST \"\" " + argument, {.untagged = take, .body_begin = {}, .body_chunk = {}}));
  return folders;
}

bool FolderEntry::selectable() const {
  for (const auto& flag : flags)
    if (ascii::equal_folded(flag, "\\Noselect") || ascii::equal_folded(flag, "\\NonExistent")) return false;
  return true;
}

namespace {

std::uint32_t number_of(std::string_view text) {
  std::uint64_t value = 0;
  for (const char c : text.substr(0, 10)) {
    if (c < '0' || c > '9') return 0;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value > 0xffffffff ? 0 : static_cast<std::uint32_t>(value);
}

void take_folder_status(const ImapStatus& status, FolderState& folder) {
  if (status.code == "UIDVALIDITY") folder.uid_validity = number_of(status.arguments);
  if (status.code == "UIDNEXT") folder.uid_next = number_of(status.arguments);
  if (status.code == "PERMANENTFLAGS") folder.permanent_flags = parse_flag_list(status.arguments);
  if (status.code == "READ-ONLY") folder.read_only = true;
}

model::Error not_selected(std::string_view name, const ImapStatus& status) {
  auto error = refused("folder \"" + quoted_for_message(name) + "\"", status);
  // Few servers send NONEXISTENT (RFC 5530 section 3): NO without a code says the same.
  if (status.condition == Condition::no && (status.code.empty() || status.code == "NONEXISTENT"))
    return {"mailbox-folder-missing", error.message, "check the folder's name, or create it"};
  return error;
}

}  // namespace

// RFC 3501 section 6.3.1
Result<FolderState> ImapSession::select(std::string_view folder, Access access) {
  FolderState state;
  state.read_only = access == Access::read_only;
  const auto take = [&](const ImapResponse& response) -> Result<void> {
    if (const auto* status = std::get_if<ImapStatus>(&response)) take_folder_status(*status, state);
    return {};
  };
  TRY(const auto argument, state_->folder_argument(folder));
  state_->channel.forget_folder();
  TRY(const auto status, state_->channel.run((access == Access::read_only ? "EXAMINE " : "SELECT ") + argument,
                                             {.untagged = take, .body_begin = {}, .body_chunk = {}}));
  if (status.condition != Condition::ok) return failure(not_selected(folder, status));
  take_folder_status(status, state);
  if (!state_->channel.is_counted())  // RFC 3501 section 6.3.1: the server must tell
    return failure("mailbox-folder-unclear",
                   "the server does not say how many mails folder \"" + quoted_for_message(folder) + "\" holds",
                   "the server breaks the protocol, or is no IMAP server");
  state.exists = state_->channel.exists();
  state_->channel.forget_change();
  if (state.uid_validity == 0)
    return failure("mailbox-no-uids",
                   "the server provides no UIDVALIDITY for folder \"" + quoted_for_message(folder) + "\"",
                   "mails of this folder cannot be distinguished: use POP3 or another server");
  return state;
}

Result<void> ImapSession::create(std::string_view folder) {
  TRY(const auto argument, state_->folder_argument(folder));
  TRY(const auto status, state_->channel.run("CREATE " + argument));
  if (status.condition == Condition::ok || status.code == "ALREADYEXISTS") return {};
  // RFC 5530 is not everywhere: look whether it is there.
  TRY(const auto found, list(folder));
  if (!found.empty()) return {};
  return failure(refused("to create folder \"" + quoted_for_message(folder) + "\"", status));
}

Result<std::uint32_t> ImapSession::noop() {
  TRY_VOID(state_->channel.run_ok("NOOP"));
  state_->channel.forget_change();
  return state_->channel.exists();
}

// RFC 2177 section 3
Result<IdleEnd> ImapSession::idle(std::chrono::milliseconds patience, int wake_descriptor) {
  auto& channel = state_->channel;
  if (!channel.has("IDLE")) return failure("mailbox-no-idle", "the server does not offer IDLE", "poll instead");
  const auto end = std::chrono::steady_clock::now() + patience;
  TRY(const auto tag, channel.send("IDLE"));
  TRY(const auto asked, channel.continuation(tag));
  auto outcome = IdleEnd::deadline;
  while (asked) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    TRY(const auto readable, channel.listen(left, wake_descriptor));
    if (channel.folder_changed()) outcome = IdleEnd::changed;
    if (readable == Readable::woken) outcome = IdleEnd::woken;
    if (outcome != IdleEnd::deadline || left.count() <= 0) break;
  }
  if (asked) TRY_VOID(channel.send_line("DONE"));
  TRY(const auto status, channel.finish(tag));
  if (status.condition != Condition::ok)
    return failure("mailbox-no-idle", refused("IDLE", status).message, "poll instead");
  channel.forget_change();
  return outcome;
}

Result<void> ImapSession::logout() {
  TRY_VOID(state_->channel.run_ok("LOGOUT"));
  return {};
}

}  // namespace ruaudit::ingest::mailbox
