// What is wrong with the tool itself, one sentence each, most severe first: the mailbox, silent reporters, recipients
// that did not get the last digest, the disk, mails that wait, the age of the data.
#pragma once
#include <string>
#include <vector>

#include "model/digest.hpp"
#include "model/facts/intake_facts.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::jobs {

struct HealthRequest {
  store::Database& database;
  const model::IntakeFacts& intake;
  const std::string& database_path;         // empty: the disk is not looked at
  const std::vector<std::string>& refused;  // recipients of the last digest, with the answers
  const std::string& own_database;          // see JudgeRequest
};

std::vector<model::Sentence> health_troubles(const model::Digest& digest, const HealthRequest& request);

}  // namespace ruaudit::jobs
