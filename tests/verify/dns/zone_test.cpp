#include "verify/dns/zone.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::verify::dns;

namespace {

constexpr std::string_view master = R"($TTL 1h
$ORIGIN Example.test.
@   IN SOA ns hostmaster ( 1 ; serial
       3600 600 86400
       30 )
    NS ns
    A 192.0.2.1
    60 IN A 192.0.2.2
    TXT "v=spf1 ip4:192.0.2.0/24 " "-all" ; a comment
    TXT bare\;word "with \"quotes\"" "a\000b\255"
    MX 10 mx1
    MX 20 mx.other.test.
www CNAME @
loop1 CNAME loop2
loop2 CNAME loop1
dangling CNAME nowhere
_dmarc TXT ( "v=DMARC1;"
             "p=reject" )
*.wild TXT "any"
host.wild A 192.0.2.3
deep.empty.terminal AAAA 2001:db8::1
dot\.in\.label A 192.0.2.4
caa CAA 0 issue "ca.example"
@ 0 TXT "v=spf1 ip4:192.0.2.0/24 " "-all"
$ORIGIN 2.0.192.in-addr.arpa.
1 PTR Host.Example.test.
)";

Zone zone_of(std::string_view text) {
  auto zone = Zone::parse(text);
  INFO((zone ? std::string() : zone.error().message));
  REQUIRE(zone);
  return std::move(*zone);
}

Answer ask(const Zone& zone, std::string name, RecordType type = RecordType::TXT) {
  return zone.answer({std::move(name), type});
}

std::string error_of(std::string_view text) {
  const auto zone = Zone::parse(text);
  return zone ? "accepted" : zone.error().message;
}

}  // namespace

TEST_CASE("a master file serves its records under absolute names") {
  const auto zone = zone_of(master);
  const auto txt = ask(zone, "EXAMPLE.TEST.");
  REQUIRE(txt.txt.size() == 2);
  CHECK(txt.txt[0].strings == std::vector<std::string>{"v=spf1 ip4:192.0.2.0/24 ", "-all"});
  CHECK(txt.txt[0].text() == "v=spf1 ip4:192.0.2.0/24 -all");
  CHECK(txt.txt[1].strings == std::vector<std::string>{"bare;word", "with \"quotes\"", std::string("a\0b\xff", 4)});
  CHECK(txt.ttl == 3600);
  const auto mx = ask(zone, "example.test", RecordType::MX);
  CHECK(mx.mx == std::vector<MxRecord>{{10, "mx1.example.test"}, {20, "mx.other.test"}});
  CHECK(ask(zone, "1.2.0.192.in-addr.arpa", RecordType::PTR).names == std::vector<std::string>{"host.example.test"});
  CHECK(ask(zone, "_dmarc.example.test").txt[0].text() == "v=DMARC1;p=reject");
}

TEST_CASE("a record set has the least TTL of its records") {
  const auto a = ask(zone_of(master), "example.test", RecordType::A);
  CHECK(a.addresses.size() == 2);
  CHECK(a.ttl == 60);
}

TEST_CASE("absent names are NXDOMAIN, absent types and empty non-terminals NODATA") {
  const auto zone = zone_of(master);
  const struct {
    std::string name;
    RecordType type;
    Status want;
  } cases[] = {
      {"missing.example.test", RecordType::A, Status::nxdomain},
      {"example.test", RecordType::PTR, Status::nodata},
      {"empty.terminal.example.test", RecordType::A, Status::nodata},
      {"caa.example.test", RecordType::TXT, Status::nodata},
      {"below.host.wild.example.test", RecordType::TXT, Status::nxdomain},
      {"host.wild.example.test", RecordType::TXT, Status::nodata},
      {"x.wild.example.test", RecordType::TXT, Status::noerror},
      {"x.y.wild.example.test", RecordType::TXT, Status::noerror},
      {"x.wild.example.test", RecordType::A, Status::nodata},
      {"dot\\.in\\.label.example.test", RecordType::A, Status::noerror},
      {"www.example.test", RecordType::MX, Status::noerror},
      {"dangling.example.test", RecordType::A, Status::nxdomain},
      {"loop1.example.test", RecordType::A, Status::servfail},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(ask(zone, c.name, c.type).status == c.want);
  }
  CHECK(ask(zone, "missing.example.test").ttl == 30);
  CHECK(ask(zone, "missing.example.test").rcode == 3);
}

TEST_CASE("aliases are followed and their chain is told") {
  const auto zone = zone_of(master);
  CHECK(ask(zone, "www.example.test", RecordType::A).cname_chain == std::vector<std::string>{"example.test"});
  CHECK(ask(zone, "www.example.test", RecordType::CNAME).names == std::vector<std::string>{"example.test"});
  CHECK(ask(zone, "www.example.test", RecordType::CNAME).cname_chain.empty());
}

