#include "jobs/check/check_domain.hpp"

namespace ruaudit::jobs {
namespace {

using assess::records::Answers;
namespace dns = verify::dns;

dns::Answer timeout(const dns::Question& question) {
  dns::Answer answer;
  answer.question = question;
  answer.status = dns::Status::timeout;
  answer.detail = "not asked: the time or the number of queries of this check is used up";
  return answer;
}

}  // namespace

model::Result<model::records::CheckReport> check_domain(const assess::records::Inquiry& inquiry,
                                                        dns::Resolver& resolver, const CheckLimits& limits,
                                                        const SteadyClock& clock) {
  const auto end = clock() + limits.deadline;
  Answers answers;
  for (std::size_t round = 0;; ++round) {
    auto report = assess::records::check(inquiry, answers);
    const auto open = answers.take_open();
    if (open.empty()) return report;
    const bool may_ask = round < limits.rounds && answers.size() + open.size() <= limits.questions && clock() < end;
    if (may_ask) {
      for (auto& answer : resolver.query_all(open)) answers.add(std::move(answer));
    } else {
      for (const auto& question : open) answers.add(timeout(question));
    }
    if (answers.is_silent())
      return model::failure("dns-silent", "no name server answered",
                            "see /etc/resolv.conf, or name one with --resolver");
  }
}

}  // namespace ruaudit::jobs
