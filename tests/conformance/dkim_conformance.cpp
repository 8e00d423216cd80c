// Runs the published DKIM suites. dkim-mail-dkim twice: under RFC 8301, and with the legacy option against what its own
// verifier says. The others once, each signature against its expected result. A case that differs is in a table here
// with the sentence that decides.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/paths.hpp"
#include "verify/dkim/verifier.hpp"
#include "verify/dns/zone.hpp"

namespace {

using nlohmann::json;
namespace model = ruaudit::model;
namespace dns = ruaudit::verify::dns;
namespace dkim = ruaudit::verify::dkim;
namespace message = ruaudit::verify::message;

constexpr std::int64_t stalwart_time = 1'667'843'664;
constexpr std::int64_t default_time = 1'700'000'000;

struct Score {
  std::string name;
  unsigned passed = 0, total = 0;
  void count(const std::string& title, const std::string& fault) {
    ++total;
    if (fault.empty())
      ++passed;
    else
      std::cout << "  FAILED " << name << " " << title << ": " << fault << "\n";
  }
  [[nodiscard]] bool print() const {
    std::cout << name << ": " << passed << "/" << total << "\n";
    return passed == total && total > 0;
  }
};

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) std::cout << "  " << path << ": cannot be read\n";
  return {std::istreambuf_iterator<char>(file), {}};
}

void add_txt(json& zone, const std::string& name, const std::string& text) {
  zone[name] = json::array({json::object({{"TXT", text}})});
}

json zone_of(const json& txt) {
  json zone = json::object();
  for (const auto& [name, text] : txt.items()) add_txt(zone, name, text.get<std::string>());
  return zone;
}

dkim::Verification verify(const std::string& mail, const json& zone, const dkim::Options& options) {
  const auto view = message::Message::view(mail);
  auto parsed = dns::Zone::parse_json(zone.dump(-1, ' ', false, json::error_handler_t::replace));
  if (!view || !parsed) {
    std::cout << "  cannot be run: " << (view ? parsed.error().message : view.error().message) << "\n";
    return {};
  }
  dns::ZoneResolver resolver(std::move(*parsed), [] { return std::int64_t{0}; });
  dkim::KeyCache cache;
  return dkim::Verifier(resolver, cache).verify(*view, options);
}

std::string text_of(const dkim::Verification& verification) {
  std::string out(model::to_text(verification.summary));
  for (const auto& s : verification.signatures)
    out += std::string(" [") + std::string(model::to_text(s.result)) + " " + std::string(model::to_text(s.reason)) +
           " " + s.text + "]";
  return out;
}

bool is_one_of(model::DkimResult result, std::initializer_list<model::DkimResult> wanted) {
  return std::find(wanted.begin(), wanted.end(), result) != wanted.end();
}

using R = model::DkimResult;

// ---- dkim-mail-dkim

// "name  txt" lines; NXDOMAIN and ~~...~~ are outcomes, "" is an empty record.
json mail_dkim_zone(const std::string& path) {
  json zone = json::object();
  std::istringstream lines(read(path));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t blank = line.find_first_of(" \t");
    if (line.empty() || line[0] == '#' || blank == std::string::npos) continue;
    const std::string name = line.substr(0, blank);
    const std::size_t from = line.find_first_not_of(" \t", blank);
    const std::string text = from == std::string::npos ? "" : line.substr(from);
    if (text == "NXDOMAIN") continue;
    if (text == "~~SERVFAIL~~")
      zone[name] = json::array({"SERVFAIL"});
    else if (text.starts_with("~~"))
      zone[name] = json::array({"TIMEOUT"});
    else
      add_txt(zone, name, text == "\"\"" ? "" : text);
  }
  return zone;
}

bool is_domain_keys_only(const json& test) {
  return std::all_of(test.at("signatures").begin(), test.at("signatures").end(),
                     [](const json& s) { return s.at("type") == "DomainKey-Signature"; });
}

bool is_strict_result(const json& test, R got) {
  const auto expected = test.at("rfc8301_expected").get<std::string>();
  if (is_domain_keys_only(test)) return got == R::none;
  if (expected == "pass") return got == R::pass;
  if (expected == "fail") return is_one_of(got, {R::fail, R::policy, R::permerror});
  if (expected == "invalid") return is_one_of(got, {R::permerror, R::temperror, R::neutral});
  return is_one_of(got, {R::permerror, R::policy});
}

bool is_legacy_result(const json& test, R got) {
  const auto upstream = test.at("upstream").get<std::string>();
  if (is_domain_keys_only(test)) return got == R::none;
  if (upstream == "pass") return got == R::pass;
  if (upstream == "fail") return got == R::fail;
  return is_one_of(got, {R::permerror, R::temperror, R::neutral});
}

