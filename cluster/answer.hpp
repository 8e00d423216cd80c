// What a ClickHouse server answers, as text: rows in TabSeparatedWithNamesAndTypes, or the reason why it refuses.
#pragma once
#include <string>
#include <string_view>

#include "cluster/client.hpp"

namespace ruaudit::cluster {

// Error "cluster-refused" where the text is no such rows.
model::Result<Rows> rows_of_answer(std::string_view text);

// `status`: HTTP; `body` begins with "Code: 241, ..." in every version.
model::Error answer_error(const std::string& url, long status, std::string_view body);

// At most some hundred characters, without control characters: fit for an error.
std::string printable_answer(std::string_view text);

}  // namespace ruaudit::cluster
