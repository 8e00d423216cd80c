// DNS for a process that has no sockets: its questions go to the parent, which asks and answers. What was answered
// within the last seconds is not asked again: most mails of a run ask the same, and each question costs two changes of
// process.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "jobs/confined/child.hpp"
#include "verify/dns/resolver.hpp"

namespace ruaudit::jobs {

inline constexpr char questions_kind = 'Q';  // of the frame; the answers are what ParentSocket::ask() returns

// In the child. Used by one thread.
class ParentResolver final : public verify::dns::Resolver {
 public:
  static constexpr std::chrono::seconds memory{5};  // RFC 9520 section 3.2: a failure may be kept as long
  static constexpr std::size_t most_remembered = 20'000;

  explicit ParentResolver(ParentSocket& parent) : parent_(parent) {}
  std::vector<verify::dns::Answer> query_all(std::span<const verify::dns::Question> questions) override;

 private:
  std::vector<verify::dns::Answer> ask(const std::vector<verify::dns::Question>& questions);
  ParentSocket& parent_;
  std::unordered_map<std::string, verify::dns::Answer> remembered_;
  std::chrono::steady_clock::time_point since_{};
};

// In the parent. Nothing where that are no questions, or too many at once.
std::optional<std::string> answered(std::string_view questions, verify::dns::Resolver& resolver);

}  // namespace ruaudit::jobs
