#include "parser/report_hints.hpp"

#include <array>
#include <optional>
#include <utility>

#include "model/ascii.hpp"
#include "model/domain.hpp"
#include "parser/aggregate_values.hpp"

namespace ruaudit::parser {
namespace {

struct FileNameParts {
  std::string_view receiver;
  std::string_view policy_domain;
  std::string_view begin;
  std::string_view end;
  std::string_view unique_id;
};

// receiver!policy-domain!begin!end[!unique-id].extension, RFC 9990 section 3.5. The receiver may be empty.
std::optional<FileNameParts> split_file_name(std::string_view name) {
  if (const auto slash = name.find_last_of("/\\"); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  for (const std::string_view extension : {".gz", ".zip", ".xml", ".json"})
    if (name.ends_with(extension)) name.remove_suffix(extension.size());
  std::array<std::string_view, 5> parts;
  std::size_t count = 0;
  while (count < parts.size()) {
    const auto mark = count + 1 < parts.size() ? name.find('!') : std::string_view::npos;
    parts[count++] = name.substr(0, mark);
    if (mark == std::string_view::npos) break;
    name.remove_prefix(mark + 1);
  }
  if (count < 4) return std::nullopt;
  // Some append more behind a dot: "1337356799.20120518163".
  if (count == 4) parts[3] = parts[3].substr(0, parts[3].find('.'));
  return FileNameParts{parts[0], parts[1], parts[2], parts[3], parts[4]};
}

// Runs of blanks as one, none in front of a colon.
std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (is_blank && (out.empty() || out.back() == ' ')) continue;
    if (c == ':' && out.ends_with(' ')) out.pop_back();
    out += is_blank ? ' ' : c;
  }
  return out;
}

// The word after a key of the subject, for instance "Submitter:". Keys are compared without letter case (Google and
// Amazon write "Report domain:").
std::string subject_word(std::string_view raw, std::string_view key) {
  const std::string subject = squeezed(raw);
  const auto at = ascii::lower(subject).find(key);
  if (at == std::string::npos) return {};
  const std::string_view rest = trimmed(std::string_view(subject).substr(at + key.size()));
  std::string_view word = rest.substr(0, rest.find(' '));
  if (word.starts_with('<') && word.ends_with('>')) word = word.substr(1, word.size() - 2);
  return std::string(word);
}

std::string_view address_of(std::string_view from) {
  const auto open = from.rfind('<');
  const auto close = from.find('>', open == std::string_view::npos ? 0 : open);
  if (open != std::string_view::npos && close != std::string_view::npos) from = from.substr(open + 1, close - open - 1);
  from = trimmed(from);
  return from.find('@') == std::string_view::npos ? std::string_view{} : cut_text(from, 320);
}

std::string domain_of_address(std::string_view address) {
  const auto at = address.rfind('@');
  if (at == std::string_view::npos) return {};
  const auto domain = model::Domain::parse(trimmed(address.substr(at + 1)));
  return domain ? domain->text() : std::string();
}

std::string domain_text(std::string_view text) {
  const auto domain = model::Domain::parse(text);
  return domain ? domain->text() : std::string();
}

bool is_reversed(const model::DateRange& range) { return range.begin && range.end && *range.begin > *range.end; }

class GapFiller {
 public:
  GapFiller(model::ReportHeader& header, const ReportHints& hints)
      : header_(header), hints_(hints), name_(split_file_name(hints.file_name)) {}

  std::vector<model::Defect> run() {
    auto& metadata = header_.metadata;
    if (metadata.org_name.empty()) fill_org_name();
    if (metadata.email.empty()) fill(metadata.email, address_of(hints_.from), "email-from-sender");
    if (metadata.report_id.empty()) {
      if (name_) fill(metadata.report_id, name_->unique_id, "report-id-from-file-name");
      fill(metadata.report_id, subject_word(hints_.subject, "report-id:"), "report-id-from-subject");
    }
    if (auto& domain = header_.policy_published.domain; domain.empty()) {
      if (name_) fill(domain, domain_text(name_->policy_domain), "domain-from-file-name");
      fill(domain, domain_text(subject_word(hints_.subject, "report domain:")), "domain-from-subject");
    }
    if (name_) fill_dates();
    return std::move(defects_);
  }

 private:
  void fill_org_name() {
    auto& metadata = header_.metadata;
    fill(metadata.org_name, domain_of_address(metadata.email), "org-name-from-email");
    if (name_) fill(metadata.org_name, domain_text(name_->receiver), "org-name-from-file-name");
    fill(metadata.org_name, domain_text(subject_word(hints_.subject, "submitter:")), "org-name-from-subject");
    fill(metadata.org_name, domain_of_address(address_of(hints_.from)), "org-name-from-sender");
  }

  void fill(std::string& field, std::string_view value, std::string_view code) {
    if (!field.empty() || value.empty()) return;
    field = cut_text(value, 500);
    defects_.push_back({std::string(code), field, 0, 0});
  }

  void fill_dates() {
    auto& range = header_.metadata.date_range;
    const bool was_complete = range.begin && range.end;
    fill_date(range.begin, parse_date(name_->begin, hints_.latest_date), name_->begin);
    fill_date(range.end, parse_date(name_->end, hints_.latest_date), name_->end);
    if (was_complete || !is_reversed(range)) return;
    std::swap(range.begin, range.end);
    defects_.push_back({"period-reversed", hints_.file_name.substr(0, 500), 0, 0});
  }

  void fill_date(std::optional<std::int64_t>& field, const ReadDate& date, std::string_view text) {
    if (field || !date.value) return;
    field = date.value;
    defects_.push_back({"date-from-file-name", std::string(text.substr(0, 100)), 0, 0});
  }

  model::ReportHeader& header_;
  const ReportHints& hints_;
  std::optional<FileNameParts> name_;
  std::vector<model::Defect> defects_;
};

}  // namespace

void fill_identity_dates(model::DateRange& identity, const ReportHints& hints) {
  const auto name = split_file_name(hints.file_name);
  if (!name || (identity.begin && identity.end)) return;
  if (!identity.begin) identity.begin = parse_date(name->begin).identity;
  if (!identity.end) identity.end = parse_date(name->end).identity;
  if (is_reversed(identity)) std::swap(identity.begin, identity.end);
}

bool is_report_name(std::string_view file_name) {
  const auto parts = split_file_name(file_name);
  return parts && model::Domain::parse(parts->policy_domain) && parse_date(parts->begin).value &&
         parse_date(parts->end).value;
}

bool is_report_subject(std::string_view subject) {
  const std::string text = ascii::lower(squeezed(subject));
  std::string_view folded = text;
  // What senders of trial reports, lists and filters put in front: "[Preview] Report domain: ..."
  while (folded.starts_with('[') && folded.find(']') != std::string_view::npos)
    folded = trimmed(folded.substr(folded.find(']') + 1));
  return folded.starts_with("report domain:") &&
         (folded.find("submitter:") != std::string_view::npos || folded.find("report-id:") != std::string_view::npos);
}

std::vector<model::Defect> fill_gaps(model::ReportHeader& header, const ReportHints& hints) {
  return GapFiller(header, hints).run();
}

}  // namespace ruaudit::parser
