// The options that say where a command asks DNS, and the source they name.
#pragma once
#include "cli/options/options.hpp"
#include "jobs/judge/dns_source.hpp"
#include "jobs/process/console.hpp"

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

// --zone, --evidence or --resolver, at most one of them; none: the configuration's resolver, and where it names none
// the system's. Errors are those of DnsSource::open() and, where none of the three is given, of load_configuration().
model::Result<jobs::DnsSource> open_dns(const Options& options);

// The same for commands that need nothing else of the configuration, such as `verify`: where none was named and the one
// in its usual place is another user's, or is wrong, this is said on standard error and the system's resolver is asked.
model::Result<jobs::DnsSource> open_dns(const Options& options, jobs::Console& console);

}  // namespace ruaudit::cli
