// What `authenticate` and `reverify` work with: the database, to which no other run writes in the meantime, the list of
// public suffixes, and DNS unless only stored answers are used. In: the options --db, --wait, --public-suffix-list,
// --resolver and --zone. Owns all of it.
#pragma once
#include <cstdint>
#include <optional>

#include "cli/options/database_path.hpp"
#include "cli/options/dns_options.hpp"
#include "cli/options/suffix_list.hpp"
#include "store/care/ingest_lock.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::cli {

enum class DnsUse : std::uint8_t { asked, kept };

struct JudgingTools {
  std::optional<jobs::DnsSource> source;  // nothing: DnsUse::kept
  verify::suffix::PublicSuffixList list;
  store::Database database;
  store::IngestLock lock;
  [[nodiscard]] verify::dns::Resolver* resolver() const { return source ? &source->resolver() : nullptr; }
};

// Catches stop signals from then on. Errors are those of its parts.
model::Result<JudgingTools> judging_tools(const Options& options, DnsUse use);

}  // namespace ruaudit::cli
