// What of a mail or report is known to say nothing about people: names of fields, products, hosts, endings of file
// names. Everything else is replaced. Pure: text in, text out, with its punctuation and, word by word, its length.
#pragma once
#include <array>
#include <string>
#include <string_view>

#include "store/failure/redaction.hpp"

namespace ruaudit::jobs {

// Without regard to letter case.
[[nodiscard]] bool is_one_of_words(std::string_view word, const std::string_view* first, std::size_t count);
template <std::size_t n>
[[nodiscard]] bool is_listed(std::string_view word, const std::array<std::string_view, n>& list) {
  return is_one_of_words(word, list.data(), n);
}

[[nodiscard]] bool is_letter_of_name(char c);  // of ASCII with "-_+.", and all octets beyond it
[[nodiscard]] bool is_digits(std::string_view text);
// Labels with a point between them, below a top-level domain that the redactor knows: what names a host or domain, and
// is kept.
[[nodiscard]] bool is_host_name(std::string_view text, const store::Redactor& redactor);
// "Product/1.2.3" of a program that is known to make reports, and nothing that people can name.
[[nodiscard]] bool is_known_product(std::string_view word);
// Letters, digits and "-_.:" without a blank: a selector or keyword.
[[nodiscard]] bool is_token(std::string_view text);
[[nodiscard]] bool is_charset_name(std::string_view text);

// "receiver!domain!begin!end.xml.gz" stays, of an id behind them and of any other name the ending if it is a known one.
[[nodiscard]] std::string harmless_file_name(std::string_view name, const store::Redactor& redactor);
// Names that mails usually have stay; of others an "X-".
[[nodiscard]] std::string field_name(std::string_view name, const store::Redactor& redactor);
// "Name <local@domain>, ...": addresses with hashed local parts; every other word is replaced.
[[nodiscard]] std::string people(std::string_view text, const store::Redactor& redactor);
// "From local@domain Thu Jan  1 10:00:00 2026": the date and the form stay.
[[nodiscard]] std::string from_line(std::string_view line, const store::Redactor& redactor);
// "Report Domain: d Submitter: s Report-ID: <i>" (RFC 9990 section 3.5): labels, the hosts behind them and the id
// stay.
[[nodiscard]] std::string report_subject(std::string_view text, const store::Redactor& redactor);

}  // namespace ruaudit::jobs
