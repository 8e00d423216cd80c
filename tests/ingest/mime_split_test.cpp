#include <catch2/catch.hpp>

#include "ingest/mime_split.hpp"
#include "tests/ingest/package_fixture.hpp"

using namespace ruaudit;
using namespace ruaudit::ingest;
using namespace ruaudit::ingest::test;

namespace {
struct Cut {
  std::vector<std::string> numbers;
  std::vector<std::string> bodies;
  std::vector<std::string> defects;
  std::string error;
};
Cut cut(const std::string& mail, const UnpackLimits& limits = {}) {
  const auto bytes = Bytes::from_string(mail);
  const auto parts = split_mail(bytes, limits);
  Cut result;
  for (const auto& part : parts.parts) {
    result.numbers.push_back(part.number);
    result.bodies.emplace_back(part.body.of(bytes.view()));
  }
  for (const auto& defect : parts.defects) result.defects.push_back(defect.code);
  if (parts.error) result.error = parts.error->code;
  return result;
}
using Texts = std::vector<std::string>;
std::string multipart(const std::string& boundary, const std::string& rest) {
  return "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n" + rest;
}
std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  while (times-- > 0) out += text;
  return out;
}
}  // namespace

TEST_CASE("a mail that is no multipart is one part without a number") {
  CHECK(cut("Subject: x\r\n\r\nbody\r\n").bodies == Texts{"body\r\n"});
  CHECK(cut("Subject: x\n\nbody").numbers == Texts{""});
  CHECK(cut("Subject: x").bodies == Texts{""});
  CHECK(cut("").bodies == Texts{""});
}

TEST_CASE("parts are exact ranges, the line end before a delimiter is the delimiter's") {
  const auto result = cut(multipart("x", "pre\n--x\n\none\n--x\r\nA: b\r\n\r\ntwo\r\n\r\n--x--\nepilogue"));
  CHECK(result.bodies == Texts{"one", "two\r\n"});
  CHECK(result.numbers == Texts{"1", "2"});
  CHECK(result.defects.empty());
}

TEST_CASE("delimiters count at line starts only, exactly, with trailing blanks allowed") {
  const auto result =
      cut(multipart("oo", "--oo\n\nsee --oo in the middle\n --oo\n--ooo\n--oo--x\n--oo \t\n\ntwo\n--oo-- \n"));
  CHECK(result.bodies == Texts{"see --oo in the middle\n --oo\n--ooo\n--oo--x", "two"});
}

TEST_CASE("an unclosed inner multipart does not swallow the outer's following parts") {
  const auto result = cut(multipart("out", "--out\n" + multipart("in", "--in\n\none\n--out\n\ntwo\n--out--\n")));
  CHECK(result.bodies == Texts{"one", "two"});
  CHECK(result.numbers == Texts{"1.1", "2"});
  CHECK(result.defects == Texts{"mime-unclosed"});
}

TEST_CASE("nested multiparts number their parts by level") {
  const auto inner = multipart("in", "--in\n\na\n--in\n\nb\n--in--\n");
  CHECK(cut(multipart("out", "--out\n" + inner + "--out\n\nc\n--out--\n")).numbers == Texts{"1.1", "1.2", "2"});
  CHECK(cut(multipart("o", "--o\n" + multipart("oo", "--oo\n\na\n--oo--\n--o\n\nb\n--o--"))).bodies == Texts{"a", "b"});
}

TEST_CASE("a multipart whose delimiter never comes is one leaf") {
  const auto result = cut(multipart("x", "all of it"));
  CHECK(result.bodies == Texts{"all of it"});
  CHECK(result.defects == Texts{"mime-no-delimiter"});
}

TEST_CASE("a header may end at a delimiter or where the body starts without an empty line") {
  CHECK(cut(multipart("x", "--x\nA: b\n--x\n\ntwo\n--x--")).bodies == Texts{"", "two"});
  CHECK(cut(multipart("x", "--x\nA: b\n<feedback>\n--x--")).bodies == Texts{"<feedback>"});
  CHECK(cut("A: b\nnot a field\nContent-Type: text/plain\n\nbody").bodies == Texts{"body"});
}

TEST_CASE("boundaries with quotes, escapes, semicolons and comments are read as written") {
  const std::vector<std::pair<std::string, std::string>> cases = {{R"("a;b\"c")", "a;b\"c"},
                                                                  {R"("a b")", "a b"},
                                                                  {"x (comment)", "x"},
                                                                  {R"("=_?")", "=_?"},
                                                                  {"\"unclosed", "unclosed"}};
  for (const auto& [written, boundary] : cases) {
    CAPTURE(written);
    CHECK(cut(multipart(written, "--" + boundary + "\n\none\n--" + boundary + "--\n")).bodies == Texts{"one"});
  }
  CHECK(cut("Content-Type: multipart/mixed ;\n charset=x;\n\tBOUNDARY = x\n\n--x\n\none\n--x--").bodies ==
        Texts{"one"});
}

TEST_CASE("multipart depth is limited, not the stack") {
  const auto nested = [](std::size_t depth) {
    std::string mail;
    for (std::size_t i = 0; i < depth; ++i) {
      const auto edge = std::to_string(i);
      mail += (i == 0 ? "" : "--" + std::to_string(i - 1) + "\n") + multipart(edge, "");
    }
    return mail + "--" + std::to_string(depth - 1) + "\n\nleaf\n";
  };
  CHECK(cut(nested(32)).error.empty());
  CHECK(cut(nested(32)).bodies == Texts{"leaf\n"});
  CHECK(cut(nested(33)).error == "mime-too-deep");
  CHECK(cut(nested(50'000)).error == "mime-too-deep");
  CHECK(cut(nested(100'000)).error == "mime-too-deep");
}

TEST_CASE("the number of parts is limited and the parts before it are kept") {
  const auto mail = [](std::size_t parts) { return multipart("x", repeated("--x\n\na\n", parts) + "--x--\n"); };
  CHECK(cut(mail(1000)).error.empty());
  CHECK(cut(mail(1000)).bodies.size() == 1000);
  CHECK(cut(mail(1001)).error == "too-many-parts");
  CHECK(cut(mail(100'000)).bodies.size() == 1000);
}

TEST_CASE("a header block is limited") {
  UnpackLimits limits;
  const auto header = [&](std::size_t size) { return "A: " + std::string(size - 4, 'x') + "\n\nbody"; };
  CHECK(cut(header(limits.header_bytes)).error.empty());
  CHECK(cut(header(limits.header_bytes)).bodies == Texts{"body"});
  CHECK(cut("A: b\n" + repeated("B: " + std::string(61, 'x') + "\n", 4096)).error == "header-too-large");
  CHECK(cut(std::string(std::size_t{16} << 20U, 'a')).error == "header-too-large");
  CHECK(cut(std::string(std::size_t{4} << 20U, 'n') + ": value\n\nbody").error == "header-too-large");
  CHECK(cut("Content-Type: " + std::string(std::size_t{4} << 20U, 'c') + "\n\n").error == "header-too-large");
}

TEST_CASE("a NUL in a header changes neither the fields after it nor the body") {
  using namespace std::string_literals;
  CHECK(cut("Su\0bject: x\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x--"s).bodies == Texts{"one"});
}
