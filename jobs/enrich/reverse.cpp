#include "jobs/enrich/reverse.hpp"

#include <algorithm>

namespace ruaudit::jobs {
namespace {

namespace dns = verify::dns;

constexpr std::int64_t hour = 3600, day = 24 * hour;

// A name lives at least a day here, so that a nightly run asks each address at most once a night; what DNS did not
// answer is asked again soon.
std::int64_t expiry(const dns::Answer& answer, std::int64_t now) {
  if (answer.is_temporary_error()) return now + hour;
  return now + std::clamp<std::int64_t>(answer.ttl, 20 * hour, 30 * day);
}

model::ReverseStatus status_of(const dns::Answer& answer) {
  if (answer.is_found()) return model::ReverseStatus::found;
  return answer.is_void() ? model::ReverseStatus::none : model::ReverseStatus::unknown;
}

struct Asked {  // which name of which address
  std::size_t answer = 0, name = 0;
};

}  // namespace

std::string reverse_name(const model::IpAddress& address) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto& key = address.key();
  std::string name;
  if (address.is_v4()) {
    for (std::size_t i = key.size(); i-- > 12;) name += std::to_string(key[i]) + '.';
    return name + "in-addr.arpa";
  }
  for (std::size_t i = key.size(); i-- > 0;) {
    name += digits[key[i] & 15U];
    name += '.';
    name += digits[key[i] >> 4U];
    name += '.';
  }
  return name + "ip6.arpa";
}

std::vector<store::ReverseAnswer> reverse_answers(const std::vector<store::DueSource>& due, dns::Resolver& resolver,
                                                  std::int64_t now) {
  std::vector<dns::Question> questions;
  for (const auto& source : due) questions.push_back({reverse_name(source.address), dns::RecordType::PTR});
  const auto pointers = resolver.query_all(questions);
  std::vector<store::ReverseAnswer> answers;
  std::vector<dns::Question> forward;
  std::vector<Asked> asked;
  for (std::size_t i = 0; i < due.size(); ++i) {
    answers.push_back({.source_key = due[i].source_key,
                       .status = status_of(pointers[i]),
                       .names = {},
                       .asked_at = now,
                       .expires = expiry(pointers[i], now)});
    const auto count = std::min(pointers[i].names.size(), max_reverse_names);
    for (std::size_t n = 0; n < count; ++n) {
      answers[i].names.push_back({pointers[i].names[n], false});
      forward.push_back({pointers[i].names[n], due[i].address.is_v4() ? dns::RecordType::A : dns::RecordType::AAAA});
      asked.push_back({i, n});
    }
  }
  const auto addresses = resolver.query_all(forward);
  for (std::size_t i = 0; i < forward.size(); ++i) {
    auto& answer = answers[asked[i].answer];
    const auto& found = addresses[i].addresses;
    answer.names[asked[i].name].is_confirmed =
        std::find(found.begin(), found.end(), due[asked[i].answer].address) != found.end();
    // Not confirmed is not said where DNS did not answer: it is asked again soon.
    if (addresses[i].is_temporary_error()) answer.expires = std::min(answer.expires, now + hour);
  }
  for (auto& answer : answers)
    std::stable_sort(answer.names.begin(), answer.names.end(),
                     [](const auto& a, const auto& b) { return a.is_confirmed && !b.is_confirmed; });
  return answers;
}

}  // namespace ruaudit::jobs
