// Rows of two statements beside each other, value by value: type and content.
#pragma once
#include <string_view>

#include "model/result.hpp"

struct sqlite3;

namespace ruaudit::store {

class Statement;

// Of the current rows of both.
bool is_same_row(const Statement& one, const Statement& other, int columns);

// Whether both give the same rows in the same order.
model::Result<bool> give_same_rows(sqlite3* db, std::string_view one, std::string_view other);

}  // namespace ruaudit::store
