#include "jobs/judge/dns_source.hpp"

#include <chrono>
#include <cstdlib>

#include "jobs/judge/request.hpp"
#include "jobs/process/clock.hpp"
#include "verify/dns/zone.hpp"

namespace ruaudit::jobs {

namespace dns = verify::dns;

// A run over many samples must not ask again within the TTL what it has asked.
constexpr std::size_t max_cached_answers = 200'000;

bool is_offline_by_environment() {
  const char* value = std::getenv("RUAUDIT_OFFLINE");
  return value != nullptr && *value != '\0';
}

model::Result<DnsSource> DnsSource::open(const DnsRequest& request) {
  if (int{request.zone.has_value()} + int{request.evidence.has_value()} + int{request.server.has_value()} > 1)
    return model::failure("usage", "--zone, --evidence and --resolver exclude each other");
  DnsSource source;
  if (request.zone) {
    TRY_VOID(source.open_zone(*request.zone));
  } else if (request.evidence) {
    TRY_VOID(source.open_evidence(*request.evidence));
  } else {
    auto server = request.server;
    if (!server && !request.usual_server.empty()) server = request.usual_server;
    TRY_VOID(source.open_live(server));
  }
  return source;
}

model::Result<void> DnsSource::open_live(const std::optional<std::string>& server) {
  dns::LiveOptions options;
  if (server) {
    const auto address = dns::ServerAddress::parse(*server);
    if (!address) return model::failure("usage", "--resolver: " + address.error().message, address.error().hint);
    options.server = *address;
  }
  TRY(live_, dns::LiveResolver::open(options, epoch_now));
  options.try_timeout = std::chrono::milliseconds(1000);
  options.tries = 1;
  TRY(probe_, dns::LiveResolver::open(options, epoch_now));
  cache_ = std::make_unique<dns::AnswerCache>(epoch_now, dns::CacheLimits{.max_entries = max_cached_answers});
  resolver_ = std::make_unique<dns::CachingResolver>(*live_, *cache_, live_->id());
  return {};
}

bool DnsSource::is_answering() const {
  if (!probe_) return true;
  // Any answer will do, also that there is none.
  return probe_->query("example.com", dns::RecordType::TXT).status != dns::Status::timeout;
}

model::Result<void> DnsSource::open_zone(const std::string& path) {
  TRY(const auto text, read_octets(path, dns::ZoneLimits{}.max_bytes));
  auto zone = dns::Zone::parse(text);
  if (!zone) return model::failure(zone.error().in(path));
  resolver_ = std::make_unique<dns::ZoneResolver>(std::move(*zone), epoch_now, "zone:" + path);
  return {};
}

model::Result<void> DnsSource::open_evidence(const std::string& path) {
  TRY(const auto text, read_octets(path, dns::max_evidence_bytes));
  auto evidence = dns::parse_evidence(text);
  if (!evidence) return model::failure(evidence.error().in(path));
  time_ = evidence->time;
  suffix_list_ = evidence->suffix_list;
  resolver_ = std::make_unique<dns::RecordedResolver>(std::move(*evidence));
  return {};
}

}  // namespace ruaudit::jobs