bool run_mail_dkim(const std::string& corpus) {
  const std::string folder = corpus + "/dkim-mail-dkim/";
  const json cases = json::parse(read(folder + "cases.json")), zone = mail_dkim_zone(folder + "FAKE_DNS.dat");
  Score strict{"dkim-mail-dkim (RFC 8301)"}, legacy{"dkim-mail-dkim (legacy)"};
  for (const auto& test : cases.at("cases")) {
    const auto title = test.at("message").get<std::string>();
    const std::string mail = read(folder + title);
    const auto now = verify(mail, zone, {.at = default_time});
    strict.count(title, is_strict_result(test, now.summary)
                            ? ""
                            : "want " + test.at("rfc8301_expected").get<std::string>() + ", got " + text_of(now));
    const auto then = verify(mail, zone, {.at = default_time, .legacy = dkim::Legacy::verify});
    legacy.count(title, is_legacy_result(test, then.summary)
                            ? ""
                            : "want " + test.at("upstream").get<std::string>() + ", got " + text_of(then));
  }
  std::cout
      << "  doubtful corpus/mine_ietf01_3.txt, mine_ietf01_4.txt: no v=, which RFC 6376 section 3.5 requires; taken "
         "as\n"
         "    a draft's signature by its q=dns, as the note in section 6.1.1 allows\n"
         "  doubtful corpus/badkey_8, 9, 12, 13.txt: g= is no tag of RFC 6376; it is applied to rsa-sha1 only, which\n"
         "    does not pass anyway\n";
  const bool is_strict_good = strict.print();
  return legacy.print() && is_strict_good;
}

// ---- dkim-lieser

bool is_lieser_result(const std::string& wanted, R got) {
  if (wanted == "SUCCESS") return got == R::pass;
  if (wanted == "TEMPFAIL") return got == R::temperror;
  return is_one_of(got, {R::fail, R::permerror, R::policy, R::neutral});
}

std::string differs(const json& expected, const char* key, const std::string& got) {
  const auto found = expected.find(key);
  if (found == expected.end() || !found->is_string() || found->get<std::string>() == got) return {};
  return std::string(key) + ": want " + found->get<std::string>() + ", got " + got + "; ";
}

std::string judge_signature(const json& wanted, const dkim::SignatureResult& got) {
  std::string fault;
  const auto result = wanted.at("result").get<std::string>();
  if (!is_lieser_result(result, got.result))
    fault = "want " + result + ", got " + std::string(model::to_text(got.result)) + " " + got.text + "; ";
  fault += differs(wanted, "sdid", got.signature.domain);
  fault += differs(wanted, "auid", got.signature.identity);
  return fault + differs(wanted, "selector", got.signature.selector);
}

// Every expected signature has one of its own in the mail; the order has no meaning (RFC 6376 section 6.1).
std::string judge_lieser(const json& test, const dkim::Verification& got) {
  auto left = got.signatures;
  for (const auto& wanted : test.at("signatures")) {
    const auto found =
        std::find_if(left.begin(), left.end(), [&](const auto& s) { return judge_signature(wanted, s).empty(); });
    if (found == left.end())
      return "no signature is as wanted: " + wanted.dump() + ", got " + text_of(got) +
             (left.empty() ? "" : ", " + judge_signature(wanted, left.front()));
    left.erase(found);
  }
  return {};
}

bool is_add_on_policy(const json& test) {
  const auto& first = test.at("signatures").at(0);
  return first.contains("errorType") && first.at("errorType").is_string() &&
         first.at("errorType").get<std::string>().starts_with("DKIM_POLICYERROR");
}

bool run_lieser(const std::string& corpus) {
  const std::string folder = corpus + "/dkim-lieser/";
  const json suite = json::parse(read(folder + "cases.json"));
  Score score{"dkim-lieser"}, policy{"dkim-lieser, cases of the add-on's policy (pass by RFC 6376)"};
  for (const auto& test : suite.at("cases")) {
    json zone = zone_of(suite.at("zone_txt"));
    zone.update(zone_of(test.at("extra_zone")));
    const auto title = test.at("title").get<std::string>();
    const auto got = verify(read(folder + test.at("message").get<std::string>()), zone, {.at = default_time});
    if (!is_add_on_policy(test)) {
      score.count(title, judge_lieser(test, got));
      continue;
    }
    std::cout << "  differs " << title << ": the add-on refuses unsigned additions; RFC 6376 section 5.4.2 selects the"
              << " field nearest to the body, so the signature verifies\n";
    policy.count(title, got.summary == R::pass ? "" : "want pass, got " + text_of(got));
  }
  const bool is_good = score.print();
  return policy.print() && is_good;
}

// ---- suites of single mails

struct Case {
  std::string file;
  std::vector<R> wanted;  // of each signature from the top
  std::string why;
};

bool run_cases(const std::string& name, const std::string& folder, const json& zone, const std::vector<Case>& cases) {
  Score score{name};
  for (const Case& test : cases) {
    const auto got = verify(read(folder + test.file), zone, {.at = default_time});
    bool is_good = got.signatures.size() == test.wanted.size();
    for (std::size_t i = 0; is_good && i < test.wanted.size(); ++i)
      is_good = got.signatures[i].result == test.wanted[i];
    std::cout << "  " << test.file << ": " << model::to_text(got.summary) << " - " << test.why << "\n";
    score.count(test.file, is_good ? "" : "got " + text_of(got));
  }
  return score.print();
}

