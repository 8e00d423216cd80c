#include "cli/options/dns_options.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "../../store/store_fixture.hpp"

using namespace ruaudit::cli;

namespace {

constexpr OptionSpec options_of_test[] = {resolver_option};
constexpr CommandSpec spec = {"test", "[OPTIONS]", "Tests.", options_of_test, 0, 0};

// $HOME with a configuration that has a fault far from what is asked for.
class HomeWithFault {
 public:
  HomeWithFault() {
    std::filesystem::create_directories(folder_.file(".config/ruaudit"));
    std::ofstream(file()) << "[mailbox one]\nhots = imap.example.com\n";
    ::unsetenv("XDG_CONFIG_HOME");
    ::setenv("HOME", folder_.file("").c_str(), 1);
  }
  [[nodiscard]] std::string file() const { return folder_.file(".config/ruaudit/ruaudit.conf"); }

 private:
  ruaudit::store::test::TemporaryFolder folder_;
};

Options parse(std::vector<std::string> arguments) { return Options::parse(spec, arguments).value(); }

}  // namespace

TEST_CASE("who only asks DNS is not stopped by a configuration that nobody named") {
  const HomeWithFault home;
  std::ostringstream out, err;
  ruaudit::jobs::Console console{.out = out, .err = err};
  CHECK(open_dns(parse({}), console).has_value());
  CHECK(err.str().find("ruaudit/ruaudit.conf:2") != std::string::npos);
  CHECK(err.str().find("the system's name servers are asked") != std::string::npos);

  err.str("");
  CHECK(open_dns(parse({"--resolver", "127.0.0.1@5353"}), console).has_value());
  CHECK(err.str().empty());
}

TEST_CASE("a configuration that was named must be right") {
  const HomeWithFault home;
  std::ostringstream out, err;
  ruaudit::jobs::Console console{.out = out, .err = err};
  CHECK_FALSE(open_dns(parse({"--config", home.file()}), console).has_value());
}

TEST_CASE("who needs the configuration for more is stopped by its faults") {
  const HomeWithFault home;
  CHECK_FALSE(open_dns(parse({})).has_value());
}
