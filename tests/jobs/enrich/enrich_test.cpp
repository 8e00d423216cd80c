// Reverse names, the owner's DNS night by night, and roll-ups, with zones that change.
#include "jobs/enrich/enrich.hpp"

#include <map>

#include "../../store/store_fixture.hpp"
#include "jobs/enrich/reverse.hpp"
#include "jobs/enrich/snapshot.hpp"
#include "store/facts/dns_records.hpp"
#include "store/facts/sender_facts.hpp"
#include "store/facts/streams.hpp"
#include "verify/dns/zone.hpp"

namespace ruaudit::jobs::test {
namespace {

namespace dns = verify::dns;
using store::test::open_database;
using store::test::TemporaryFolder;

constexpr std::int64_t day = 86'400, start = 1'700'200'000;

// Counts what leaves, and can fall silent.
class CountingResolver final : public dns::Resolver {
 public:
  CountingResolver(const std::string& zone, std::int64_t now)
      : inner_(
            dns::Zone::parse(zone).value(), [now] { return now; }, "zone") {}
  std::vector<dns::Answer> query_all(std::span<const dns::Question> questions) override {
    asked += questions.size();
    auto answers = inner_.query_all(questions);
    for (auto& answer : answers)
      if (is_silent) answer = {.question = answer.question, .status = dns::Status::timeout};
    return answers;
  }
  std::size_t asked = 0;
  bool is_silent = false;

 private:
  dns::ZoneResolver inner_;
};

const verify::suffix::PublicSuffixList& list() {
  static const auto parsed = verify::suffix::PublicSuffixList::parse("com\n").value();
  return parsed;
}

model::Result<EnrichCounts> run(store::Database& database, dns::Resolver* resolver, std::int64_t now) {
  static const auto networks = NetworkFiles::open({});
  const EnrichPlan plan{.now = now, .domains = {"example.com"}};
  const EnrichSources sources{resolver, *networks, assess::ServiceTable::built_in(), list()};
  return enrich(plan, database, sources, {});
}

store::Database filled(const std::string& path) {
  auto database = open_database(path);
  auto writer = store::Writer::create(database);
  REQUIRE(writer->begin());
  REQUIRE(store::test::ingest(*writer, "item", store::test::make_report("1", 40, 1)));
  REQUIRE(writer->commit());
  return database;
}

const char* const first_zone = R"(
$TTL 3600
5.2.0.192.in-addr.arpa. PTR mail.example.com.
mail.example.com. A 192.0.2.5
6.2.0.192.in-addr.arpa. PTR liar.example.com.
liar.example.com. A 192.0.2.99
example.com. TXT "v=spf1 ip4:192.0.2.0/28 -all"
example.com. MX 10 mail.example.com.
_dmarc.example.com. TXT "v=DMARC1; p=reject"
s1._domainkey.example.com. CNAME s1.dkim.esp.example.
s1.dkim.esp.example. TXT "v=DKIM1; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAK"
)";

std::map<std::string, std::string> statuses(store::Database& database) {
  std::map<std::string, std::string> found;
  const auto states = store::dns_record_states(database).value();
  for (const auto& state : states)
    if (state.is_current)
      found[std::string(model::to_text(state.type)) + " " + state.name] = model::to_text(state.status);
  return found;
}

}  // namespace

