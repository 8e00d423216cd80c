#include "verify/failure/authorisation.hpp"

#include <algorithm>
#include <charconv>

#include "model/ascii.hpp"

namespace ruaudit::verify::failure {
namespace {

constexpr unsigned broad_v4_bits = 8;
constexpr unsigned broad_v6_bits = 16;

std::string lower(std::string_view text) {
  std::string out(text);
  ascii::lower_in_place(out);
  if (out.ends_with('.')) out.pop_back();
  return out;
}

// Answers the quoted records, passes everything else on.
class QuotedResolver final : public dns::Resolver {
 public:
  QuotedResolver(const std::vector<model::ClaimedRecord>& quoted, dns::Resolver& inner)
      : quoted_(quoted), inner_(inner) {}
  std::vector<dns::Answer> query_all(std::span<const dns::Question> questions) override {
    auto answers = inner_.query_all(questions);
    for (auto& answer : answers) {
      if (answer.question.type != dns::RecordType::TXT) continue;
      const auto* record = find(answer.question.name);
      if (record == nullptr) continue;
      answer.status = dns::Status::noerror;
      answer.txt = {{{record->content}}};
    }
    return answers;
  }
  [[nodiscard]] const model::ClaimedRecord* find(std::string_view name) const {
    const auto wanted = lower(name);
    const auto found = std::find_if(quoted_.begin(), quoted_.end(), [&wanted](const model::ClaimedRecord& record) {
      return lower(record.domain) == wanted && record.content.starts_with("v=spf1");
    });
    return found == quoted_.end() ? nullptr : &*found;
  }

 private:
  const std::vector<model::ClaimedRecord>& quoted_;
  dns::Resolver& inner_;
};

AuthorisationAnswer answer_of(const spf::CheckResult& check) {
  AuthorisationAnswer out;
  if (check.decided_by) out.term = check.decided_by->term + " of " + check.decided_by->domain;
  if (check.result == model::SpfResult::pass)
    out.answer = passes_for_anyone(check) ? Authorisation::anyone : Authorisation::yes;
  else if (check.result == model::SpfResult::temperror || check.result == model::SpfResult::permerror)
    out.answer = Authorisation::undecided;
  else if (check.result == model::SpfResult::none)
    out.answer = Authorisation::no_record;
  else
    out.answer = Authorisation::no;
  return out;
}

AuthorisationAnswer ask(const AuthorisationQuestion& question, const std::string& domain, dns::Resolver& resolver,
                        spf::RecordCache& cache) {
  const spf::Session session{
      .ip = question.source, .helo = domain, .mail_from = "postmaster@" + domain, .time = question.at};
  return answer_of(spf::check_mail_from(session, resolver, {.cache = &cache}));
}

}  // namespace

bool passes_for_anyone(const spf::CheckResult& check) {
  if (check.result != model::SpfResult::pass || !check.decided_by) return false;
  std::string term = lower(check.decided_by->term);
  if (term.starts_with('+')) term.erase(0, 1);
  if (term == "all") return true;
  const auto slash = term.rfind('/');
  if (slash == std::string::npos) return false;
  unsigned bits = 128;
  std::from_chars(term.data() + slash + 1, term.data() + term.size(), bits);
  return bits < (term.starts_with("ip6:") ? broad_v6_bits : broad_v4_bits);
}

AuthorisationAnswer authorisation(const AuthorisationQuestion& question, dns::Resolver& resolver,
                                  spf::RecordCache& cache) {
  auto first = ask(question, question.author, resolver, cache);
  const bool is_open = first.answer == Authorisation::no || first.answer == Authorisation::no_record;
  if (!is_open || question.organizational.empty() || question.organizational == question.author) return first;
  auto second = ask(question, question.organizational, resolver, cache);
  const bool tells_more = second.answer == Authorisation::yes || second.answer == Authorisation::anyone ||
                          (first.answer == Authorisation::no_record && second.answer == Authorisation::no);
  return tells_more ? second : first;
}

AuthorisationAnswer quoted_authorisation(const AuthorisationQuestion& question,
                                         const std::vector<model::ClaimedRecord>& quoted, dns::Resolver& resolver,
                                         spf::RecordCache& cache) {
  QuotedResolver with_quotes(quoted, resolver);
  if (with_quotes.find(question.author) == nullptr) return {};
  return ask(question, question.author, with_quotes, cache);
}

}  // namespace ruaudit::verify::failure
