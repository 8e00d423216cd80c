// Where a job asks DNS: the system's resolvers or one that is given, through a cache; a zone file; or recorded
// evidence. A request enters, one Resolver leaves that all threads share.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "verify/dns/cache.hpp"
#include "verify/dns/evidence.hpp"
#include "verify/dns/live_resolver.hpp"

namespace ruaudit::jobs {

// At most one of the first three; none: `usual_server`, and where that is empty the system's resolvers.
struct DnsRequest {
  std::optional<std::string> zone{};      // a master file or JSON
  std::optional<std::string> evidence{};  // answers recorded by `ruaudit verify`
  std::optional<std::string> server{};    // ADDR[@PORT]
  std::string usual_server{};
};

// True where $RUAUDIT_OFFLINE is set to something: nobody is asked unless a source is named.
bool is_offline_by_environment();

class DnsSource {
 public:
  // Errors: usage, resolver-address, resolver, zone-file, evidence, verify-input.
  static model::Result<DnsSource> open(const DnsRequest& request);

  // False where live servers do not answer within a second.
  [[nodiscard]] bool is_answering() const;
  [[nodiscard]] verify::dns::Resolver& resolver() const { return *resolver_; }
  // Of evidence: its clock and the version of its list.
  [[nodiscard]] std::optional<std::int64_t> time() const { return time_; }
  [[nodiscard]] const std::string& suffix_list() const { return suffix_list_; }

 private:
  DnsSource() = default;
  model::Result<void> open_live(const std::optional<std::string>& server);
  model::Result<void> open_zone(const std::string& path);
  model::Result<void> open_evidence(const std::string& path);

  std::unique_ptr<verify::dns::LiveResolver> live_, probe_;
  std::unique_ptr<verify::dns::AnswerCache> cache_;
  std::unique_ptr<verify::dns::Resolver> resolver_;
  std::optional<std::int64_t> time_;
  std::string suffix_list_;
};

}  // namespace ruaudit::jobs
