// What a sample policy takes away is nowhere in the file any more: not in a row, not in a free page, not in the log,
// not inside a compressed value, not encoded.
#include <zlib.h>

#include <fstream>
#include <functional>
#include <sstream>

#include "store/failure/redaction.hpp"
#include "tests/store/failure/failure_fixture.hpp"

namespace ruaudit::store::test {

std::string base64(const std::string& octets) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned held = 0, bits = 0;
  for (const char c : octets) {
    held = (held << 8U | static_cast<unsigned char>(c)) & 0xffffffU;
    for (bits += 8; bits >= 6; bits -= 6) out += digits[(held >> (bits - 6)) & 63U];
  }
  if (bits > 0) out += digits[(held << (6 - bits)) & 63U];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

namespace {

std::string octets_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The word, and the middle of its base64 at each of the three positions it can have in a stream.
std::vector<std::string> forms(const std::string& word) {
  std::vector<std::string> all{word};
  for (const char* before : {"", "x", "xx"}) {
    const auto code = base64(before + word);
    const std::size_t from = *before == '\0' ? 0 : 4;
    all.push_back(code.substr(from, code.size() - 4 - from));
  }
  return all;
}

// As far as it goes: a stream that was cut, or whose pages lie apart, still shows its beginning.
std::string inflated_prefix(std::string_view data) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return {};
  std::string out(1U << 18U, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));  // NOLINT
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(data.size(), 1U << 20U));
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  inflate(&stream, Z_SYNC_FLUSH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

bool has_any(const std::string& text, const std::vector<std::string>& needles) {
  return std::any_of(needles.begin(), needles.end(),
                     [&](const std::string& needle) { return text.find(needle) != std::string::npos; });
}

// In the octets, and in whatever inflates from any place in them.
bool octets_hold(const std::string& octets, const std::vector<std::string>& needles) {
  if (has_any(octets, needles)) return true;
  for (auto at = octets.find('\x78'); at != std::string::npos; at = octets.find('\x78', at + 1)) {
    const auto second = at + 1 < octets.size() ? static_cast<unsigned char>(octets[at + 1]) : 0;
    if (second != 0x01 && second != 0x5e && second != 0x9c && second != 0xda) continue;
    if (has_any(inflated_prefix(std::string_view(octets).substr(at)), needles)) return true;
  }
  return false;
}

// Every value of every table, inflated where it is zlib: pages may lie in any order in the file.
bool values_hold(sqlite3* db, const std::vector<std::string>& needles) {
  std::istringstream tables(query_text(db, "SELECT name FROM sqlite_schema WHERE type = 'table'"));
  for (std::string table; std::getline(tables, table);) {
    auto rows = Statement::prepare(db, "SELECT * FROM " + table);
    REQUIRE(rows);
    while (rows->step().value())
      for (int column = 0; column < sqlite3_column_count(rows->handle()); ++column) {
        const auto blob = rows->blob(column);
        const std::string value(blob.begin(), blob.end());
        if (has_any(value, needles) || has_any(inflated_prefix(value), needles)) return true;
      }
  }
  return false;
}

bool is_found(Database& database, const std::string& path, const std::string& word) {
  const auto needles = forms(word);
  return values_hold(database.handle(), needles) || octets_hold(octets_of(path), needles) ||
         octets_hold(octets_of(path + "-wal"), needles);
}

struct Found {
  bool local, name, subject, body;
};
Found search(Database& database, const std::string& path, const Plant& plant) {
  return {is_found(database, path, plant.local), is_found(database, path, plant.name),
          is_found(database, path, plant.subject), is_found(database, path, plant.body)};
}

const Plant waiting{"waitinglocal", "Waitingname", "waitingsubject", "waitingbody"};

// Forty reports of many sizes, a copy of every fifth, and between them others that are not verified.
void fill(Database& database, SamplePolicy policy) {
  auto writer = Writer::create(database);
  REQUIRE(writer);
  REQUIRE(writer->begin());
  for (unsigned n = 0; n < 40; ++n) {
    const auto report = make_failure(n);
    REQUIRE(ingest_failure(*writer, carrier_of(report), report, policy)->outcome == Outcome::stored);
    if (n % 5 == 0)
      REQUIRE(ingest_failure(*writer, carrier_of(report) + "again", report, policy)->outcome == Outcome::duplicate);
    const auto other = make_failure(1000 + n, waiting);
    if (n % 3 == 0) REQUIRE(ingest_failure(*writer, carrier_of(other), other, policy));
  }
  REQUIRE(writer->commit());
}

void verify(Database& database) {
  std::vector<FailureResult> results;
  std::istringstream keys(query_text(database.handle(), "SELECT id FROM failure_report WHERE at < 1767258500"));
  for (std::string key; std::getline(keys, key);) results.push_back(make_result(std::stoll(key)));
  REQUIRE(results.size() == 40);
  REQUIRE(write_failure_results(database, results));
}

}  // namespace

