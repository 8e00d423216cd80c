// Runs the DMARC cases of the corpus (RFC 9989, and RFC 7489 where told) and the public suffix list's own test file.
// Prints passed/total of each suite; fails on any miss; 77 without RUAUDIT_CORPUS.
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "tests/paths.hpp"
#include "verify/dmarc/evaluation.hpp"
#include "verify/dns/zone.hpp"

namespace {

using namespace ruaudit;
using namespace ruaudit::verify;
using nlohmann::json;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Suite {
 public:
  explicit Suite(std::string name) : name_(std::move(name)) {}
  void check(const std::string& id, const std::vector<std::string>& misses) {
    ++total_;
    if (misses.empty()) ++passed_;
    for (const auto& miss : misses) std::cout << name_ << " " << id << ": " << miss << "\n";
  }
  bool finish() const {
    std::cout << name_ << ": " << passed_ << "/" << total_ << "\n";
    return total_ > 0 && passed_ == total_;
  }

 private:
  std::string name_;
  int passed_ = 0;
  int total_ = 0;
};

// The case's zone in the shape that Zone reads.
std::string zone_json(const json& zone) {
  json out = json::object();
  for (const auto& [name, value] : zone.items()) {
    auto& list = out[name] = json::array();
    if (value == "TEMPFAIL")
      list.push_back("SERVFAIL");
    else if (value == "A")
      list.push_back({{"A", "192.0.2.1"}});
    else if (value.is_array())
      for (const auto& text : value) list.push_back({{"TXT", text}});
    else
      list.push_back({{"TXT", value}});
  }
  return out.dump();
}

dmarc::Evaluation run(const json& item, dmarc::Rules rules, const suffix::PublicSuffixList& list) {
  auto zone = dns::Zone::parse_json(zone_json(item["zone"]));
  dns::ZoneResolver resolver(std::move(*zone), [] { return std::int64_t{0}; });
  const auto from = " <author@" + item["from"].get<std::string>() + ">";
  const std::string_view values[] = {from};
  dmarc::Input input{.from_values = values};
  const auto spf = model::parse_enum<model::SpfResult>(item["spf"][0].get<std::string>());
  input.spf.push_back({*spf, item["spf"][1].get<std::string>()});
  for (const auto& dkim : item["dkim"])
    input.dkim.push_back(
        {*model::parse_enum<model::DkimResult>(dkim[0].get<std::string>()), dkim[1].get<std::string>()});
  return dmarc::evaluate(input, {.rules = rules, .list = &list}, resolver);
}

std::string text_of(const std::optional<model::Domain>& domain) { return domain ? domain->text() : ""; }

json facts_of(const dmarc::Evaluation& done) {
  json facts = {{"dmarc", model::to_text(done.result)},
                {"policy_domain", text_of(done.policy_domain)},
                {"org", text_of(done.organizational_domain)},
                {"p", model::to_text(done.rules == dmarc::Rules::rfc9989 ? done.applied : *done.policy)},
                {"spf_aligned", done.is_spf_aligned ? "true" : "false"},
                {"dkim_aligned", done.is_dkim_aligned ? "true" : "false"},
                {"queries", json::array()}};
  for (const auto& step : done.discovery) facts["queries"].push_back(step.name);
  return facts;
}

std::vector<std::string> compare(const json& want, const json& got) {
  std::vector<std::string> misses;
  for (const auto& [field, value] : want.items())
    if (field != "note" && got[field] != value)
      misses.push_back(field + " is " + got[field].dump() + ", want " + value.dump());
  return misses;
}

bool run_cases(const std::string& folder) {
  const auto list = suffix::PublicSuffixList::parse("com\nexample\nco.uk\n");
  Suite now("dmarc-rfc9989 (RFC 9989)");
  Suite old("dmarc-rfc9989 (RFC 7489)");
  const auto file = json::parse(read_file(folder + "/cases.json"));
  for (const auto& item : file.at("documents").at(0)) {
    const auto id = item["id"].get<std::string>();
    now.check(id, compare(item["expect"], facts_of(run(item, dmarc::Rules::rfc9989, *list))));
    if (id == "b43-psd") continue;  // its list holds bank.example in one RFC only
    auto want = item.value("expect_7489", json::object());
    if (!want.contains("dmarc")) want["dmarc"] = item["expect"]["dmarc"];
    const auto done = run(item, dmarc::Rules::rfc7489, *list);
    auto got = facts_of(done);
    if (id == "pct-historic") {
      want["applied"] = "quarantine";
      got["applied"] = model::to_text(done.applied);
    }
    old.check(id, compare(want, got));
  }
  const bool is_now_right = now.finish();
  return old.finish() && is_now_right;
}

std::string registrable(const suffix::PublicSuffixList& list, const std::string& name) {
  const auto domain = model::Domain::parse(name);
  return domain ? text_of(list.registrable_domain(*domain)) : "";
}

// Lines of the form checkPublicSuffix('in', 'registrable domain' | null);
bool run_suffixes(const std::string& folder) {
  Suite suite("dmarc-psl");
  const auto list = suffix::PublicSuffixList::load(folder + "/public_suffix_list.dat");
  std::ifstream file(folder + "/test_psl.txt");
  for (std::string line; list && std::getline(file, line);) {
    if (!line.starts_with("checkPublicSuffix(")) continue;
    std::vector<std::string> fields;  // quoted texts; null is empty
    const auto arguments = line.substr(18, line.rfind(')') - 18);
    const auto comma = arguments.find(", ");
    for (const auto& raw : {arguments.substr(0, comma), arguments.substr(comma + 2)})
      fields.push_back(raw == "null" ? "" : raw.substr(1, raw.size() - 2));
    const auto want = model::Domain::parse(fields[1]);
    const auto got = registrable(*list, fields[0]);
    const std::string wanted = want ? want->text() : "";
    suite.check(line, got == wanted ? std::vector<std::string>{} : std::vector<std::string>{"got " + got});
  }
  return suite.finish();
}

}  // namespace

int main() {
  const std::string corpus = ruaudit::test::corpus_folder();
  if (corpus.empty()) {
    std::cout << "RUAUDIT_CORPUS is not set: the DMARC suites are skipped\n";
    return 77;
  }
  const bool are_cases_right = run_cases(corpus + "/dmarc-rfc9989");
  return run_suffixes(corpus + "/dmarc-psl") && are_cases_right ? 0 : 1;
}
