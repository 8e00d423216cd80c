// Runs the published ARC validation suite. Each document's TXT records are its whole DNS. The three cases without an
// expected value have cv=fail in a seal: RFC 8617 section 5.2 steps 2 and 3 make them fail.
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/paths.hpp"
#include "verify/arc/chain.hpp"
#include "verify/dns/zone.hpp"

namespace {

using nlohmann::json;
namespace model = ruaudit::model;
namespace arc = ruaudit::verify::arc;
namespace dkim = ruaudit::verify::dkim;
namespace dns = ruaudit::verify::dns;
namespace message = ruaudit::verify::message;

// Expected values that the texts do not bear out; the result follows the suite, for all of them are signed by the key.
struct Doubt {
  const char *name, *sentence;
};
constexpr Doubt doubts[] = {
    {"ams_fields_c_na", "RFC 6376 section 3.5: without c= it is simple/simple; the suite means relaxed/relaxed"},
    {"ams_fields_h_empty", "RFC 6376 section 3.5: h= MUST NOT be empty; section 6.1.1: From must be signed"},
    {"ams_fields_h_mis_hdr", "RFC 6376 section 3.5: hdr-name is not empty"},
    {"ams_fields_h_includes_ams",
     "RFC 8617 section 4.1.2: ARC fields MUST NOT be covered by an AMS (a rule for signers)"},
};

std::string wanted_of(const json& test) {
  const auto cv = test.at("cv").get<std::string>();
  if (cv == "Pass") return "pass";
  return cv == "None" ? "none" : "fail";
}

json zone_of(const json& txt_records) {
  json zone = json::object();
  for (const auto& [name, text] : txt_records.items())
    zone[name] = json::array({json::object({{"TXT", text.get<std::string>()}})});
  return zone;
}

arc::Chain run(const json& test, const json& zone) {
  const auto mail = test.at("message").get<std::string>();
  const auto view = message::Message::view(mail);
  auto parsed = dns::Zone::parse_json(zone.dump());
  if (!view || !parsed) return {};
  dns::ZoneResolver resolver(std::move(*parsed), [] { return std::int64_t{0}; });
  dkim::KeyCache cache;
  return arc::validate_chain(*view, resolver, cache, 1'500'000'000);
}

}  // namespace

int main() {
  const std::string corpus = ruaudit::test::corpus_folder();
  if (corpus.empty()) {
    std::cout << "RUAUDIT_CORPUS is not set: no suite was run\n";
    return 77;
  }
  std::ifstream file(corpus + "/arc-valimail/arc-draft-validation-tests.json");
  const json suite = json::parse(std::string{std::istreambuf_iterator<char>(file), {}});
  unsigned passed = 0, total = 0;
  for (const auto& document : suite.at("documents")) {
    if (!document.is_object() || !document.contains("tests")) continue;
    const json zone = zone_of(document.at("txt-records"));
    for (const auto& [name, test] : document.at("tests").items()) {
      ++total;
      const arc::Chain chain = run(test, zone);
      const std::string got(model::to_text(chain.result));
      if (got == wanted_of(test))
        ++passed;
      else
        std::cout << "  FAILED " << name << ": want " << wanted_of(test) << ", got " << got << " " << chain.text
                  << "\n";
    }
  }
  for (const Doubt& doubt : doubts) std::cout << "  doubtful " << doubt.name << ": " << doubt.sentence << "\n";
  std::cout << "arc-valimail: " << passed << "/" << total << "\n";
  return passed == total && total > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
