#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "report/summary.hpp"
#include "tests/paths.hpp"
#include "tests/report/planted_facts.hpp"

using namespace ruaudit::report;
using nlohmann::json;

namespace {

// As much of JSON Schema as docs/summary.schema.json uses: type, required, properties, additionalProperties false,
// items, enum, const, $ref to $defs.
class Checker {
 public:
  explicit Checker(json schema) : root_(std::move(schema)) {}

  std::vector<std::string> check(const json& value) {
    check(value, root_, "$");
    return faults_;
  }

 private:
  void check(const json& value, const json& schema, const std::string& where) {
    if (schema.contains("$ref"))
      return check(value, root_.at("$defs").at(schema["$ref"].get<std::string>().substr(8)), where);
    if (schema.contains("type") && !has_type(value, schema["type"])) fault(where, "is no " + schema["type"].dump());
    if (schema.contains("const") && value != schema["const"]) fault(where, "is not " + schema["const"].dump());
    if (schema.contains("enum") &&
        std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end())
      fault(where, "is not in " + schema["enum"].dump());
    if (value.is_object()) check_object(value, schema, where);
    if (value.is_array() && schema.contains("items"))
      for (std::size_t i = 0; i < value.size(); ++i)
        check(value[i], schema["items"], where + "[" + std::to_string(i) + "]");
  }

  void check_object(const json& value, const json& schema, const std::string& where) {
    for (const auto& name : schema.value("required", json::array()))
      if (!value.contains(name.get<std::string>())) fault(where, "lacks " + name.get<std::string>());
    const auto properties = schema.value("properties", json::object());
    for (const auto& [name, member] : value.items()) {
      if (properties.contains(name))
        check(member, properties[name], where + "." + name);
      else if (schema.value("additionalProperties", true) == false)
        fault(where, "has an undescribed " + name);
    }
  }

  static bool has_type(const json& value, const json& type) {
    if (type.is_array())
      return std::any_of(type.begin(), type.end(), [&](const json& one) { return has_type(value, one); });
    const auto name = type.get<std::string>();
    return (name == "object" && value.is_object()) || (name == "array" && value.is_array()) ||
           (name == "string" && value.is_string()) || (name == "integer" && value.is_number_integer()) ||
           (name == "boolean" && value.is_boolean()) || (name == "null" && value.is_null());
  }

  void fault(const std::string& where, const std::string& what) { faults_.push_back(where + " " + what); }

  json root_;
  std::vector<std::string> faults_;
};

json schema() {
  std::ifstream in(ruaudit::test::source_path("docs/summary.schema.json"));
  REQUIRE(in.is_open());
  return json::parse(in);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find("\r\n", at);
    lines.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  return lines;
}

}  // namespace

TEST_CASE("the JSON summary is what its schema describes") {
  for (const bool is_open : {false, true}) {
    auto context = planted::context();
    if (is_open) context.period = {{}, "", "", "UTC", "all days"};
    const auto value = json::parse(summary_json(planted::month(), context));
    CHECK(Checker(schema()).check(value) == std::vector<std::string>{});
    CHECK(value["version"] == summary_json_version);
  }
  CHECK(Checker(schema()).check(json::parse(summary_json({}, planted::context()))).empty());
}

TEST_CASE("the JSON summary tells when each mailbox was visited and how that ended") {
  auto facts = planted::month();
  CHECK(json::parse(summary_json(facts, planted::context()))["mailboxes"] == json::array());
  facts.mailboxes = {
      {.name = "late", .last_attempt = 20, .last_success = {}, .failures = 2, .messages = 0, .error = "no \x1b answer"},
      {.name = "well", .last_attempt = 30, .last_success = 30, .failures = 0, .messages = 5, .error = {}}};
  const auto value = json::parse(summary_json(facts, planted::context()));
  CHECK(Checker(schema()).check(value) == std::vector<std::string>{});
  CHECK(value["mailboxes"] == json::parse(R"([
    {"name": "late", "last_attempt": 20, "last_success": null, "failures": 2, "messages": 0, "error": "no \u001b answer"},
    {"name": "well", "last_attempt": 30, "last_success": 30, "failures": 0, "messages": 5, "error": null}])"));
}

TEST_CASE("the checker of the schema sees faults") {
  auto value = json::parse(summary_json(planted::month(), planted::context()));
  value["domains"][0].erase("figures");
  value["domains"][0]["extra"] = 1;
  value["version"] = 2;
  value["period"]["begin"] = "2024";
  CHECK(Checker(schema()).check(value).size() == 4);
}

TEST_CASE("JSON keeps the figures and the names of strangers exactly") {
  auto facts = planted::month();
  facts.domains[0].reporters[0].name = "M\xC3\xBCller \x1b[2J";
  const auto text = summary_json(facts, planted::context());
  for (const char c : text) CHECK((c == '\n' || (c >= 0x20 && c < 0x7f)));
  const auto value = json::parse(text);
  CHECK(value["domains"][0]["reporters"][0]["name"] == "M\xC3\xBCller \x1b[2J");
  CHECK(value["figures"]["messages"] == 108'220);
  CHECK(value["domains"][0]["top_failing_sources"][0]["kind"] == "service");
}

TEST_CASE("CSV has one line per domain, as many cells as columns, and no formulas") {
  auto facts = planted::month();
  facts.domains[1].domain = "=cmd|' /C calc'!A0";
  const auto lines = lines_of(summary_csv(facts, planted::context()));
  REQUIRE(lines.size() == 3);
  const auto commas = [](const std::string& line) { return std::count(line.begin(), line.end(), ','); };
  CHECK(commas(lines[1]) == commas(lines[0]));
  CHECK(commas(lines[2]) == commas(lines[0]));
  CHECK(lines[1].rfind("example.com,2024-02-01,2024-02-29,UTC,58,2,2,", 0) == 0);
  CHECK(lines[2].rfind("'=cmd|", 0) == 0);
}
