#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "ingest/content_hash.hpp"
#include "ingest/mbox.hpp"
#include "ingest/source.hpp"
#include "tests/ingest/package_fixture.hpp"

using namespace ruaudit;
using namespace ruaudit::ingest;
using namespace ruaudit::ingest::test;
namespace fs = std::filesystem;

namespace {
using Texts = std::vector<std::string>;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "ruaudit-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] std::string path(const std::string& name = "") const { return (path_ / name).string(); }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }

 private:
  fs::path path_;
};

struct Walked {
  Texts locators;
  Texts texts;
  Texts errors;
  std::vector<ItemKind> kinds;
};
Walked walk(const std::string& source, const SourceLimits& limits = {}) {
  Walked walked;
  auto reader = SourceReader::open(source, limits);
  if (!reader) {
    walked.errors.push_back(reader.error().code);
    return walked;
  }
  while (auto item = reader->next()) {
    if (!*item) {
      walked.errors.push_back(item->error().code);
      continue;
    }
    walked.locators.push_back((*item)->locator);
    walked.texts.emplace_back((*item)->bytes.view());
    walked.kinds.push_back((*item)->kind);
  }
  CHECK(reader->entries_done() == reader->entries_known());
  return walked;
}

Walked members(const std::string& mbox) {
  Walked walked;
  MboxReader reader(Bytes::from_string(mbox), 1000, "/tmp");
  while (auto member = reader.next()) {
    REQUIRE(*member);
    walked.locators.push_back(std::to_string((*member)->offset));
    walked.texts.emplace_back((*member)->mail.view());
  }
  return walked;
}
const std::string from_line = "From a@b Tue Jun  3 10:00:00 2025\n";
}  // namespace

TEST_CASE("a file is one item without a locator") {
  const Folder folder;
  folder.write("[odd] name!\n.xml", report);
  const auto walked = walk(folder.path("[odd] name!\n.xml"));
  CHECK(walked.locators == Texts{""});
  CHECK(walked.texts == Texts{report});
}

TEST_CASE("a folder is walked recursively in the order of names") {
  const Folder folder;
  for (const auto* name : {"b/z", "b/a", "a", "c", "[x]/y z!", ".hidden"}) folder.write(name, name);
  const auto walked = walk(folder.path());
  CHECK(walked.locators == Texts{".hidden", "[x]/y z!", "a", "b/a", "b/z", "c"});
  CHECK(walked.texts == walked.locators);
}

TEST_CASE("a maildir is new/ then cur/, never tmp/ and never the index files") {
  const Folder folder;
  for (const auto* name : {"cur/1:2,S", "new/2", "tmp/3", "dovecot-uidlist", ".Reports/new/4", ".Reports/cur/5",
                           ".Reports/tmp/6", "new/.nfs1"})
    folder.write(name, name);
  const auto walked = walk(folder.path());
  CHECK(walked.locators == Texts{"new/2", "cur/1:2,S", ".Reports/new/4", ".Reports/cur/5"});
  CHECK(walked.kinds == std::vector<ItemKind>(4, ItemKind::mail));
}

TEST_CASE("loops of links end, other entries are skipped with a reason") {
  const Folder folder;
  folder.write("a/file", "x");
  fs::create_directory_symlink(folder.path(), folder.path("a/loop"));
  fs::create_symlink(folder.path("nowhere"), folder.path("broken"));
  fs::create_symlink(folder.path("a/file"), folder.path("linked"));
  REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  const auto walked = walk(folder.path());
  CHECK(walked.locators == Texts{"a/file", "linked"});
  CHECK(walked.errors == Texts{"folder-loop", "unreadable", "not-a-file"});
}

TEST_CASE("what cannot be opened is an error and does not end the walk") {
  CHECK(walk("/nonexistent/x").errors == Texts{"source-not-found"});
  const Folder folder;
  folder.write("a", std::string(101, 'x'));
  folder.write("b", std::string(100, 'x'));
  SourceLimits limits;
  limits.file_bytes = 100;
  const auto walked = walk(folder.path(), limits);
  CHECK(walked.errors == Texts{"file-too-large"});
  CHECK(walked.locators == Texts{"b"});
}

TEST_CASE("more files than are opened ahead come in their order, each done when it is handed out") {
  const Folder folder;
  Texts names;
  for (int i = 0; i < 200; ++i) {
    names.push_back("box/new/" + std::to_string(1000 + i));
    folder.write(names.back(), "mail " + std::to_string(i));
  }
  folder.write("box/cur/1", "read");
  names.emplace_back("box/cur/1");
  const auto walked = walk(folder.path());
  CHECK(walked.locators == names);
  CHECK(walked.errors.empty());
  CHECK(walked.texts.at(130) == "mail 130");
  auto reader = SourceReader::open(folder.path(), {});
  REQUIRE(reader);
  REQUIRE(reader->next());
  CHECK(reader->entries_done() == 3);  // box, box/new, the first mail
  for (int i = 1; i < 100; ++i) REQUIRE(reader->next());
  CHECK(reader->entries_done() == 102);
}

TEST_CASE("a file that is deleted after it was opened ahead is read all the same") {
  const Folder folder;
  for (const char* name : {"a", "b", "c"}) folder.write(name, name);
  auto reader = SourceReader::open(folder.path(), {});
  REQUIRE(reader);
  REQUIRE(reader->next());
  fs::remove(folder.path("c"));
  const auto second = reader->next(), third = reader->next();
  REQUIRE(third);
  REQUIRE(*third);
  CHECK((*third)->bytes.view() == "c");
}

