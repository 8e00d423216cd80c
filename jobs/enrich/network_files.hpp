// Country and network of an address from MMDB files that the owner keeps: those of MaxMind (GeoLite2, nested), DB-IP
// (nested), IPinfo (flat) and ip-location-db (flat). Where several files know a fact, the first does. Owns the open
// files; may be asked by one thread at a time.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/ip_address.hpp"
#include "model/result.hpp"

namespace ruaudit::jobs {

struct NetworkFacts {
  std::string country{};  // ISO 3166-1, upper case; "" where no file knows
  std::optional<std::int64_t> asn{};
  std::string network{};  // name of the AS
  bool operator==(const NetworkFacts&) const = default;
};

class NetworkFiles {
 public:
  // Error "network-file": which file, and why it cannot be used.
  static model::Result<NetworkFiles> open(const std::vector<std::string>& paths);
  NetworkFiles(NetworkFiles&&) noexcept;
  NetworkFiles& operator=(NetworkFiles&&) noexcept;
  ~NetworkFiles();

  [[nodiscard]] NetworkFacts find(const model::IpAddress& address) const;
  // Changes when a file is another: name, type and time of the build of each.
  [[nodiscard]] const std::string& build() const;
  [[nodiscard]] bool is_empty() const;

 private:
  struct State;
  explicit NetworkFiles(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::jobs
