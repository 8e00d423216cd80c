// What `enrich` asks and keeps of source addresses: reverse names, network, today's SPF result of an address for each
// domain in whose name it sent. Reads which answers are due, writes answers in transactions of the caller's size. An
// answer that DNS did not give (`unknown`) is kept too, so that it is not asked again at once.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/facts/sender_facts.hpp"
#include "model/ip_address.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

struct DueSource {
  std::int64_t source_key = 0;
  model::IpAddress address;
};
struct DueRequest {
  std::int64_t now = 0;
  std::string first_day{};  // sources that sent since then are kept up to date
  std::size_t most = 256;
};
// Sources after a key whose reverse names were never asked, or have expired and who still send.
model::Result<std::vector<DueSource>> due_reverse(Database& database, const DueRequest& request, std::int64_t behind);
// Sources after a key that were not looked up in the network files of this build.
model::Result<std::vector<DueSource>> due_network(Database& database, const std::string& build, std::int64_t behind,
                                                  std::size_t most);

struct DueSpf {
  std::int64_t source_key = 0;
  model::IpAddress address;
  std::string domain;
};
// Domains in whose name an address sent since `first_day` (header_from and envelope domain), never asked or expired.
model::Result<std::vector<DueSpf>> due_spf(Database& database, const DueRequest& request);

// Domains of header_from whose organizational domain is not known yet, and what is found of them.
struct HeaderDomain {
  std::string name, organizational_domain;
};
model::Result<std::vector<std::string>> new_header_domains(Database& database);
model::Result<void> save_header_domains(Database& database, const std::vector<HeaderDomain>& domains);

struct ReverseAnswer {
  std::int64_t source_key = 0;
  model::ReverseStatus status = model::ReverseStatus::unknown;
  std::vector<model::ReverseName> names;
  std::int64_t asked_at = 0, expires = 0;
};
struct NetworkAnswer {
  std::int64_t source_key = 0;
  std::string country, network;  // "" where not known
  std::optional<std::int64_t> asn;
  std::int64_t looked_at = 0;
  std::string build;
};
struct SpfAnswer {
  std::int64_t source_key = 0;
  model::SpfToday spf;
  std::int64_t asked_at = 0, expires = 0;
};

class EnrichmentWriter {
 public:
  // `database` must outlive the writer; the caller holds the IngestLock.
  static model::Result<EnrichmentWriter> create(Database& database);
  EnrichmentWriter(EnrichmentWriter&&) noexcept;
  EnrichmentWriter& operator=(EnrichmentWriter&&) noexcept;
  ~EnrichmentWriter();

  // Each call is one transaction.
  model::Result<void> save(const std::vector<ReverseAnswer>& answers);
  model::Result<void> save(const std::vector<NetworkAnswer>& answers);
  model::Result<void> save(const std::vector<SpfAnswer>& answers);

 private:
  struct State;
  explicit EnrichmentWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::store
