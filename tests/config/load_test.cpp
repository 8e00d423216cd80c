#include "config/load.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "config/key_setters.hpp"
#include "config/keys.hpp"

using namespace ruaudit;
using namespace ruaudit::config;

namespace {

using Texts = std::vector<std::string>;

model::Result<Loaded> read(const std::string& text, const Texts& settings = {}) {
  return load_text({.text = text, .name = "x.conf", .folder = "/etc/ruaudit"}, settings);
}

Texts messages(const std::string& text, const Texts& settings = {}) {
  const auto examined = examine_text({.text = text, .name = "x.conf", .folder = "/etc/ruaudit"}, settings);
  if (!examined) return {examined.error().message};
  Texts out;
  for (const auto& error : examined->errors) out.push_back(error.message);
  return out;
}

const std::string server = "[mailbox a]\nurl = imaps://u@h/\npassword_file = pw\n";

}  // namespace

TEST_CASE("an empty configuration is the defaults") {
  const auto loaded = read("");
  REQUIRE(loaded);
  CHECK(loaded->configuration == Configuration{});
  CHECK(loaded->origins.empty());
}

TEST_CASE("every part of a configuration reaches its value") {
  const auto loaded = read(R"([general]
database = /var/lib/ruaudit/r.db
samples = redacted
resolver = 192.0.2.1@53
log_format = json
log_level = debug
trusted_authserv_ids = mx.example.com, mx2.example.com
domains = example.com, example.net
require_authentic = on

[mailbox a]
url = imap://dmarc@example.com@mail.example.com:1143/
password_command = pass show "x" y
ca_file = ca.pem
folders = INBOX, "Reports, all"
folders_except = Trash
done = move Reports/Done
failed = move Reports/Failed
since = 2026-01-01
batch_messages = 50
batch_size = 1M
timeout = 2m
idle = off

[mailbox b]
type = maildir
path = ~/Maildir/.DMARC
poll_interval = 1h
)");
  REQUIRE(loaded);
  const auto& general = loaded->configuration.general;
  CHECK(general.database == "/var/lib/ruaudit/r.db");
  CHECK(general.samples == SamplePolicy::redacted);
  CHECK(general.resolver == "192.0.2.1@53");
  CHECK(general.log_format == LogFormat::json);
  CHECK(general.log_level == LogLevel::debug);
  CHECK(general.trusted_authserv_ids == Texts{"mx.example.com", "mx2.example.com"});
  CHECK(general.domains.size() == 2);
  CHECK(general.require_authentic);
  REQUIRE(loaded->configuration.mailboxes.size() == 2);
  const auto& a = loaded->configuration.mailboxes[0];
  CHECK(a.name == "a");
  CHECK(a.user == "dmarc@example.com");
  CHECK(a.host == "mail.example.com");
  CHECK(a.port == 1143);
  CHECK(a.security == config::Security::starttls);
  CHECK(a.password == SecretSource(SecretCommand{"pass show \"x\" y"}));
  CHECK(a.ca_file == "/etc/ruaudit/ca.pem");
  CHECK(a.folders == Texts{"INBOX", "Reports, all"});
  CHECK(a.folders_except == Texts{"Trash"});
  CHECK(a.done == Disposition{Disposal::move, "Reports/Done"});
  CHECK(a.failed == Disposition{Disposal::move, "Reports/Failed"});
  CHECK(a.since == 1'767'225'600);
  CHECK(a.batch_messages == 50);
  CHECK(a.batch_octets == 1U << 20U);
  CHECK(a.timeout_seconds == 120);
  CHECK(!a.idle);
  const auto& b = loaded->configuration.mailboxes[1];
  CHECK(b.type == SourceType::maildir);
  CHECK(b.path == std::string(std::getenv("HOME")) + "/Maildir/.DMARC");
  CHECK(b.poll_interval_seconds == 3600);
  CHECK(loaded->origins.at("general.samples").origin == "x.conf:3");
  CHECK(loaded->origins.at("mailbox.b.path").origin == "x.conf:27");
  CHECK(!loaded->origins.contains("mailbox.b.done"));
  CHECK(loaded->origins.at("mailbox.a.folders").text == "INBOX, \"Reports, all\"");
  CHECK(loaded->origins.at("mailbox.a.password_command").text == "pass (arguments not shown)");
}

TEST_CASE("the usual port follows from type and security") {
  struct Case {
    std::string scheme;
    std::uint16_t want;
  };
  const Case cases[] = {{"imaps", 993}, {"imap", 143}, {"pop3s", 995}, {"pop3", 110}};
  for (const auto& c : cases) {
    CAPTURE(c.scheme);
    const auto loaded = read("[mailbox a]\nurl = " + c.scheme + "://u@h/\npassword_env = P\n");
    REQUIRE(loaded);
    CHECK(loaded->configuration.mailboxes.at(0).port == c.want);
  }
}

TEST_CASE("an unknown key, section or word is an error that suggests the nearest known one") {
  struct Case {
    std::string text, message, hint;
  };
  const Case cases[] = {
      {"[general]\ndatabse = x\n", "x.conf:2: [general] has no key 'databse'", "did you mean 'database'?"},
      {server + "pasword_file = x\n", "x.conf:4: [mailbox a] has no key 'pasword_file'",
       "did you mean 'password_file'?"},
      {"[general]\nxyzzy = x\n", "x.conf:2: [general] has no key 'xyzzy'", "ruaudit config keys lists them"},
      {"[generl]\n", "x.conf:1: there is no section 'generl'", "did you mean 'general'?"},
      {"[mailbox]\n", "x.conf:1: the mailbox has no name", "write [mailbox NAME]"},
      {"[general x]\n", "x.conf:1: [general x] must not have a name", "write [general]"},
      {"[general]\nsamples = header\n", "x.conf:2: samples: 'header' is not one of full, headers, redacted, none",
       "did you mean 'headers'?"},
      {"[general]\nlog_level = \"x\" y\n", "x.conf:2: log_level: there is text after the closing quote",
       "put quotes around the whole value; single quotes may contain double ones"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const auto loaded = read(c.text);
    REQUIRE(!loaded);
    CHECK(loaded.error().code == "config");
    CHECK(loaded.error().message == c.message);
    CHECK(loaded.error().hint == c.hint);
  }
}

TEST_CASE("what does not go together in a mailbox is an error") {
  struct Case {
    std::string text, want;
  };
  const Case cases[] = {
      {"[mailbox a]\nuser = u\npassword_env = P\n", "x.conf:1: [mailbox a]: host: is needed"},
      {"[mailbox a]\nhost = h\npassword_env = P\n", "x.conf:1: [mailbox a]: user: is needed"},
      {"[mailbox a]\nurl = imaps://u@h/\n",
       "x.conf:1: [mailbox a]: password_file: there is neither a password nor oauth"},
      {server + "password_env = P\n", "x.conf:4: 'password_file' and 'password_env' set the same thing"},
      {server + "host = i\n", "x.conf:4: 'url' and 'host' set the same thing"},
      {server + "token_command = t\n", "x.conf:1: [mailbox a]: oauth: there is a password as well"},
      {"[mailbox a]\nurl = imap://u@127.0.0.1/\npassword_env = P\nsecurity = plaintext\n",
       "x.conf:1: [mailbox a]: security: plaintext would let everybody read the password"},
      {server + "security = plaintext\ninsecure_plaintext = on\n",
       "x.conf:1: [mailbox a]: security: plaintext is only for loopback addresses"},
      {server + "path = x\n", "x.conf:4: a mailbox of type imap has no 'path'"},
      {"[mailbox a]\ntype = maildir\n", "x.conf:1: [mailbox a]: path: is needed"},
      {"[mailbox a]\ntype = mbox\npath = x\ndone = delete\n", "x.conf:4: a mailbox of type mbox has no 'done'"},
      {"[mailbox a]\ntype = mbox\npath = x\nsince = 2026-01-01\n", "x.conf:4: a mailbox of type mbox has no 'since'"},
      {"[mailbox a]\nurl = pop3s://u@h/\npassword_env = P\nsince = 2026-01-01\n",
       "x.conf:4: a mailbox of type pop3 has no 'since'"},
      {"[mailbox a]\nurl = pop3s://u@h/\npassword_env = P\ndone = move x\n",
       "x.conf:1: [mailbox a]: done: POP3 has no folders and no flags"},
      {server + "failed = delete\n", "x.conf:1: [mailbox a]: failed: must be nothing or move FOLDER"},
      {"[mailbox a]\nurl = imaps://u@h/\noauth = token\n",
       "x.conf:1: [mailbox a]: token_command: is needed for oauth = token"},
      {"[mailbox a]\nurl = imaps://u@h/\noauth = jwt_bearer\ntoken_endpoint = https://t/\n",
       "x.conf:1: [mailbox a]: key_file: is needed for oauth = jwt_bearer"},
      {"[mailbox a]\nurl = imaps://u@h/\noauth = jwt_bearer\ntoken_endpoint = http://t/\nkey_file = k\n",
       "x.conf:1: [mailbox a]: token_endpoint: is not an https:// URL"},
      {"[mailbox a]\nurl = imaps://u@h/\noauth = client_credentials\ntoken_endpoint = https://t/\nclient_id = c\n",
       "x.conf:1: [mailbox a]: client_secret_file: is needed for oauth = client_credentials"},
      {"[mailbox a]\nurl = imaps://u@h/\noauth = refresh_token\ntoken_endpoint = https://t/\nclient_id = c\n",
       "x.conf:1: [mailbox a]: refresh_token_file: is needed for oauth = refresh_token"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(messages(c.text) == Texts{c.want});
  }
}

TEST_CASE("a server of the cluster that is none, or occurs twice, is an error") {
  const std::string section = "[cluster]\nuser = u\npassword_env = P\nshards = ";
  CHECK(messages(section + "https://a https://a/\n") == Texts{"x.conf:4: shards: 'https://a' occurs twice"});
  CHECK(messages(section + "https://a https://b, https://c https://b\n") ==
        Texts{"x.conf:4: shards: 'https://b' occurs twice"});
  CHECK(messages(section + "https://a b\n") == Texts{"x.conf:4: shards: 'b' is not an https:// URL of just a server"});
}

TEST_CASE("of shards commas separate them, and spaces the servers of each") {
  const auto loaded = read("[cluster]\nuser = u\npassword_env = P\nshards = https://a:1/  https://b , https://c\n");
  REQUIRE(loaded);
  CHECK(loaded->configuration.cluster.shards ==
        std::vector<std::vector<std::string>>{{"https://a:1", "https://b"}, {"https://c"}});
}

TEST_CASE("plain text is allowed to loopback addresses when it is asked for, and to no other") {
  struct Case {
    std::string host;
    bool want;
  };
  const Case cases[] = {{"127.0.0.1", true},  {"127.9.9.9", true},        {"localhost", true}, {"[::1]", true},
                        {"192.0.2.1", false}, {"127.example.com", false}, {"h", false}};
  for (const auto& c : cases) {
    CAPTURE(c.host);
    const auto loaded = read("[mailbox a]\nurl = imap://u@" + c.host +
                             "/\npassword_env = P\nsecurity = plaintext\ninsecure_plaintext = on\n");
    CHECK(loaded.has_value() == c.want);
  }
}

TEST_CASE("a secret in the configuration is refused and not repeated") {
  for (const std::string line : {"password = hunter2", "token = hunter2", "client_secret = hunter2",
                                 "refresh_token = hunter2", "url = imaps://u:hunter2@h/"}) {
    CAPTURE(line);
    const auto loaded = read("[mailbox a]\n" + line + "\n");
    REQUIRE(!loaded);
    CHECK(loaded.error().message.find("hunter2") == std::string::npos);
    CHECK(loaded.error().hint.find("hunter2") == std::string::npos);
  }
  const auto set = read("", {"mailbox.a.password=hunter2"});
  REQUIRE(!set);
  CHECK(set.error().message == "command line: a secret must not be in the configuration ('password')");
}

TEST_CASE("a setting of the command line wins over the file, also by another way to say the same") {
  const auto loaded =
      read("[general]\nsamples = none\n" + server + "folders = A\n",
           {"general.samples=full", "mailbox.a.password-env=P", "mailbox.a.host=i.example", "mailbox.a.user=v",
            "mailbox.a.folders=\"x, y\", z", "mailbox.b.c.type=maildir", "mailbox.b.c.path=x"});
  REQUIRE(loaded);
  CHECK(loaded->configuration.general.samples == SamplePolicy::full);
  REQUIRE(loaded->configuration.mailboxes.size() == 2);
  const auto& a = loaded->configuration.mailboxes[0];
  CHECK(a.password == SecretSource(SecretEnvironment{"P"}));
  CHECK(a.host == "i.example");
  CHECK(a.user == "v");
  CHECK(a.folders == Texts{"x, y", "z"});
  CHECK(loaded->configuration.mailboxes[1].name == "b.c");
  CHECK(loaded->configuration.mailboxes[1].path == "x");
  CHECK(loaded->origins.at("general.samples").origin == "command line");
}

TEST_CASE("a setting that is none, unknown or given twice is an error") {
  for (const Texts& bad : {Texts{"general.samples"}, Texts{"samples=full"}, Texts{"general.x=y"}, Texts{"mailbox.a=b"},
                           Texts{"general.samples=full", "general.samples=none"}, Texts{"general.samples="}}) {
    CAPTURE(bad);
    CHECK(!read("", bad));
  }
  CHECK(read("", Texts{"nothing=hunter2"}).error().message == "--set 'nothing' is not SECTION.KEY=VALUE");
}

TEST_CASE("all errors are found at once, and the first one tells how many more there are") {
  const std::string text = "[general]\na = b\nc = d\n[mailbox x]\ntype = imap\n";
  CHECK(messages(text).size() == 5);
  CHECK(read(text).error().hint == "ruaudit config keys lists them; 4 more: ruaudit config check");
}

TEST_CASE("the first configuration of the search path is read, and one that everyone may write to is not") {
  const auto folder = std::filesystem::temp_directory_path() / ("ruaudit-config-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder / "ruaudit");
  const std::string path = folder / "ruaudit" / "ruaudit.conf";
  ::setenv("XDG_CONFIG_HOME", folder.c_str(), 1);
  CHECK(search_path() != path);
  std::ofstream(path) << "[general]\ndatabase = r.db\n";
  ::chmod(path.c_str(), 0600);
  CHECK(search_path() == path);
  const auto loaded = load({});
  REQUIRE(loaded);
  CHECK(loaded->path == path);
  CHECK(loaded->configuration.general.database == (folder / "ruaudit" / "r.db").string());
  ::chmod(path.c_str(), 0606);
  REQUIRE(!load({}));
  CHECK(load({}).error().code == "config-file");
  const std::string missing = folder / "missing.conf";
  CHECK(load({.path = missing, .settings = {}}).error().message == missing + ": No such file or directory");
  std::filesystem::remove_all(folder);
}

TEST_CASE("every key has a help text and no key is there twice") {
  std::set<std::string_view> names;
  for (const Key& key : mailbox_keys) {
    CAPTURE(key.name);
    CHECK(!key.help.empty());
    CHECK(names.insert(key.name).second);
  }
}
