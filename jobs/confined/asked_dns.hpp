// DNS for a process that has no sockets: its questions go to the parent, which asks and answers. What was answered is
// remembered as every resolver may, because each frame of questions costs two changes of process; and what pieces of
// work ask that take turns (turns.hpp) goes in one.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/confined/child.hpp"
#include "jobs/confined/turns.hpp"
#include "verify/dns/cache.hpp"
#include "verify/dns/resolver.hpp"

namespace ruaudit::jobs {

inline constexpr char questions_kind = 'Q';  // of the frame; the answers are what ParentSocket::ask() returns

// In the child. Used by one thread.
class ParentResolver final : public verify::dns::Resolver {
 public:
  explicit ParentResolver(ParentSocket& parent);
  // Of pieces of work that take turns; then `serve` of Turns::run() is to call serve().
  ParentResolver(ParentSocket& parent, Turns& turns);
  std::vector<verify::dns::Answer> query_all(std::span<const verify::dns::Question> questions) override;
  // Answers all who wait.
  void serve();

 private:
  class Parent final : public verify::dns::Resolver {
   public:
    explicit Parent(ParentSocket& socket) : socket_(socket) {}
    std::vector<verify::dns::Answer> query_all(std::span<const verify::dns::Question> questions) override;

   private:
    ParentSocket& socket_;
  };
  struct Wish {
    std::span<const verify::dns::Question> questions;
    std::vector<verify::dns::Answer> answers{};
  };
  std::vector<verify::dns::Answer> remembered(std::span<const verify::dns::Question> questions);

  Parent parent_;
  Turns* turns_ = nullptr;
  std::vector<Wish*> wishes_;
  verify::dns::AnswerCache cache_;
};

// In the parent. Nothing where that are no questions, or too many at once.
std::optional<std::string> answered(std::string_view questions, verify::dns::Resolver& resolver);

}  // namespace ruaudit::jobs
