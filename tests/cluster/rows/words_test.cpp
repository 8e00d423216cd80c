// A word that the tables of a cluster lack would keep every report that has it, and those behind it, from being
// shipped.
#include "cluster/rows/words.hpp"

#include <catch2/catch.hpp>
#include <regex>

#include "store/sqlite/schema.hpp"

using namespace ruaudit::cluster;

namespace {

// The words of "CHECK (column IN ('a', 'b'))" in the table of the schema, in their order.
std::vector<std::string> words_of_schema(std::string_view table, std::string_view column) {
  const std::string schema(ruaudit::store::schema_sql);
  std::vector<std::string> words;
  auto at = schema.find("CREATE TABLE " + std::string(table) + " (");
  REQUIRE(at != std::string::npos);
  const std::regex list("CHECK \\(" + std::string(column) + " +IN \\(");
  std::smatch match;
  REQUIRE(std::regex_search(schema.cbegin() + static_cast<std::ptrdiff_t>(at), schema.cend(), match, list));
  at += static_cast<std::size_t>(match.position());
  const auto end = schema.find("))", at);
  for (at = schema.find('\'', at); at < end; at = schema.find('\'', at + 1)) {
    const auto close = schema.find('\'', at + 1);
    words.push_back(schema.substr(at + 1, close - at - 1));
    at = close;
  }
  return words;
}

}  // namespace

TEST_CASE("the enumerations of a cluster's tables have every word that the database can hold") {
  struct Enumeration {
    Words words;
    std::string_view table, column;
  };
  for (const auto& one : {Enumeration{disposition_words, "verdict", "disposition"},
                          {evaluated_words, "verdict", "dkim"},
                          {evaluated_words, "verdict", "spf"},
                          {auth_words, "verdict", "dkim_auth"},
                          {auth_words, "verdict", "spf_auth"},
                          {authenticity_words, "report", "authenticity"},
                          {mechanism_words, "auth_result", "mechanism"},
                          {scope_words, "auth_result", "scope"},
                          {result_words, "auth_result", "result"},
                          {override_words, "policy_override", "type"}}) {
    CAPTURE(one.table, one.column);
    const auto found = words_of_schema(one.table, one.column);
    CHECK_FALSE(found.empty());
    for (const auto& word : found) {
      CAPTURE(word);
      CHECK(place_of_word(one.words, word));
    }
  }
}
