#include "cluster/server/answer.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

namespace ruaudit::cluster {
namespace {

constexpr std::size_t max_error_characters = 400;

char unescaped(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'r':
      return '\r';
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case '0':
      return '\0';
    default:
      return c;
  }
}

std::optional<std::string> value_of(std::string_view field) {
  if (field == "\\N") return std::nullopt;
  std::string out;
  out.reserve(field.size());
  for (std::size_t i = 0; i < field.size(); ++i) {
    const bool is_escape = field[i] == '\\' && i + 1 < field.size();
    out.push_back(is_escape ? unescaped(field[++i]) : field[i]);
  }
  return out;
}

template <class Take>
void each_field(std::string_view line, const Take& take) {
  while (true) {
    const auto tab = line.find('\t');
    take(line.substr(0, tab));
    if (tab == std::string_view::npos) return;
    line.remove_prefix(tab + 1);
  }
}

std::vector<std::string> names_of(std::string_view line) {
  std::vector<std::string> names;
  each_field(line, [&names](std::string_view field) { names.push_back(value_of(field).value_or("")); });
  return names;
}

// "Code: 241, e.displayText() = ..." or "Code: 516. DB::Exception: ...".
int error_number(std::string_view body) {
  constexpr std::string_view label = "Code: ";
  int number = 0;
  const auto at = body.find(label);
  if (at == std::string_view::npos) return 0;
  std::from_chars(body.data() + at + label.size(), body.data() + body.size(), number);
  return number;
}

// Numbers of errors: ClickHouse, dbms/src/Common/ErrorCodes.
bool is_about_login(long status, int number) {
  return status == 401 || status == 403 || number == 192 || number == 193 || number == 194 || number == 195 ||
         number == 516;
}
bool is_about_space(int number, std::string_view body) {
  return number == 243 || body.find("No space left on device") != std::string_view::npos;
}

}  // namespace

std::string printable_answer(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, max_error_characters)) {
    const auto octet = static_cast<unsigned char>(c);
    out.push_back(octet < 0x20 || octet == 0x7f ? ' ' : c);
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

model::Error answer_error(const std::string& url, long status, std::string_view body) {
  const int number = error_number(body);
  if (is_about_login(status, number))
    return {"cluster-password", fmt::format("{} does not accept user and password", url),
            "user and password_file of [cluster] must be those of the server's users.xml"};
  const std::string what =
      fmt::format("{}: {}", url, body.empty() ? fmt::format("HTTP status {}", status) : printable_answer(body));
  if (is_about_space(number, body))
    return {"cluster-disk", what,
            "the server's disk is full: make room there; nothing is lost here, and it is shipped next time"};
  return {"cluster-refused", what, "the server's log says more; what is not shipped yet is kept here"};
}

std::uint64_t number_of(const std::optional<std::string>& value) {
  return value ? std::strtoull(value->c_str(), nullptr, 10) : 0;
}

bool read_hex(std::string_view text, std::span<std::uint8_t> octets) {
  if (text.size() != 2 * octets.size()) return false;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const char* const from = text.data() + 2 * i;
    if (const auto read = std::from_chars(from, from + 2, octets[i], 16); read.ptr != from + 2) return false;
  }
  return true;
}

model::Result<Rows> rows_of_answer(std::string_view text, std::size_t columns) {
  Rows rows;
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) break;
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (number == 0) {
      rows.columns = names_of(line);
    } else if (number == 1) {
      rows.types = names_of(line);
    } else {
      auto& row = rows.rows.emplace_back();
      each_field(line, [&row](std::string_view field) { row.push_back(value_of(field)); });
      if (row.size() != rows.columns.size()) break;
    }
    ++number;
  }
  const bool is_whole = text.empty() && number >= 2 && rows.columns.size() == rows.types.size() &&
                        (columns == 0 || rows.columns.size() == columns) &&
                        (rows.rows.empty() || rows.rows.back().size() == rows.columns.size());
  if (is_whole) return rows;
  return model::failure("cluster-refused", "the answer is not what was asked for: " + printable_answer(text),
                        "is it a ClickHouse server?");
}

std::string unhex_text(std::span<const std::uint8_t> octets) {
  std::string text;
  for (const auto octet : octets) text += fmt::format("{:02x}", octet);
  return "unhex('" + text + "')";
}

std::string number_list(const std::set<std::uint64_t>& numbers) {
  return joined(numbers, [](std::uint64_t number) { return fmt::format("{}", number); });
}

}  // namespace ruaudit::cluster
