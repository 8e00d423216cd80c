// The owner's labels: what he says of an address, a network, a domain, a selector or a service.
#pragma once
#include <string>
#include <vector>

#include "model/facts/sender_facts.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

// In place of an older label of the same subject.
model::Result<void> save_label(Database& database, const model::Label& label);
// False where there was none.
model::Result<bool> remove_label(Database& database, model::LabelKind kind, const std::string& subject);
// By kind and subject.
model::Result<std::vector<model::Label>> labels(Database& database);

}  // namespace ruaudit::store