TEST_CASE("a chain of 16 aliases is followed, one of 17 is not") {
  std::string text = "$ORIGIN test.\nend A 192.0.2.1\n";
  for (int i = 1; i <= 17; ++i)
    text += "a" + std::to_string(i) + " CNAME " + (i == 1 ? "end" : "a" + std::to_string(i - 1)) + "\n";
  const auto zone = zone_of(text);
  CHECK(ask(zone, "a16.test", RecordType::A).status == Status::noerror);
  CHECK(ask(zone, "a17.test", RecordType::A).status == Status::servfail);
}

TEST_CASE("names that DNS cannot hold are answered without a look-up") {
  const auto zone = zone_of(master);
  const std::string label(63, 'a');
  const auto longest = label + "." + label + "." + label + "." + std::string(61, 'a');
  REQUIRE(longest.size() == 253);
  CHECK(ask(zone, longest).status == Status::nxdomain);
  for (const auto& name : {longest + "a", label + "a.test", std::string("a..test"), std::string(".test"), std::string(),
                           std::string(".")}) {
    CAPTURE(name);
    CHECK(ask(zone, name).status == Status::bad_name);
    CHECK(ask(zone, name).is_void());
  }
}

TEST_CASE("faults of a master file are told with their line") {
  const struct {
    std::string_view text;
    std::string_view want;
  } cases[] = {
      {"a.test. A 192.0.2.1\nb.test. A 192.0.2\n", "line 2: A is not an address of its family"},
      {"a.test. A 2001:db8::1\n", "A is not an address of its family"},
      {"a.test. AAAA 192.0.2.1\n", "AAAA is not an address of its family"},
      {"a.test. TXT \"open\n", "line 1: a quoted string is not closed"},
      {"a.test. TXT ( \"open\"\n", "a parenthesis is not closed"},
      {"a.test. TXT ) \"x\"\n", "parentheses do not match"},
      {"  A 192.0.2.1\n", "no owner"},
      {"$INCLUDE other.zone\n", "only \"$ORIGIN"},
      {"a.test. CH TXT x\n", "class IN"},
      {"a.test. MX ten mx.\n", "preference"},
      {"a.test. MX 10\n", "wrong number of fields"},
      {"a.test. 300\n", "without a type"},
      {"a.test. TXT \"\\999\"\n", "bad escape"},
      {"a..test. A 192.0.2.1\n", "not a domain name"},
      {"a.test. CNAME b.\na.test. CNAME c.\n", "second CNAME"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK_THAT(error_of(c.text), Catch::Contains(std::string(c.want)));
  }
  CHECK_THAT(error_of("a. TXT \"" + std::string(256, 'a') + "\"\n"), Catch::Contains("255"));
  CHECK(error_of("a. TXT \"" + std::string(255, 'a') + "\"\n") == "accepted");
}

TEST_CASE("the limits on bytes and names hold at the edge and stop one past it") {
  const std::string_view text = "a.b. A 192.0.2.1\n";
  CHECK(Zone::parse(text, {.max_bytes = text.size(), .max_names = 2}));
  CHECK_FALSE(Zone::parse(text, {.max_bytes = text.size() - 1, .max_names = 2}));
  CHECK_FALSE(Zone::parse(text, {.max_bytes = text.size(), .max_names = 1}));
}

TEST_CASE("a JSON zone follows the rules of the SPF suites") {
  const auto zone = zone_of(R"({
    "Spf.example": [{"SPF": ["v=spf1 ip4:", "192.0.2.5 -all"]}, {"SPF": []}],
    "explicit.example": [{"SPF": "v=spf1 -all"}, {"TXT": "v=spf1 +all"}],
    "none.example": [{"SPF": "v=spf1 -all"}, {"TXT": "NONE"}],
    "none-timeout.example": [{"SPF": "v=spf1 -all"}, {"TXT": "NONE"}, "TIMEOUT"],
    "late.example": [{"TXT": "x"}, "TIMEOUT", {"A": "192.0.2.1"}],
    "broken.example": ["SERVFAIL"],
    "onetype.example": [{"A": "TIMEOUT"}, {"TXT": "x"}],
    "mx.example": [{"MX": [10, "A.mx.example."]}, {"MX": ["0", ""]}, {"A": "192.0.2.1"}, {"AAAA": "2001:db8::1"}],
    "alias.example": [{"CNAME": "MX.example."}],
    "a.deep.example": [{"PTR": "mx.example"}]
  })");
  CHECK(ask(zone, "spf.EXAMPLE").txt[0].text() == "v=spf1 ip4:192.0.2.5 -all");
  CHECK(ask(zone, "spf.example").txt[1].text().empty());
  CHECK(ask(zone, "explicit.example").txt.size() == 1);
  CHECK(ask(zone, "explicit.example").txt[0].text() == "v=spf1 +all");
  CHECK(ask(zone, "mx.example", RecordType::MX).mx == std::vector<MxRecord>{{10, "a.mx.example"}, {0, ""}});
  CHECK(ask(zone, "alias.example", RecordType::A).addresses.size() == 1);
  CHECK(ask(zone, "alias.example", RecordType::AAAA).addresses.size() == 1);
  const struct {
    std::string name;
    RecordType type;
    Status want;
  } cases[] = {
      {"none.example", RecordType::TXT, Status::nodata},    {"none-timeout.example", RecordType::TXT, Status::timeout},
      {"late.example", RecordType::TXT, Status::noerror},   {"late.example", RecordType::A, Status::timeout},
      {"late.example", RecordType::MX, Status::timeout},    {"broken.example", RecordType::TXT, Status::servfail},
      {"onetype.example", RecordType::A, Status::timeout},  {"onetype.example", RecordType::TXT, Status::noerror},
      {"onetype.example", RecordType::MX, Status::nodata},  {"deep.example", RecordType::A, Status::nodata},
      {"missing.example", RecordType::A, Status::nxdomain},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name, static_cast<int>(c.type));
    CHECK(ask(zone, c.name, c.type).status == c.want);
  }
}

