// The path to a part of a mail, as far as it may be shown when the mail's own words may not: file names in mails are
// such words. In: a path such as "part 2/letter to joe.zip/a!b!1!2.xml". Out: the same with every step that this
// program did not make itself and that is no name of an aggregate report replaced by "file" and its known endings.
#pragma once
#include <string>
#include <string_view>

namespace ruaudit::model {

[[nodiscard]] std::string path_without_names(std::string_view path);

}  // namespace ruaudit::model