// Lines "name txt-record", an empty line, the mail; the last signature must pass.
bool run_stalwart(const std::string& corpus) {
  Score score{"dkim-stalwart"};
  for (int i = 1; i <= 6; ++i) {
    const std::string title = "00" + std::to_string(i) + ".txt";
    const std::string text = read(corpus + "/dkim-stalwart/" + title);
    json zone = json::object();
    std::size_t at = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', at)) {
      std::string line = text.substr(at, end - at);
      at = end + 1;
      if (!line.empty() && line.back() == '\r') line.pop_back();
      if (line.empty()) break;
      const std::size_t blank = line.find(' ');
      add_txt(zone, line.substr(0, blank), line.substr(blank + 1));
    }
    const auto got = verify(text.substr(at), zone, {.at = stalwart_time});
    const bool is_good = !got.signatures.empty() && got.signatures.back().result == R::pass;
    score.count(title, is_good ? "" : text_of(got));
  }
  return score.print();
}

bool run_go_msgauth(const std::string& corpus) {
  const std::string folder = corpus + "/dkim-go-msgauth/";
  return run_cases(
      "dkim-go-msgauth", folder, zone_of(json::parse(read(folder + "cases.json")).at("zone_txt")),
      {{"verifiedMailString.eml", {R::pass}, "RFC 6376 A.2"},
       {"verifiedRawRSAMailString.eml", {R::pass}, "the key is a bare PKCS#1 RSAPublicKey"},
       {"verifiedEd25519MailString.eml", {R::pass, R::fail}, "ed25519; the RSA signature fails with this zone"},
       {"unsignedMailString.eml", {}, "no signature: none"},
       {"tooManySignaturesMailString.eml", {R::pass, R::pass, R::pass}, "three, within the limit of 20"}});
}

bool run_postalsys(const std::string& corpus) {
  const std::string folder = corpus + "/dkim-postalsys/ec/";
  const json published = json::parse(read(folder + "dns.json"));  // {"name": {"TXT": [[strings]]}}
  json zone = json::object();
  for (const auto& [name, types] : published.items())
    for (const auto& strings : types.at("TXT")) zone[name].push_back(json::object({{"TXT", strings}}));
  return run_cases("dkim-postalsys", folder, zone,
                   {{"signed.eml", {R::pass, R::pass}, "RFC 8463 A.3, the key in several strings"}});
}

std::string first_line(const std::string& text) { return text.substr(0, text.find_first_of("\r\n")); }

bool run_dkimpy(const std::string& corpus) {
  const std::string folder = corpus + "/dkim-dkimpy/";
  json zone = json::object();
  add_txt(zone, "sed._domainkey.test.ex", first_line(read(folder + "eximtest.dns")));
  // rfc8032_7_1.key is the private key of RFC 8463 A.2, whose public key this is.
  add_txt(zone, "brisbane._domainkey.football.example.com",
          "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  add_txt(zone, "test._domainkey.football.example.com", first_line(read(folder + "test.txt")));
  return run_cases("dkim-dkimpy", folder, zone,
                   {{"ed25519test2.msg", {R::pass}, "a signature by Exim"},
                    {"rfc6376.signed.msg", {R::pass, R::pass}, "ed25519 and rsa"},
                    {"test.message", {}, "no signature: none"},
                    {"message.mbox", {R::permerror}, "its key does not lie beside it: no key"},
                    {"test2.message", {R::permerror}, "its key does not lie beside it: no key"}});
}

// No key lies beside the mails of this suite; dkim-mail-dkim has the one of yahoo.com.
bool run_jdkim(const std::string& corpus) {
  const std::string folder = corpus + "/dkim-jdkim/corpus/";
  return run_cases("dkim-jdkim", folder, mail_dkim_zone(corpus + "/dkim-mail-dkim/FAKE_DNS.dat"),
                   {{"s1024_yahoo.com.eml", {R::pass}, "key from dkim-mail-dkim"},
                    {"FAIL_BADBH_s1024_yahoo.com.eml", {R::fail}, "body changed"},
                    {"FAIL_illegalargumentexception.eml", {R::permerror}, "i= is not dkim-quoted-printable"}});
}

}  // namespace

int main() {
  const std::string corpus = ruaudit::test::corpus_folder();
  if (corpus.empty()) {
    std::cout << "RUAUDIT_CORPUS is not set: no suite was run\n";
    return 77;
  }
  bool is_good = true;
  for (const auto run : {run_mail_dkim, run_lieser, run_stalwart, run_go_msgauth, run_postalsys, run_dkimpy, run_jdkim})
    is_good = run(corpus) && is_good;
  return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
