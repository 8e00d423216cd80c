#include "report/html/writer.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "report/html/policy.hpp"
#include "tests/paths.hpp"

using namespace ruaudit::report::html;

namespace {

std::vector<std::string> hostile_strings() {
  std::ifstream file(ruaudit::test::source_path("tests/page/hostile-strings.json"));
  auto strings = nlohmann::json::parse(file).get<std::vector<std::string>>();
  strings.emplace_back("\xff\xfe<script\x80>\xc0\xbc\xed\xa0\x80");  // no UTF-8
  return strings;
}

std::string text_of(std::string_view text) {
  Writer html;
  html.line("p", text);
  return html.take();
}

std::string attribute_of(std::string_view text) {
  Writer html;
  html.leaf("br", {{"title", text}});
  return html.take();
}

std::size_t count(std::string_view text, char wanted) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), wanted));
}

}  // namespace

TEST_CASE("what a report says is text and nothing else") {
  const auto strings = hostile_strings();
  REQUIRE(strings.size() == 21);
  for (const auto& hostile : strings) {
    CAPTURE(hostile);
    const auto html = text_of(hostile);
    CHECK(count(html, '<') == 2);  // those of <p> and </p>
    CHECK(count(html, '>') == 2);
    CHECK(html.find_first_of(std::string("\0\x1b\r\n\t\x7f", 6)) == std::string::npos);
  }
}

TEST_CASE("what a report says stays inside the quotes of an attribute") {
  for (const auto& hostile : hostile_strings()) {
    CAPTURE(hostile);
    const auto html = attribute_of(hostile);
    CHECK(html.starts_with("<br title=\""));
    CHECK(html.ends_with("\"/>"));
    CHECK(count(html, '"') == 2);
    CHECK(count(html, '\'') == 0);
    CHECK(count(html, '<') == 1);
  }
}

TEST_CASE("the five characters of HTML become references, other text stays as it is") {
  CHECK(escaped("a & b < c > d \" e ' f") == "a &amp; b &lt; c &gt; d &quot; e &#39; f");
  CHECK(escaped("M\xC3\xBCller") == "M\xC3\xBCller");
  CHECK(escaped("a\x1b") == "a\xEF\xBF\xBD");
  CHECK(escaped("\xE2\x80\xAE") == "\xEF\xBF\xBD");
}

TEST_CASE("elements nest and attributes are quoted whatever their type") {
  Writer html;
  html.in("section", {{"id", "a"}, {"hidden"}, {"data-n", 7}}, [&] {
    html.line("p", {{"class", "x"}}, "1 < 2");
    html.leaf("rect", {{"width", Percent{40}}, {"height", std::int64_t{-3}}});
    html.line("a", {Anchor{"x\"y"}}, "there");
  });
  CHECK(html.take() ==
        "<section id=\"a\" hidden data-n=\"7\"><p class=\"x\">1 &lt; 2</p><rect width=\"40%\" height=\"-3\"/>"
        "<a href=\"#x&quot;y\">there</a></section>");
}

TEST_CASE("an anchor never leads out of the document") {
  for (const auto& hostile : hostile_strings()) {
    Writer html;
    html.line("a", {Anchor{hostile}}, "x");
    CHECK(html.take().starts_with("<a href=\"#"));
  }
}

TEST_CASE("text that is known at run time is neither markup nor a name") {
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Markup, std::string>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Markup, std::string_view>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Element, std::string>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<AttributeName, std::string_view>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Style, std::string>);
}

TEST_CASE("data is base64 of any octets") {
  Writer html;
  html.data_block("d", std::string("</script>\0\xff", 11));
  CHECK(html.take() == "<script type=\"text/plain\" id=\"d\">PC9zY3JpcHQ+AP8=</script>");
  CHECK(base64("").empty());
  CHECK(base64("f") == "Zg==");
  CHECK(base64("foobar") == "Zm9vYmFy");  // RFC 4648 section 10
}

TEST_CASE("the policy names the hashes of the two blocks and permits nothing else") {
  // Digest of the empty text, FIPS 180-4.
  CHECK(content_hash("") == "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  CHECK(content_security_policy("", "") ==
        "default-src 'none'; script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; style-src "
        "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; img-src 'none'; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'");
}
