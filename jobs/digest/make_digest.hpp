// The judgement of one moment, and the digest of it: reads facts and what was told, classes the sources, finds,
// compares. Saves nothing: whoever delivers the digest saves it then (store::save_delivered).
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "jobs/digest/judgement.hpp"
#include "model/digest.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::jobs {

struct MadeDigest {
  model::Digest digest{};
  std::unique_ptr<Judgement> judgement{};  // on which it rests
};

// The digest of this name against the last one that was delivered, or against what had been told until `since`: what is
// new since then is new again, what was told as over since then is not told again.
model::Result<MadeDigest> make_digest(store::Database& database, const JudgeRequest& request,
                                      const std::string& digest_name, std::optional<std::int64_t> since = {});

}  // namespace ruaudit::jobs
