// Runs the project's own cases in vectors/: rules that the published suites leave out, each at the level of one mail
// or one session. Needs no corpus. README.md beside the cases tells their fields.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/paths.hpp"
#include "verify/dns/zone.hpp"
#include "verify/evaluate/evaluate.hpp"

namespace {

using nlohmann::json;
namespace model = ruaudit::model;
namespace dns = ruaudit::verify::dns;
namespace dmarc = ruaudit::verify::dmarc;
namespace evaluate = ruaudit::verify::evaluate;
namespace message = ruaudit::verify::message;
namespace spf = ruaudit::verify::spf;
namespace suffix = ruaudit::verify::suffix;

std::string got_spf(const evaluate::MessageEvaluation& done, const std::string& wanted) {
  if (!done.spf) return "not checked";
  std::string out(model::to_text(done.spf->result));
  if (wanted.find('|') == std::string::npos) return out;
  return out + "|" +
         (done.spf->explanation_source == spf::ExplanationSource::published ? done.spf->explanation : std::string());
}

std::string got_dkim(const evaluate::MessageEvaluation& done) {
  std::string out;
  for (const auto& signature : done.dkim->signatures)
    out += (out.empty() ? "" : " ") + std::string(model::to_text(signature.result));
  return out;
}

std::string name_of(const std::optional<model::Domain>& domain) { return domain ? domain->text() : "-"; }

std::string got_dmarc(const dmarc::Evaluation& done) {
  std::string out(model::to_text(done.result));
  out += " " + std::string(done.policy ? model::to_text(*done.policy) : "-");
  out += " " + std::string(model::to_text(done.applied));
  return out + " " + name_of(done.policy_domain) + " " + name_of(done.organizational_domain);
}

evaluate::Envelope envelope_of(const json& test) {
  evaluate::Envelope envelope;
  if (!test.contains("ip")) return envelope;
  const auto ip = model::IpAddress::parse(test.at("ip").get<std::string>());
  if (ip) envelope.ip = *ip;
  envelope.helo = test.at("helo").get<std::string>();
  envelope.mail_from = test.at("mail_from").get<std::string>();
  return envelope;
}

class Vectors {
 public:
  explicit Vectors(const suffix::PublicSuffixList& list) : list_(list) {}

  // Prints passed/total; true when every case gave what it should.
  bool run(const std::string& name) {
    std::ifstream file(ruaudit::test::source_path("tests/conformance/vectors/") + name + ".json");
    const json tests = json::parse(file);
    std::size_t passed = 0;
    for (const auto& test : tests) {
      const auto wanted = test.at("want").get<std::string>();
      const auto got = result_of(name, test, wanted);
      if (got == wanted)
        ++passed;
      else
        std::cout << "  FAILED " << name << " " << test.at("id") << ": want " << wanted << ", got " << got << "\n";
    }
    std::cout << "own vectors, " << name << ": " << passed << "/" << tests.size() << "\n";
    return passed == tests.size() && !tests.empty();
  }

 private:
  std::string result_of(const std::string& name, const json& test, const std::string& wanted) {
    auto zone = dns::Zone::parse_json(test.at("zone").dump());
    const auto mail = test.value("message", std::string());
    const auto view = message::Message::view(mail);
    if (!zone || !view) return "cannot be run";
    dns::ZoneResolver resolver(std::move(*zone), [] { return std::int64_t{0}; });
    evaluate::Options options{.at = test.at("at").get<std::int64_t>(), .list = &list_};
    if (test.value("policy", "") == "rfc7489") options.rules = dmarc::Rules::rfc7489;
    const auto done =
        evaluate::evaluate(mail.empty() ? nullptr : &*view, envelope_of(test), options, resolver, caches_);
    if (name == "spf") return got_spf(done, wanted);
    return name == "dkim" ? got_dkim(done) : got_dmarc(*done.dmarc);
  }

  const suffix::PublicSuffixList& list_;
  evaluate::Caches caches_;
};

}  // namespace

int main() {
  const auto list = suffix::PublicSuffixList::system();
  if (!list) {
    std::cout << list.error().message << "\n";
    return EXIT_FAILURE;
  }
  Vectors vectors(*list);
  bool is_good = true;
  for (const char* name : {"spf", "dkim", "dmarc"}) is_good = vectors.run(name) && is_good;
  return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
