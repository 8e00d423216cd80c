#include "cluster/server/client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "cluster/server/answer.hpp"
#include "ingest/mailbox/auth/curl_transfer.hpp"

namespace ruaudit::cluster {
namespace {

using ingest::mailbox::CurlHandle;
using ingest::mailbox::CurlList;

constexpr std::size_t max_answer_octets = std::size_t{1} << 30U;

struct Received {
  std::string body;
  bool is_too_long = false;
};

std::size_t receive(char* data, std::size_t size, std::size_t count, void* user) noexcept {
  auto& received = *static_cast<Received*>(user);
  if (received.body.size() + size * count > max_answer_octets) {
    received.is_too_long = true;
    return 0;
  }
  try {
    received.body.append(data, size * count);
  } catch (...) {
    received.is_too_long = true;
    return 0;
  }
  return size * count;
}

bool append_line(CurlList& list, const std::string& line) {
  curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) return false;
  static_cast<void>(list.release());
  list.reset(longer);
  return true;
}

int is_asked_to_stop(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
  const auto& stop = static_cast<const Place*>(user)->stop;
  return stop && stop() ? 1 : 0;
}

std::string escaped(CURL* curl, std::string_view text) {
  char* const out = curl_easy_escape(curl, text.data(), static_cast<int>(text.size()));
  std::string result = out == nullptr ? "" : out;
  curl_free(out);
  return result;
}

struct Version {
  unsigned major = 0, minor = 0;
};
Version version_of(std::string_view text) {
  Version version;
  const char* const end = text.data() + text.size();
  const auto [dot, fault] = std::from_chars(text.data(), end, version.major);
  if (fault == std::errc{} && dot != end) std::from_chars(dot + 1, end, version.minor);
  return version;
}

// Of several servers of another shard a server asks the first of its remote_servers that it reaches, if that has what
// was inserted a second ago.
constexpr std::string_view settings_of_all = "&load_balancing=in_order&max_replica_delay_for_distributed_queries=1";

// What a server before 19 must be told and later ones need not.
constexpr std::string_view settings_of_18 = "&allow_experimental_low_cardinality_type=1";
constexpr unsigned first_major_with_low_cardinality = 19;
constexpr Version oldest_version{18, 16};

}  // namespace

struct Client::State {
  Place place;
  std::string url;
  CurlHandle handle;
  CurlList header;
  std::string version;
  std::string settings;

  void set_limits(CURL* curl);
  model::Result<std::string> post(const std::string& question, std::string_view body);
  model::Error transfer_error(CURLcode code, const char* detail) const;
};

Client::Client(std::unique_ptr<State> state) : state_(std::move(state)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

const std::string& Client::url() const { return state_->url; }
const std::string& Client::version() const { return state_->version; }

model::Result<Client> Client::connect(const Place& place, std::size_t shard, std::size_t server) {
  auto state = std::make_unique<State>(
      State{place, place.shards.at(shard).at(server), CurlHandle(curl_easy_init()), CurlList(), {}, {}});
  const bool is_ready = state->handle && append_line(state->header, "X-ClickHouse-User: " + place.user) &&
                        append_line(state->header, "X-ClickHouse-Key: " + place.password) &&
                        append_line(state->header, "Content-Type: application/octet-stream") &&
                        append_line(state->header, "Expect:");
  if (!is_ready) return model::failure("cluster-unreached", "no memory for a connection to " + state->url);
  Client client(std::move(state));
  TRY(const auto rows, client.ask("SELECT version()", 1));
  State& s = *client.state_;
  if (rows.rows.size() == 1) s.version = rows.rows[0][0].value_or("");
  const auto version = version_of(s.version);
  if (version.major < oldest_version.major ||
      (version.major == oldest_version.major && version.minor < oldest_version.minor))
    return model::failure("cluster-older", fmt::format("{} is ClickHouse '{}'", s.url, printable_answer(s.version)),
                          "ruaudit needs 18.16 or later");
  if (version.major < first_major_with_low_cardinality) s.settings = settings_of_18;
  return client;
}

model::Error Client::State::transfer_error(CURLcode code, const char* detail) const {
  const std::string what = fmt::format("{}: {}", url, *detail != '\0' ? detail : curl_easy_strerror(code));
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return {
          "cluster-certificate", what,
          "ca_file of [cluster] names the certificates that may sign the server's; the name in the URL must be in it"};
    case CURLE_ABORTED_BY_CALLBACK:
      return {"cluster-stopped", url + ": stopped while waiting for an answer", ""};
    case CURLE_OPERATION_TIMEDOUT:
      return {"cluster-silent", what, "what was to be shipped is kept here, and the next run ships it"};
    default:
      return {"cluster-unreached", what, "is the server running, and is the URL right?"};
  }
}

void Client::State::set_limits(CURL* curl) {
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, static_cast<long>(place.connect_timeout_seconds));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(place.timeout_seconds));
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_asked_to_stop);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &place);
}

model::Result<std::string> Client::State::post(const std::string& question, std::string_view body) {
  CURL* const curl = handle.get();
  curl_easy_reset(curl);  // the connection stays
  ingest::mailbox::protect_transfer(curl, "https", place.ca_file);
  set_limits(curl);
  Received received;
  std::array<char, CURL_ERROR_SIZE> detail{};
  // An error in the middle of an answer would come as a part of it: the server is to wait until it has all.
  const std::string address =
      fmt::format("{}/?wait_end_of_query=1&max_query_size=16777216{}{}{}", url, settings_of_all, settings, question);
  curl_easy_setopt(curl, CURLOPT_URL, address.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, header.get());
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &received);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail.data());
  const CURLcode code = curl_easy_perform(curl);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (received.is_too_long)
    return model::failure("cluster-refused", url + ": the answer is longer than 1 GiB", "ask for less");
  if (status == 0 || code != CURLE_OK) return model::failure(transfer_error(code, detail.data()));
  if (status != 200) return model::failure(answer_error(url, status, received.body));
  return std::move(received.body);
}

model::Result<void> Client::run(std::string_view sql) {
  TRY_VOID(state_->post("", sql));
  return {};
}

model::Result<Rows> Client::ask(std::string_view select, std::size_t columns) {
  TRY(const auto answer, state_->post("", std::string(select) + " FORMAT TabSeparatedWithNamesAndTypes"));
  auto rows = rows_of_answer(answer, columns);
  if (!rows) return model::failure(rows.error().in(state_->url));
  return rows;
}

model::Result<std::string> Client::fetch(std::string_view select) {
  return state_->post("", std::string(select) + " FORMAT Native");
}

model::Result<void> Client::insert(std::string_view into, std::string_view native) {
  const std::string sql = fmt::format("INSERT INTO {} FORMAT Native", into);
  TRY_VOID(state_->post("&query=" + escaped(state_->handle.get(), sql), native));
  return {};
}

}  // namespace ruaudit::cluster
