// Where `ruaudit verify` asks: the system's resolvers or one that is given, through a cache; a zone file; or recorded
// evidence. Options enter, one Resolver leaves that all threads share.
#pragma once
#include <memory>
#include <optional>

#include "cli/options.hpp"
#include "verify/dns/cache.hpp"
#include "verify/dns/evidence.hpp"
#include "verify/dns/live_resolver.hpp"

namespace ruaudit::cli {

// What commands have in common that ask DNS at their end, unless they are told to be offline.
inline constexpr OptionSpec offline_option = {"offline", OptionKind::flag, "",
                                              "do not ask DNS now: authenticate and reverify do it later"};
inline constexpr OptionSpec resolver_option = {"resolver", OptionKind::value, "ADDR[@PORT]",
                                               "name server to ask; default the configuration's, else the system's"};
inline constexpr OptionSpec zone_option = {"zone", OptionKind::value, "FILE",
                                           "answer DNS from a master file or JSON; nothing is asked"};

// --offline; also where $RUAUDIT_OFFLINE is set to something and neither --zone nor --resolver is given.
bool is_offline(const Options& options);

class DnsSource {
 public:
  // --zone, --evidence or --resolver, at most one of them; none: `server`, and where that is empty the system's
  // resolvers. Errors: usage, resolver-address, resolver, zone-file, evidence, verify-input.
  static model::Result<DnsSource> open(const Options& options, const std::string& server = {});
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

}  // namespace ruaudit::cli
