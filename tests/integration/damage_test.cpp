// Damage: every good XML sample cut off at each record edge and inside each tag, and each oddity of the XML text put
// into each record. All records before the damage are kept, none is invented, and a defect names the right line. The
// last case reads with planted faults, each of which the two checks must name.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "sample_reader.hpp"
#include "tests/paths.hpp"

namespace fs = std::filesystem;
using namespace ruaudit;

namespace {

struct Text {
  std::string name;
  std::string xml;
  tests::ReadReport whole;
};

std::vector<Text> good_texts() {
  std::vector<Text> texts;
  for (const auto& entry :
       fs::directory_iterator(fs::path(ruaudit::test::source_path("sample-reports/aggregate/good")))) {
    if (entry.path().extension() != ".xml") continue;
    std::ostringstream content;
    content << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    auto parsed = tests::parse_text(content.str());
    REQUIRE(parsed.read);
    texts.push_back({entry.path().filename().string(), content.str(), std::move(*parsed.read)});
  }
  std::ranges::sort(texts, {}, &Text::name);
  return texts;
}

std::uint32_t line_at(std::string_view text, std::size_t offset) {
  return 1 + static_cast<std::uint32_t>(std::ranges::count(text.substr(0, offset), '\n'));
}

// Offsets behind each end tag of a record, whatever its prefix.
std::vector<std::size_t> record_ends(std::string_view xml) {
  std::vector<std::size_t> ends;
  for (auto at = xml.find("record>"); at != std::string_view::npos; at = xml.find("record>", at + 1)) {
    const auto open = xml.rfind('<', at);
    if (xml[open + 1] == '/') ends.push_back(at + 7);
  }
  return ends;
}

// Behind each '<', in the middle of each tag, and at each record's edges.
std::vector<std::size_t> cut_points(std::string_view xml, std::size_t root_end) {
  std::vector<std::size_t> cuts = record_ends(xml);
  for (auto at = xml.find('<', root_end); at != std::string_view::npos; at = xml.find('<', at + 1)) {
    const auto close = xml.find('>', at);
    cuts.insert(cuts.end(), {at, at + 1, (at + close) / 2, close});
  }
  return cuts;
}

using Read = tests::ParsedText (*)(std::string_view);

std::string cut_complaint(const Text& text, std::size_t cut, Read read = tests::parse_text) {
  const auto ends = record_ends(text.xml);
  const auto complete = static_cast<std::size_t>(std::ranges::count_if(ends, [&](auto end) { return end <= cut; }));
  const auto parsed = read(std::string_view(text.xml).substr(0, cut));
  if (!parsed.read) return "refused: " + parsed.error->code + ": " + parsed.error->message;
  const auto& records = parsed.read->records;
  if (records.size() != complete)
    return "records: got " + std::to_string(records.size()) + ", want " + std::to_string(complete);
  if (!std::equal(records.begin(), records.end(), text.whole.records.begin())) return "a record differs";
  if (!parsed.read->report.is_damaged) return "not called damaged";
  const auto line = line_at(text.xml, cut);
  for (const auto& defect : parsed.read->defects)
    if (defect.code == "truncated")
      return defect.line == line
                 ? ""
                 : "truncated at line " + std::to_string(defect.line) + ", want " + std::to_string(line);
  return "no defect truncated";
}

struct Injection {
  std::string_view name;
  std::string_view before;  // where in the record
  std::string_view insert;  // what stands there instead
  bool keeps_record;
};

// Line ends are not added, so that the lines of all other records stay.
constexpr Injection injections[] = {
    {"x01 byte order mark inside", "<header_from>", "\xEF\xBB\xBF<header_from>", true},
    {"x03 octet outside UTF-8", "</header_from>", "\x91</header_from>", true},
    {"x05 ampersand", "</header_from>", " & x</header_from>", true},
    {"x05 ampersand at a tag", "</header_from>", "&</header_from>", true},
    {"x05 less-than", "</header_from>", " < x</header_from>", true},
    {"x05 address in brackets", "</header_from>", " <a@b.example></header_from>", true},
    {"x05 unknown entity", "</header_from>", "&nbsp;</header_from>", true},
    {"x06 end tag misspelt", "</count>", "</cuont>", false},
    {"x06 end tag missing", "</count>", "", false},
    {"x06 end tag of row missing", "</row>", "", false},
    {"x06 end tag of auth_results missing", "</auth_results>", "", false},
    {"x06 start tag missing", "<row>", "", false},
    {"x06 stray end tag", "</row>", "</row></row>", true},
    {"x07 unclosed schema element", "<row>", "<xs:schema xmlns:xs=\"urn:example:x\"><row>", false},
    {"x09 undeclared prefix", "<row>", "<v:extra>1</v:extra><row>", true},
    {"x11 duplicate element", "<count>", "<count>7</count><count>", true},
    {"x13 markup escaped once more", "</header_from>", "&lt;b&gt;</header_from>", true},
    {"x15 another root inside", "<row>", "<feedback><row>", false},
    {"control character", "</header_from>", "\x01</header_from>", true},
    {"attribute without quotes", "<header_from>", "<header_from lang=de>", true},
    {"attribute twice", "<header_from>", "<header_from a=\"1\" a=\"2\">", true},
};

struct Injected {
  std::string xml;
  std::uint32_t first_line, last_line;  // of the record
};

std::optional<Injected> inject(const Text& text, std::size_t record, const Injection& what) {
  const auto end = record_ends(text.xml)[record];
  const auto start = record == 0 ? text.xml.find("<record>") : record_ends(text.xml)[record - 1];
  const auto at = text.xml.find(what.before, start);
  if (at == std::string::npos || at >= end) return std::nullopt;
  std::string xml = text.xml;
  xml.replace(at, what.before.size(), what.insert);
  return Injected{std::move(xml), line_at(text.xml, start), line_at(text.xml, end)};
}

// The same row, with its address or, where that was lost, without one: never with another.
bool is_same_row(const model::Record& got, const model::Record& want) {
  return got.row_number == want.row_number && (!got.source_ip || got.source_ip == want.source_ip);
}

struct Damage {
  std::size_t record;
  const Injection& what;
  const Injected& injected;
};

std::string injection_complaint(const Text& text, const Damage& damage, Read read = tests::parse_text) {
  const auto& [record, what, injected] = damage;
  const auto parsed = read(injected.xml);
  if (!parsed.read) return "refused: " + parsed.error->code + ": " + parsed.error->message;
  auto want = text.whole.records;
  const auto& got = parsed.read->records;
  const bool lost = got.size() + 1 == want.size();
  if (lost && what.keeps_record) return "the record is lost";
  if (!lost && got.size() != want.size()) return "records: got " + std::to_string(got.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    const auto& original = want[lost && i >= record ? i + 1 : i];
    const bool touched = !lost && i == record;
    if (touched ? !is_same_row(got[i], original) : got[i] != original)
      return "record " + std::to_string(i + 1) + " differs";
  }
  const bool named = std::ranges::any_of(parsed.read->defects, [&](const model::Defect& defect) {
    return defect.line >= injected.first_line && defect.line <= injected.last_line && defect.row == record + 1;
  });
  return named ? "" : "no defect of this row within its lines";
}

// Readers with one fault each.
tests::ParsedText with_fault(std::string_view xml, void (*spoil)(tests::ReadReport&)) {
  auto parsed = tests::parse_text(xml);
  if (parsed.read) spoil(*parsed.read);
  return parsed;
}
struct PlantedFault {
  std::string_view name;
  Read read;
  std::string_view of_a_cut, of_an_injection;  // what the checks must say
};
const PlantedFault planted_faults[] = {
    {"loses the last record",
     [](std::string_view xml) { return with_fault(xml, [](auto& read) { read.records.pop_back(); }); }, "records: got",
     "the record is lost"},
    {"invents a record",
     [](std::string_view xml) {
       return with_fault(xml, [](auto& read) { read.records.push_back(read.records.back()); });
     },
     "records: got", "records: got"},
    {"changes a count",
     [](std::string_view xml) { return with_fault(xml, [](auto& read) { read.records.front().count = 999'999; }); },
     "a record differs", "record 1 differs"},
    {"is a line off",
     [](std::string_view xml) {
       return with_fault(xml, [](auto& read) {
         for (auto& defect : read.defects) defect.line += 1000;
       });
     },
     "truncated at line", "no defect of this row"},
    {"says nothing", [](std::string_view xml) { return with_fault(xml, [](auto& read) { read.defects.clear(); }); },
     "no defect truncated", "no defect of this row"},
    {"takes it for whole",
     [](std::string_view xml) { return with_fault(xml, [](auto& read) { read.report.is_damaged = false; }); },
     "not called damaged", ""},
    {"refuses it",
     [](std::string_view) {
       return tests::ParsedText{std::nullopt, model::Error{"no", "no", ""}};
     },
     "refused", "refused"},
};

struct Tally {
  std::size_t tried = 0, failed = 0;
  void note(const std::string& where, const std::string& complaint) {
    ++tried;
    if (complaint.empty()) return;
    if (++failed <= 40) std::cout << where << ": " << complaint << "\n";
  }
};

}  // namespace

TEST_CASE("a report that is cut off keeps every complete record and names the line of the cut") {
  Tally tally;
  for (const auto& text : good_texts()) {
    const auto root_end = text.xml.find('>', text.xml.find("feedback")) + 1;
    const auto last = text.xml.rfind('>');
    for (const auto cut : cut_points(text.xml, root_end))
      if (cut <= last) tally.note(text.name + " cut at " + std::to_string(cut), cut_complaint(text, cut));
  }
  std::cout << "cuts: " << tally.tried << ", not as expected: " << tally.failed << "\n";
  CHECK(tally.failed == 0);
  CHECK(tally.tried > 5000);
}

TEST_CASE("an oddity inside a record costs at most that record and is named at its line") {
  Tally tally;
  for (const auto& text : good_texts())
    for (std::size_t record = 0; record < text.whole.records.size(); ++record)
      for (const auto& what : injections)
        if (const auto injected = inject(text, record, what))
          tally.note(text.name + " record " + std::to_string(record + 1) + ", " + std::string(what.name),
                     injection_complaint(text, {record, what, *injected}));
  std::cout << "injections: " << tally.tried << ", not as expected: " << tally.failed << "\n";
  CHECK(tally.failed == 0);
  CHECK(tally.tried > 500);
}

TEST_CASE("a reader that loses, invents, changes or misplaces is found out by both checks") {
  const auto texts = good_texts();
  const auto text = std::ranges::find_if(texts, [](const Text& one) { return one.whole.records.size() >= 3; });
  REQUIRE(text != texts.end());
  const auto second_end = record_ends(text->xml)[1];
  const auto& ampersand = injections[2];
  const auto injected = inject(*text, 1, ampersand);
  REQUIRE(injected);
  CHECK(cut_complaint(*text, second_end + 5) == "");
  CHECK(injection_complaint(*text, {1, ampersand, *injected}) == "");
  for (const auto& fault : planted_faults) {
    CAPTURE(fault.name);
    CHECK_THAT(cut_complaint(*text, second_end + 5, fault.read), Catch::StartsWith(std::string(fault.of_a_cut)));
    if (fault.of_an_injection.empty()) continue;  // no fault there: the ampersand costs nothing
    const auto complaint = injection_complaint(*text, {1, ampersand, *injected}, fault.read);
    CHECK_THAT(complaint, Catch::StartsWith(std::string(fault.of_an_injection)));
  }
}