TEST_CASE("privacy: before verification every word is there, whatever the policy, but not in rows of claims") {
  for (const auto policy : {SamplePolicy::headers, SamplePolicy::redacted, SamplePolicy::none}) {
    CAPTURE(model::to_text(policy));
    const TemporaryFolder folder;
    auto database = open_database(folder.file());
    fill(database, policy);
    const auto found = search(database, folder.file(), {});
    CHECK(found.local);
    CHECK(found.name);
    CHECK(found.subject);
    CHECK(found.body);
    CHECK(check_text(database) == "");
    if (policy == SamplePolicy::headers) continue;
    CHECK(query_text(database.handle(), "SELECT * FROM failure_report").find("plantedlocal") == std::string::npos);
    CHECK(query_text(database.handle(), "SELECT * FROM failure_claim").find("planted") == std::string::npos);
    CHECK(query_text(database.handle(), "SELECT * FROM failure_defect").find("planted") == std::string::npos);
  }
}

TEST_CASE("privacy: once verified, a policy leaves the words it permits and no other") {
  struct Case {
    SamplePolicy policy;
    bool words, bodies;
  };
  for (const Case one : {Case{SamplePolicy::full, true, true}, Case{SamplePolicy::headers, true, false},
                         Case{SamplePolicy::redacted, false, false}, Case{SamplePolicy::none, false, false}}) {
    CAPTURE(model::to_text(one.policy));
    const TemporaryFolder folder;
    auto database = open_database(folder.file());
    fill(database, one.policy);
    verify(database);
    const auto cut = cut_due_samples(database);
    REQUIRE(cut);
    CHECK(cut->samples == 40);
    CHECK(cut->is_log_empty);
    const auto found = search(database, folder.file(), {});
    CHECK(found.local == one.words);
    CHECK(found.name == one.words);
    CHECK(found.subject == one.words);
    CHECK(found.body == one.bodies);
    // Those that wait are whole.
    CHECK(search(database, folder.file(), waiting).body);
    const auto next = next_unverified(database, 0);
    REQUIRE(next);
    REQUIRE(next->has_value());
    CHECK(load_failure(database, **next)->report == make_failure(1000, waiting));
    CHECK(check_text(database) == "");
    CHECK(cut_due_samples(database)->samples == 0);
  }
}

TEST_CASE("privacy: a stricter policy later, retention and prune leave nothing either") {
  const auto tighten = [](Database& database) {
    for (std::int64_t key = 1; key <= 54; ++key) REQUIRE(cut_sample(database, key, SamplePolicy::redacted));
  };
  const auto retention = [](Database& database) {
    CHECK(preview_samples(database, "2026-01-02")->samples == 54);
    const auto pruned = prune_samples(database, "2026-01-02");
    REQUIRE(pruned);
    CHECK(pruned->samples == 54);
    CHECK(query_integer(database.handle(), "SELECT count(*) FROM v_failure WHERE conclusion IS NOT NULL").value() ==
          40);
    CHECK(query_integer(database.handle(), "SELECT count(*) FROM original").value() == 0);
  };
  const auto prune_all = [](Database& database) {
    REQUIRE(prune(database, "2026-01-02", PruneMode::apply));
    CHECK(query_text(database.handle(),
                     "SELECT (SELECT count(*) FROM failure_report), (SELECT count(*) FROM"
                     " failure_result), (SELECT count(*) FROM dns_evidence), (SELECT count(*) FROM"
                     " failure_original_chunk), (SELECT count(*) FROM original)") == "0|0|0|0|0\n");
  };
  for (const auto& take_away : std::vector<std::function<void(Database&)>>{tighten, retention, prune_all}) {
    const TemporaryFolder folder;
    auto database = open_database(folder.file());
    fill(database, SamplePolicy::full);
    verify(database);
    REQUIRE(cut_due_samples(database));
    CHECK(search(database, folder.file(), {}).body);
    take_away(database);
    for (const auto& plant : {Plant{}, waiting}) {
      const auto found = search(database, folder.file(), plant);
      CHECK_FALSE(found.local);
      CHECK_FALSE(found.name);
      CHECK_FALSE(found.subject);
      CHECK_FALSE(found.body);
    }
    CHECK(check_text(database) == "");
  }
}

TEST_CASE("privacy: an export holds no sample, no mail and no key") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  fill(database, SamplePolicy::full);
  verify(database);
  REQUIRE(cut_due_samples(database));
  REQUIRE(export_copy(database, {.path = folder.file("export.db")}));
  auto copy = Database::open({.path = folder.file("export.db"), .access = Access::read_only});
  REQUIRE(copy);
  CHECK_FALSE(is_found(*copy, folder.file("export.db"), Plant{}.body));
  CHECK(query_integer(copy->handle(), "SELECT count(*) FROM v_failure").value() == 54);
  CHECK(query_integer(copy->handle(), "SELECT count(*) FROM store_info WHERE name = 'redaction-key'").value() == 0);
  CHECK(check_text(*copy) == "");
}

TEST_CASE("privacy: a reader that keeps the log is told of, and the next cut empties it") {
  const TemporaryFolder folder;
  auto database = open_database(folder.file());
  fill(database, SamplePolicy::headers);
  verify(database);
  {
    sqlite3* raw = nullptr;
    REQUIRE(sqlite3_open(folder.file().c_str(), &raw) == SQLITE_OK);
    const Connection reader(raw);
    REQUIRE(execute(raw, "BEGIN; SELECT count(*) FROM failure_report"));
    const auto cut = cut_due_samples(database);
    REQUIRE(cut);
    CHECK_FALSE(cut->is_log_empty);
  }
  CHECK(is_found(database, folder.file(), Plant{}.body));
  CHECK(cut_due_samples(database)->is_log_empty);
  CHECK_FALSE(is_found(database, folder.file(), Plant{}.body));
}

}  // namespace ruaudit::store::test
