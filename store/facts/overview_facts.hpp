// The few facts of an overview that judgement does without: policies that reporters saw, rows of the big receivers'
// reports, and what contradicts itself. Days are 'YYYY-MM-DD', both included.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/facts/summary_facts.hpp"
#include "model/receiver_rows.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

// By policy domain; by first day.
model::Result<std::map<std::string, std::vector<model::PolicyFacts>>> read_seen_policies(Database& database);

// Sums of countable rows of Gmail, Yahoo and Outlook.com, by the names they report under.
model::Result<std::vector<model::ReceiverRow>> read_receiver_rows(Database& database, const std::string& first_day,
                                                                  const std::string& last_day);

model::Result<std::vector<model::CountedRow>> read_contradictions(Database& database, const std::string& first_day,
                                                                  const std::string& last_day);
// Countable rows without an address: they are in no stream.
model::Result<std::vector<model::CountedRow>> read_unaddressed(Database& database);

}  // namespace ruaudit::store
