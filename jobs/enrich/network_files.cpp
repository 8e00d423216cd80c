#include "jobs/enrich/network_files.hpp"

#include <arpa/inet.h>
#include <maxminddb.h>
#include <netinet/in.h>

#include <array>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <span>

namespace ruaudit::jobs {
namespace {

// Ways to a fact in the schemas that are met; the first that leads anywhere counts.
using Way = std::array<const char*, 3>;
constexpr Way country_ways[] = {{"country", "iso_code", nullptr},             // MaxMind, DB-IP
                                {"registered_country", "iso_code", nullptr},  // MaxMind, where the place is not known
                                {"country_code", nullptr, nullptr},           // ip-location-db, IPinfo lite
                                {"country", nullptr, nullptr}};               // IPinfo
constexpr Way asn_ways[] = {{"autonomous_system_number", nullptr, nullptr}, {"asn", nullptr, nullptr}};
constexpr Way network_ways[] = {{"autonomous_system_organization", nullptr, nullptr},
                                {"as_name", nullptr, nullptr},
                                {"as_organization", nullptr, nullptr},
                                {"name", nullptr, nullptr}};

using Data = MMDB_entry_data_s;

std::optional<Data> look_up(MMDB_entry_s entry, const Way& way) {
  Data data{};
  const std::array<const char*, 4> path{way[0], way[1], way[2], nullptr};
  if (MMDB_aget_value(&entry, &data, path.data()) != MMDB_SUCCESS || !data.has_data) return std::nullopt;
  return data;
}

// libmaxminddb hands values as a union.  NOLINTBEGIN(cppcoreguidelines-pro-type-union-access)
std::string text_at(const MMDB_entry_s& entry, std::span<const Way> ways) {
  for (const Way& way : ways) {
    const auto data = look_up(entry, way);
    if (data && data->type == MMDB_DATA_TYPE_UTF8_STRING && data->data_size > 0)
      return {data->utf8_string, data->data_size};
  }
  return {};
}

std::optional<std::int64_t> asn_of(std::string_view text) {
  if (text.starts_with("AS") || text.starts_with("as")) text.remove_prefix(2);
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return number;
}

std::optional<std::int64_t> number_at(const MMDB_entry_s& entry, std::span<const Way> ways) {
  for (const Way& way : ways) {
    const auto data = look_up(entry, way);
    if (!data) continue;
    if (data->type == MMDB_DATA_TYPE_UINT32) return data->uint32;
    if (data->type == MMDB_DATA_TYPE_UINT16) return data->uint16;
    if (data->type == MMDB_DATA_TYPE_UINT64) return static_cast<std::int64_t>(data->uint64);
    if (data->type == MMDB_DATA_TYPE_UTF8_STRING) return asn_of({data->utf8_string, data->data_size});
  }
  return std::nullopt;
}
// NOLINTEND(cppcoreguidelines-pro-type-union-access)

// Two upper-case letters; IPinfo's flat "country" may be a name, which is no code.
std::string country_code(const std::string& text) {
  if (text.size() != 2) return {};
  std::string code;
  for (const char c : text) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (upper < 'A' || upper > 'Z') return {};
    code += upper;
  }
  return code;
}

sockaddr_storage socket_address(const model::IpAddress& address) {
  sockaddr_storage storage{};
  if (address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(address.v4_bits());
    std::memcpy(&storage, &v4, sizeof v4);
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    std::memcpy(&v6.sin6_addr, address.key().data(), address.key().size());
    std::memcpy(&storage, &v6, sizeof v6);
  }
  return storage;
}

struct OpenFile {
  MMDB_s handle{};
  bool is_open = false;
  OpenFile() = default;
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (is_open) MMDB_close(&handle);
  }
};

}  // namespace

struct NetworkFiles::State {
  std::vector<std::unique_ptr<OpenFile>> files;
  std::string build;
};

NetworkFiles::NetworkFiles(std::unique_ptr<State> state) : state_(std::move(state)) {}
NetworkFiles::NetworkFiles(NetworkFiles&&) noexcept = default;
NetworkFiles& NetworkFiles::operator=(NetworkFiles&&) noexcept = default;
NetworkFiles::~NetworkFiles() = default;

model::Result<NetworkFiles> NetworkFiles::open(const std::vector<std::string>& paths) {
  auto state = std::make_unique<State>();
  for (const auto& path : paths) {
    auto file = std::make_unique<OpenFile>();
    const int code = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &file->handle);
    if (code != MMDB_SUCCESS)
      return model::failure("network-file", path + ": " + MMDB_strerror(code),
                            "network_files names MMDB files, e.g. dbip-country-lite.mmdb");
    file->is_open = true;
    const auto& metadata = file->handle.metadata;
    state->build += std::filesystem::path(path).filename().string() + " " + metadata.database_type + " " +
                    std::to_string(metadata.build_epoch) + ";";
    state->files.push_back(std::move(file));
  }
  return NetworkFiles(std::move(state));
}

NetworkFacts NetworkFiles::find(const model::IpAddress& address) const {
  NetworkFacts facts;
  const auto storage = socket_address(address);
  for (const auto& file : state_->files) {
    int code = MMDB_SUCCESS;
    // A file of IPv4 alone answers with an error for IPv6, which is: not known.
    const auto found = MMDB_lookup_sockaddr(&file->handle, reinterpret_cast<const sockaddr*>(&storage), &code);
    if (code != MMDB_SUCCESS || !found.found_entry) continue;
    if (facts.country.empty()) facts.country = country_code(text_at(found.entry, country_ways));
    if (facts.country.empty()) facts.country = country_code(text_at(found.entry, std::span(country_ways).subspan(2)));
    if (!facts.asn) facts.asn = number_at(found.entry, asn_ways);
    if (facts.network.empty()) facts.network = text_at(found.entry, network_ways);
  }
  return facts;
}

const std::string& NetworkFiles::build() const { return state_->build; }
bool NetworkFiles::is_empty() const { return state_->files.empty(); }

}  // namespace ruaudit::jobs
