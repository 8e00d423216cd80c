// What of the way to a part may be shown where a mail's own words may not.
#include "model/part_path.hpp"

#include <catch2/catch.hpp>

namespace ruaudit::model {

TEST_CASE("part path: steps made here and names of reports stay, any other name gives way to its known endings") {
  const struct {
    const char *path, *want;
  } table[] = {{"", ""},
               {"body", "body"},
               {"part 2.1", "part 2.1"},
               {"offset 117/part 2", "offset 117/part 2"},
               {"part 2/google.com!example.com!1!2.zip/google.com!example.com!1!2.xml",
                "part 2/google.com!example.com!1!2.zip/google.com!example.com!1!2.xml"},
               {"part 2/letter to joe.pdf", "part 2/file.pdf"},
               {"part 2/joe.eml.gz", "part 2/file.eml.gz"},
               {"part 2/a/joe/b.txt", "part 2/file/file/file.txt"},
               {"part two", "file"},
               {"body of joe", "file"},
               {"joe!at!home!now with blanks", "file"},
               {".pdf", "file"},
               {"part 1/", "part 1/"}};
  for (const auto& one : table) {
    CAPTURE(one.path);
    CHECK(path_without_names(one.path) == one.want);
    CHECK(path_without_names(path_without_names(one.path)) == one.want);
  }
}

}  // namespace ruaudit::model