TEST_CASE("a JSON zone takes lists of addresses and types that are never asked for") {
  const auto zone = zone_of(R"({
    "many.example": [{"A": ["192.0.2.1", "192.0.2.2"]}, {"AAAA": ["2001:db8::1"]}, {"PTR": ["a.test", "b.test"]}],
    "other.example": [{"NS": "ns.example"}, {"SOA": ["ns.example", 1]}, {"TYPE99": "v=spf1 +all"}]
  })");
  CHECK(ask(zone, "many.example", RecordType::A).addresses.size() == 2);
  CHECK(ask(zone, "many.example", RecordType::AAAA).addresses.size() == 1);
  CHECK(ask(zone, "many.example", RecordType::PTR).names == std::vector<std::string>{"a.test", "b.test"});
  CHECK(ask(zone, "other.example").status == Status::nodata);
  CHECK_THAT(error_of("{\"a.test\": [{\"A\": [\"192.0.2.1\", 5]}]}"), Catch::Contains("not a string"));
  CHECK_THAT(error_of("{\"a.test\": [{\"CNAME\": [\"b.test\", \"c.test\"]}]}"), Catch::Contains("second CNAME"));
  CHECK_THAT(error_of("{\"a.test\": [{\"TYPE\": \"x\"}]}"), Catch::Contains("unknown record type TYPE"));
}

TEST_CASE("TLSA records are served from both forms, their data in any number of pieces") {
  const std::vector<TlsaRecord> want{{3, 1, 1, "\xab\xcd"}};
  const auto master = zone_of("_25._tcp.mx.test. TLSA 3 1 1 ab CD\n");
  CHECK(ask(master, "_25._tcp.mx.test", RecordType::TLSA).tlsa == want);
  const auto json = zone_of(R"({"_25._tcp.mx.test": [{"TLSA": "3 1 1 abc d"}]})");
  CHECK(ask(json, "_25._tcp.mx.test", RecordType::TLSA).tlsa == want);
  for (const char* bad : {"3 1 1", "3 1 1 a", "256 1 1 ab", "3 1 x ab", "3 1 1 zz", "3 1 1 -1", ""}) {
    CAPTURE(bad);
    CHECK_THAT(error_of("a.test. TLSA " + std::string(bad) + "\n"), Catch::Contains("TLSA"));
    CHECK_THAT(error_of("{\"a.test\": [{\"TLSA\": \"" + std::string(bad) + "\"}]}"), Catch::Contains("TLSA is not"));
  }
}

TEST_CASE("faults of a JSON zone name the line or the entry") {
  CHECK_THAT(error_of("{\"a\": [\n{\"TXT\": }]}"), Catch::Contains("line 2: not JSON"));
  CHECK_THAT(error_of("{\"a.test\": [{\"A\": \"nonsense\"}]}"), Catch::Contains("name 'a.test': not an address"));
  CHECK_THAT(error_of("{\"a.test\": {\"A\": \"192.0.2.1\"}}"), Catch::Contains("not a list"));
  CHECK_THAT(error_of("{\"a.test\": [{\"FOO\": \"x\"}]}"), Catch::Contains("unknown record type FOO"));
  CHECK_THAT(error_of("{\"a.test\": [\"REFUSED\"]}"), Catch::Contains("not one"));
  CHECK_THAT(error_of("{\"a.test\": [{\"MX\": [70000, \"x\"]}]}"), Catch::Contains("MX is not"));
}

TEST_CASE("a zone resolver answers in the order of the questions, with its name and its clock") {
  ZoneResolver resolver(
      zone_of(master), [] { return std::int64_t{1234}; }, "zone:test");
  const std::vector<Question> questions{{"nowhere.test", RecordType::A}, {"example.test", RecordType::A}};
  const auto answers = resolver.query_all(questions);
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].status == Status::nxdomain);
  CHECK(answers[1].status == Status::noerror);
  CHECK(answers[1].question == questions[1]);
  CHECK(answers[1].resolver == "zone:test");
  CHECK(answers[1].time == 1234);
  CHECK(resolver.query("example.test", RecordType::AAAA).status == Status::nodata);
}
