// Runs the openspf-shaped SPF suites. rfc7208-tests is the norm: every case must give its result (the first of a list,
// or any of it) and its explanation. The older suites test RFC 4408 or another program; there a case may differ when
// it is in `differences`, with the sentence of RFC 7208 that decides.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/paths.hpp"
#include "verify/dns/zone.hpp"
#include "verify/spf/check_host.hpp"

namespace {

using nlohmann::json;
namespace model = ruaudit::model;
namespace dns = ruaudit::verify::dns;
namespace spf = ruaudit::verify::spf;

struct Suite {
  const char* path;
  bool is_norm;
};
constexpr Suite suites[] = {
    {"spf-pyspf/rfc7208-tests.json", true},    {"spf-openspf/rfc7208-tests.json", false},
    {"spf-simta/rfc7208-simta.json", false},   {"spf-pyspf/rfc4408-tests.json", false},
    {"spf-openspf/rfc4408-tests.json", false}, {"spf-pyspf/test.json", false},
    {"spf-openspf/pyspf-tests.json", false},   {"spf-jspf/pyspf-tests.json", false},
};

struct Difference {
  const char* name;
  const char* result;  // ours
  const char* sentence;
};
constexpr Difference differences[] = {
    {"default-modifier", "neutral", "section 6: unrecognized modifiers MUST be ignored (default= was a draft's)"},
    {"default-modifier-harsh", "neutral", "section 6: unrecognized modifiers MUST be ignored; there is no 'ambiguous'"},
};

const Difference* find_difference(const std::string& name, const std::string& got) {
  for (const auto& difference : differences)
    if (name == difference.name && got == difference.result) return &difference;
  return nullptr;
}

std::vector<std::string> wanted(const json& value) {
  if (value.is_string()) return {value.get<std::string>()};
  return value.get<std::vector<std::string>>();
}

std::string text_of(const json& test, const char* key) {
  const auto found = test.find(key);
  return found != test.end() && found->is_string() ? found->get<std::string>() : std::string();
}

spf::CheckResult run_case(const json& test, dns::Resolver& resolver) {
  const auto ip = model::IpAddress::parse(text_of(test, "host"));
  const spf::Session session{.ip = ip ? *ip : model::IpAddress::v4(0),
                             .helo = text_of(test, "helo"),
                             .mail_from = text_of(test, "mailfrom"),
                             .time = 1'400'000'000};
  return spf::check_mail_from(session, resolver);
}

struct Score {
  unsigned passed = 0;
  unsigned total = 0;
  unsigned differing = 0;
  unsigned failed = 0;
};

// Empty when the case is met, else what is wrong.
std::string judge(const json& test, const spf::CheckResult& check) {
  const std::string got(model::to_text(check.result));
  const auto results = wanted(test.at("result"));
  if (std::find(results.begin(), results.end(), got) == results.end())
    return "got " + got + ", want " + test.at("result").dump() + " (" + check.reason + ")";
  const auto explanation = text_of(test, "explanation");
  if (explanation.empty()) return {};
  if (explanation == "DEFAULT") {
    if (check.explanation_source == spf::ExplanationSource::published)
      return "got explanation '" + check.explanation + "', want the default";
  } else if (explanation != check.explanation) {
    return "got explanation '" + check.explanation + "', want '" + explanation + "'";
  }
  return {};
}

void run_test(const std::string& name, const json& test, dns::Resolver& resolver, Score& score) {
  ++score.total;
  const auto check = run_case(test, resolver);
  const auto fault = judge(test, check);
  if (fault.empty()) {
    ++score.passed;
    return;
  }
  const auto* difference = find_difference(name, std::string(model::to_text(check.result)));
  if (difference != nullptr) {
    ++score.differing;
    std::cout << "  differs " << name << ": " << fault << "\n    " << difference->sentence << "\n";
    return;
  }
  ++score.failed;
  std::cout << "  FAILED " << name << ": " << fault << "\n";
}

void run_document(const json& document, Score& score) {
  auto zone = dns::Zone::parse_json(document.at("zonedata").dump(-1, ' ', false, json::error_handler_t::replace));
  if (!zone) {
    std::cout << "  FAILED zone of '" << text_of(document, "description") << "': " << zone.error().message << "\n";
    ++score.failed;
    return;
  }
  dns::ZoneResolver resolver(std::move(*zone), [] { return std::int64_t{0}; });
  for (const auto& [name, test] : document.at("tests").items()) run_test(name, test, resolver, score);
}

bool run_suite(const std::string& corpus, const Suite& suite) {
  std::ifstream file(corpus + "/" + suite.path);
  if (!file) {
    std::cout << suite.path << ": cannot be read\n";
    return false;
  }
  Score score;
  const auto content = json::parse(file);
  for (const auto& document : content.at("documents"))
    if (document.is_object() && document.contains("tests")) run_document(document, score);
  std::cout << suite.path << (suite.is_norm ? " (norm)" : "") << ": " << score.passed << "/" << score.total;
  if (score.differing > 0) std::cout << ", " << score.differing << " differ by RFC 7208";
  std::cout << "\n";
  return score.failed == 0 && score.total > 0 && !(suite.is_norm && score.differing > 0);
}

}  // namespace

int main() {
  const std::string corpus = ruaudit::test::corpus_folder();
  if (corpus.empty()) {
    std::cout << "RUAUDIT_CORPUS is not set: no suite was run\n";
    return 77;
  }
  bool is_good = true;
  for (const auto& suite : suites) is_good = run_suite(corpus, suite) && is_good;
  return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