TEST_CASE("reverse: the name of an address of either family") {
  CHECK(reverse_name(model::IpAddress::v4(0xC0000205)) == "5.2.0.192.in-addr.arpa");
  CHECK(reverse_name(*model::IpAddress::parse("2001:db8::1")) ==
        "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

TEST_CASE("reverse: a name counts where it leads back, and another run asks nothing until it expires") {
  const TemporaryFolder folder;
  auto database = filled(folder.file());
  CountingResolver resolver(first_zone, start);
  const auto counts = run(database, &resolver, start);
  if (!counts) FAIL(counts.error().message);
  CHECK(counts->addresses > 5);
  CHECK(counts->confirmed == 1);
  const auto facts = store::read_sender_facts(database);
  for (const auto& source : facts->sources) {
    if (source.address == "192.0.2.5")
      CHECK(source.names == std::vector<model::ReverseName>{{"mail.example.com", true}});
    if (source.address == "192.0.2.6")
      CHECK(source.names == std::vector<model::ReverseName>{{"liar.example.com", false}});
    if (source.address == "192.0.2.7") CHECK(source.reverse == model::ReverseStatus::none);
  }
  CHECK(run(database, &resolver, start + 600)->addresses == 0);
  CHECK(run(database, &resolver, start + 600)->spf == 0);
}

TEST_CASE("reverse: silent DNS ends the run, is no answer, and takes nothing back") {
  const TemporaryFolder folder;
  auto database = filled(folder.file());
  CountingResolver resolver(first_zone, start);
  REQUIRE(run(database, &resolver, start));
  resolver.is_silent = true;
  const auto later = run(database, &resolver, start + 40 * day);
  REQUIRE(later);
  const auto facts = store::read_sender_facts(database);
  for (const auto& source : facts->sources)
    if (source.address == "192.0.2.5") CHECK(source.names.size() == 1);
  const auto states = store::dns_record_states(database).value();
  for (const auto& state : states) CHECK(state.last_seen == start);
}

TEST_CASE("reverse: where patience ends the rest is left to the next run, and your own DNS is asked all the same") {
  const TemporaryFolder folder;
  auto database = filled(folder.file());
  CountingResolver resolver(first_zone, start);
  static const auto networks = NetworkFiles::open({});
  const EnrichSources sources{&resolver, *networks, assess::ServiceTable::built_in(), list()};
  EnrichPlan plan{.now = start, .domains = {"example.com"}, .patience = std::chrono::milliseconds(-1)};
  const auto late = enrich(plan, database, sources, {});
  REQUIRE(late);
  CHECK(late->is_out_of_time);
  CHECK(late->addresses == 0);
  CHECK(late->records > 0);
  CHECK(late->classes > 0);
  CHECK(closing_line(*late).find("the next run asks for the rest") != std::string::npos);
  plan.patience = std::chrono::minutes(5);
  const auto whole = enrich(plan, database, sources, {});
  CHECK(whole->addresses > 0);
  CHECK_FALSE(whole->is_out_of_time);
}

TEST_CASE("snapshot: a state lasts until the record changes, and a change is one more row") {
  const TemporaryFolder folder;
  auto database = filled(folder.file());
  CountingResolver first(first_zone, start);
  REQUIRE(run(database, &first, start));
  const auto before = statuses(database);
  CHECK(before.at("spf example.com") == "ok");
  CHECK(before.at("dmarc _dmarc.example.com") == "ok");
  CHECK(before.at("mx example.com") == "ok");
  CHECK(before.at("address mail.example.com") == "ok");
  CHECK(before.contains("dkim s1._domainkey.example.com"));
  CHECK(before.at("dkim s0._domainkey.example.com") == "none");
  REQUIRE(run(database, &first, start + day));
  const auto count = store::dns_record_states(database)->size();
  CHECK(count == before.size());
  std::string changed = first_zone;
  changed.replace(changed.find("v=spf1 ip4"), 10, "v=spf1 zz4");
  changed.replace(changed.find("v=DMARC1"), 8, "v=DMRC1;");
  CountingResolver second(changed, start + 2 * day);
  REQUIRE(run(database, &second, start + 2 * day));
  CHECK(statuses(database).at("spf example.com") == "broken");
  CHECK(statuses(database).at("dmarc _dmarc.example.com") == "broken");
  CHECK(store::dns_record_states(database)->size() == count + 2);
  const auto states = store::dns_record_states(database).value();
  for (const auto& state : states)
    if (state.type == model::DnsRecordType::spf && !state.is_current) {
      CHECK(state.first_seen == start);
      CHECK(state.last_seen == start + day);
    }
}

TEST_CASE("snapshot: another text beside the DMARC record is none of its state") {
  const TemporaryFolder folder;
  auto database = filled(folder.file());
  const auto text_of = [&] {
    const auto states = store::dns_record_states(database).value();
    for (const auto& state : states)
      if (state.is_current && state.name == "_dmarc.example.com")
        return std::string(model::to_text(state.status)) + " " + state.text;
    return std::string("none");
  };
  const auto without_record = [](std::string zone) {
    const auto at = zone.find("_dmarc.example.com. TXT");
    return zone.erase(at, zone.find('\n', at) - at + 1);
  };
  const std::string zone = std::string(first_zone) + "_dmarc.example.com. TXT \"site-verification=abc\"\n";
  CountingResolver first(zone, start);
  REQUIRE(run(database, &first, start));
  CHECK(text_of() == "ok v=DMARC1; p=reject");
  CountingResolver second(zone + "_dmarc.example.com. TXT \"v=DMARC1; p=none\"\n", start + day);
  REQUIRE(run(database, &second, start + day));
  CHECK(text_of() == "broken v=DMARC1; p=none\nv=DMARC1; p=reject");
  CountingResolver third(without_record(zone), start + 2 * day);
  REQUIRE(run(database, &third, start + 2 * day));
  CHECK(text_of() == "none ");
  CountingResolver fourth(without_record(first_zone) + "_dmarc.example.com. TXT \"v=DMRC1; p=reject\"\n",
                          start + 3 * day);
  REQUIRE(run(database, &fourth, start + 3 * day));
  CHECK(text_of() == "broken v=DMRC1; p=reject");
}

TEST_CASE("streams: stale days are read right before and after they are made anew, and the file checks clean") {
  const TemporaryFolder folder;
  auto database = filled(folder.file());
  const auto sum = [&] {
    std::int64_t messages = 0;
    const auto facts = store::read_sender_facts(database).value();
    for (const auto& stream : facts.days) messages += stream.messages;
    return messages;
  };
  const auto before = sum();
  CHECK(before > 0);
  CHECK(store::refresh_streams(database).value() == 1);
  CHECK(store::refresh_streams(database).value() == 0);
  CHECK(sum() == before);
  CHECK(store::check(database)->empty());
  CHECK(store::query_integer(database.handle(), "SELECT sum(messages) FROM v_source_daily").value() == before);
  CHECK(store::query_integer(database.handle(), "SELECT sum(messages) FROM v_domain_daily").value() == before);
}

TEST_CASE("enrich: without DNS it sums up and classifies all the same") {
  const TemporaryFolder folder;
  auto database = filled(folder.file());
  const auto counts = run(database, nullptr, start);
  REQUIRE(counts);
  CHECK(counts->classes > 0);
  CHECK(counts->addresses == 0);
  CHECK(store::query_integer(database.handle(), "SELECT count(*) FROM v_source").value() == counts->classes);
  CHECK(store::query_integer(database.handle(),
                             "SELECT count(*) FROM v_record WHERE organizational_domain = 'example.com'")
            .value() == 40);
}

}  // namespace ruaudit::jobs::test