TEST_CASE("folder depth is limited") {
  const Folder folder;
  SourceLimits limits;
  limits.folder_depth = 3;
  folder.write("1/2/file", "x");
  CHECK(walk(folder.path(), limits).errors.empty());
  folder.write("1/2/3/file", "x");
  CHECK(walk(folder.path(), limits).errors == Texts{"folder-too-deep"});
}

TEST_CASE("small files are read and large ones mapped with the same result") {
  const Folder folder;
  std::string big;
  while (big.size() < 3'000'000) big += report;
  folder.write("big", big);
  SourceLimits limits;
  for (const std::uint64_t read_bytes : {std::uint64_t{0}, std::uint64_t{10'000'000}}) {
    limits.read_bytes = read_bytes;
    auto reader = SourceReader::open(folder.path("big"), limits);
    REQUIRE(reader);
    auto item = reader->next();
    REQUIRE((item && *item));
    CHECK(content_hash((*item)->bytes) == content_hash(Bytes::from_string(big)));
    CHECK((*item)->bytes.view() == big);  // dropped pages come back
    CHECK((*item)->modified > 1'600'000'000);
  }
}

TEST_CASE("an mbox is one item per mail, also gzipped and inside a folder") {
  const Folder folder;
  const std::string mbox = from_line + "Subject: a\n\none\n\n" + from_line + "Subject: b\n\ntwo\n\n";
  folder.write("box", mbox);
  folder.write("box.gz", gzip_of(mbox));
  const auto walked = walk(folder.path("box"));
  CHECK(walked.texts == Texts{"Subject: a\n\none\n", "Subject: b\n\ntwo\n"});
  CHECK(walked.locators == Texts{"offset 0", "offset 51"});
  CHECK(walk(folder.path("box.gz")).texts == walked.texts);
  CHECK(walk(folder.path()).locators == Texts{"box:offset 0", "box:offset 51", "box.gz:offset 0", "box.gz:offset 51"});
  folder.write("cut.gz", gzip_of(mbox).substr(0, gzip_of(mbox).size() - 9));
  const auto cut = walk(folder.path("cut.gz"));
  CHECK(cut.texts.size() == 2);
  CHECK(cut.errors == Texts{"gzip-truncated"});
}

TEST_CASE("a From_ line counts after an empty line only") {
  CHECK(members(from_line + "A: b\n\ntext\n" + from_line + "more\n").texts.size() == 1);
  CHECK(members(from_line + "A: b\n\ntext\n\nFrom now on all is well\nbody\n").texts.size() == 1);
  CHECK(members(from_line + "A: b\n\ntext\n\nFrom now\nSubject: x\n\nbody\n").texts.size() == 2);
}

TEST_CASE("CRLF and LF mailboxes give mails without the separating line") {
  std::string crlf;
  const std::string mbox = from_line + "A: b\n\none\n\n" + from_line + "A: c\n\ntwo\n";
  for (const char c : mbox) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(members(mbox).texts == Texts{"A: b\n\none\n", "A: c\n\ntwo\n"});
  CHECK(members(crlf).texts == Texts{"A: b\r\n\r\none\r\n", "A: c\r\n\r\ntwo\r\n"});
}

TEST_CASE("a whole From_ line with a field behind it begins a mail without an empty line before it") {
  for (const std::string line :
       {"From a@b.example Thu Jan  1 00:00:00 2026\n", "From a@b Thu Jan 1 00:00 +0100 2026\n",
        "From MAILER-DAEMON Thu Jan  1 00:00:00 UTC 2026\n", "From - Thu Jan 01 00:00:00 2026\r\n"}) {
    CAPTURE(line);
    CHECK(members(line + "A: b\n\none\n" + line + "A: c\n\ntwo\n").texts == Texts{"A: b\n\none\n", "A: c\n\ntwo\n"});
  }
}

TEST_CASE("a From_ line that a text may hold begins no mail without an empty line before it") {
  for (const std::string line :
       {"From me to you at 10:00 on Thu Jan 1 2026\nA: x\n", "From a@b.example at 10:00\nA: x\n",
        "From a@b.example Thu Jan  1 00:00:00 2026\nno field\n", "From a@b.example\nA: x\n"}) {
    CAPTURE(line);
    CHECK(members(from_line + "A: b\n\none\n" + line).texts.size() == 1);
  }
}

TEST_CASE("the mails of an MMDF file stand between lines of four octets 01") {
  const std::string mark = "\x01\x01\x01\x01\n";
  const std::string one = "A: b\n\none\n", two = "A: c\n\ntwo\n\x01\x01\x01\x01x\n";
  CHECK(members(mark + one + mark + mark + two + mark).texts == Texts{one, two});
  CHECK(members(mark + one + mark + two).texts == Texts{one, two});
  CHECK(members(mark + from_line + one + mark).texts == Texts{one});
  CHECK(members(mark + mark).texts.empty());
  const Folder folder;
  folder.write("box", mark + one + mark + mark + two + mark);
  CHECK(walk(folder.path()).texts == Texts{one, two});
}

TEST_CASE("quoted From_ lines lose one mark, in mboxo and in mboxrd") {
  CHECK(members(from_line + "A: b\n\n>From x\n>>From y\n>>>From z\n >From w\na>From\n").texts ==
        Texts{"A: b\n\nFrom x\n>From y\n>>From z\n >From w\na>From\n"});
  const std::string many(5000, '>');
  CHECK(members(from_line + "A: b\n\n" + many + "From x\n").texts == Texts{"A: b\n\n" + many.substr(1) + "From x\n"});
}

TEST_CASE("the content hash is SHA-256") {
  // FIPS 180-2 appendix B.1: "abc".
  const auto hash = content_hash(Bytes::from_string("abc"));
  CHECK(hash[0] == 0xba);
  CHECK(hash[1] == 0x78);
  CHECK(hash[31] == 0xad);
}
