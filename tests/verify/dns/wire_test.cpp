#include "verify/dns/wire.hpp"

#include <catch2/catch.hpp>

using namespace ruaudit::verify::dns;

namespace {

using Octets = std::vector<std::uint8_t>;

// A response to a question for "a.test" with the given counts of records; the question is at octet 12.
Octets response(unsigned flags, unsigned answers, unsigned authorities, const Octets& records) {
  Octets out{0x12,
             0x34,
             static_cast<std::uint8_t>(flags >> 8U),
             static_cast<std::uint8_t>(flags & 0xffU),
             0,
             1,
             0,
             static_cast<std::uint8_t>(answers),
             0,
             static_cast<std::uint8_t>(authorities),
             0,
             0,
             1,
             'a',
             4,
             't',
             'e',
             's',
             't',
             0,
             0,
             16,
             0,
             1};
  out.insert(out.end(), records.begin(), records.end());
  return out;
}

Answer decoded(const Octets& message, RecordType type = RecordType::TXT) {
  Answer answer;
  answer.question = {"A.test", type};
  decode_response(message, answer);
  return answer;
}

const Octets txt_hello{0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, 6, 5, 'h', 'e', 'l', 'l', 'o'};
const Octets soa{0xc0, 14, 0, 6, 0, 1, 0, 0, 0, 90, 0, 22, 0, 0, 0, 0, 0,
                 1,    0,  0, 0, 2, 0, 0, 0, 3, 0,  0, 0,  4, 0, 0, 0, 30};

}  // namespace

TEST_CASE("a query asks for recursion and authenticated data and carries EDNS") {
  const Octets want{0x12, 0x34, 0x01, 0x20, 0,  1, 0, 0, 0, 0,  0, 1,    3, 'a', '.', 'b', 4, 't', 'e',
                    's',  't',  0,    0,    16, 0, 1, 0, 0, 41, 4, 0xd0, 0, 0,   0,   0,   0, 0};
  CHECK(encode_query({"a\\.b.test", RecordType::TXT, 0x1234}) == want);
  CHECK(encode_query({"a.test", RecordType::TXT, 0x1234, Checking::disabled})[3] == 0x30);
}

TEST_CASE("rcode, AD and records are read") {
  const auto answer = decoded(response(0x81a0, 1, 0, txt_hello));
  CHECK(answer.status == Status::noerror);
  CHECK(answer.txt[0].text() == "hello");
  CHECK(answer.ttl == 60);
  CHECK(answer.dnssec == Dnssec::secure);
  CHECK(decoded(response(0x8180, 1, 0, txt_hello)).dnssec == Dnssec::insecure);
}

TEST_CASE("negative answers have the lesser of the SOA's TTL and its minimum, and none without SOA") {
  CHECK(decoded(response(0x8183, 0, 1, soa)).status == Status::nxdomain);
  CHECK(decoded(response(0x8183, 0, 1, soa)).ttl == 30);
  CHECK(decoded(response(0x8180, 0, 1, soa)).status == Status::nodata);
  CHECK(decoded(response(0x8183, 0, 0, {})).ttl == 0);
}

TEST_CASE("each rcode has its status") {
  const struct {
    unsigned rcode;
    Status want;
  } cases[] = {{0, Status::nodata}, {1, Status::other},   {2, Status::servfail}, {3, Status::nxdomain},
               {4, Status::other},  {5, Status::refused}, {9, Status::other}};
  for (const auto& c : cases) CHECK(decoded(response(0x8180 | c.rcode, 0, 0, {})).status == c.want);
}

TEST_CASE("records of another name, class or type are not taken") {
  auto other_name = txt_hello;
  other_name[1] = 14;  // "test"
  auto other_class = txt_hello;
  other_class[5] = 3;
  CHECK(decoded(response(0x8180, 1, 0, other_name)).status == Status::nodata);
  CHECK(decoded(response(0x8180, 1, 0, other_class)).status == Status::nodata);
  CHECK(decoded(response(0x8180, 1, 0, txt_hello), RecordType::MX).status == Status::nodata);
}

TEST_CASE("an answer that breaks the format cannot be read") {
  auto long_string = txt_hello;
  long_string[12] = 6;
  auto long_data = txt_hello;
  long_data[11] = 7;
  auto forward = txt_hello;
  forward[1] = 200;
  auto self = txt_hello;
  self[1] = 24;
  auto no_data = Octets(txt_hello.begin(), txt_hello.begin() + 12);
  no_data[11] = 0;
  auto bad_label = txt_hello;
  bad_label[0] = 0x80;
  for (const auto& records : {long_string, long_data, forward, self, no_data, bad_label})
    CHECK(decoded(response(0x8180, 1, 0, records)).status == Status::other);
  CHECK(decoded(response(0x0180, 1, 0, txt_hello)).status == Status::other);  // no response
  CHECK(decoded(response(0x8180, 2, 0, txt_hello)).status == Status::other);
  const Octets short_address{0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 3, 1, 2, 3};
  CHECK(decoded(response(0x8180, 1, 0, short_address), RecordType::A).status == Status::other);
}

TEST_CASE("a TLSA record is three numbers and the octets behind them; one that lacks a number cannot be read") {
  const Octets record{0xc0, 12, 0, 52, 0, 1, 0, 0, 0, 60, 0, 5, 3, 1, 2, 0xab, 0};
  const auto answer = decoded(response(0x81a0, 1, 0, record), RecordType::TLSA);
  CHECK(answer.tlsa == std::vector<TlsaRecord>{{3, 1, 2, std::string("\xab\0", 2)}});
  const Octets bare{0xc0, 12, 0, 52, 0, 1, 0, 0, 0, 60, 0, 3, 3, 1, 1};
  CHECK(decoded(response(0x81a0, 1, 0, bare), RecordType::TLSA).tlsa == std::vector<TlsaRecord>{{3, 1, 1, ""}});
  const Octets cut{0xc0, 12, 0, 52, 0, 1, 0, 0, 0, 60, 0, 2, 3, 1};
  CHECK(decoded(response(0x81a0, 1, 0, cut), RecordType::TLSA).status == Status::other);
}

TEST_CASE("no prefix of a response is read past its end") {
  auto whole = response(0x8180, 1, 1, txt_hello);
  whole.insert(whole.end(), soa.begin(), soa.end());
  for (std::size_t octets = 0; octets < whole.size(); ++octets) {
    const Octets prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(octets));
    CHECK(decoded(prefix).status == Status::other);
  }
  CHECK(decoded(whole).status == Status::noerror);
}

TEST_CASE("a loop of aliases ends as SERVFAIL") {
  const Octets loop{0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 2, 0xc0, 12};
  CHECK(decoded(response(0x8180, 1, 0, loop)).status == Status::servfail);
}
