// Failure reports in sentences. Two are known: "A message claiming to be from you has failed the published DMARC
// policy" with "Name: value" lines and, after a line of dashes, the header of the sample (Exim and the gateways built
// on it); and "... report for an email message received from IP x on date" (the first part of ARF mails, RFC 5965
// appendix B). Words are found across line ends and quoting marks, because mailing lists wrap and quote them. In: one
// text part; out: what it says. Linear in the text.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "parser/failure/notes.hpp"
#include "parser/failure/report_parser.hpp"

namespace ruaudit::parser {

// The offset of the first of words (lower case, one blank between them) in text; any blanks and ">" divide as well.
struct WordsAt {
  std::size_t begin = 0;
  std::size_t end = 0;
};
std::optional<WordsAt> find_words(std::string_view text, std::string_view words);

enum class Sentence { none, message_claiming, report_for_message };

struct Prose {
  Sentence sentence = Sentence::none;
  bool opens_text = false;  // nothing stands before the sentence
  bool is_quoted = false;   // every line of it stands behind ">"
  bool is_about_authentication = false;
  std::string source_ip;  // as written, empty when not said
  std::string arrival_date;
  std::vector<model::NamedValue> fields;  // "Sender Domain", "SPF Alignment", "SPF-authenticated Identifiers" ...
  std::string sample;                     // what follows the line of dashes, byte for byte (without ">" when quoted)
};

// The text of an HTML part without its tags, as far as sentences need it.
std::string text_of_html(std::string_view html);

Prose read_prose(std::string_view text, const FailureLimits& limits, FailureNotes& notes);

// The fields of the first sentence under the names of ARF.
void set_prose_claims(const Prose& prose, model::FailureClaims& claims, FailureNotes& notes);

}  // namespace ruaudit::parser
