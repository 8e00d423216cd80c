// What a sender that is gone shares with others of the owner's: a key that others sign with, and a term of SPF that
// lists others, must not be taken out with it. Others are those that sent since, and those that sent within the last 40
// days: one who writes once a month is silent for four weeks. A key may also sign for names below the domain that have
// a policy of their own.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "assess/findings/rules.hpp"

namespace ruaudit::assess {

class InUse {
 public:
  explicit InUse(const Matter& of) : of_(of) {}
  // What to do where the owner stopped using these addresses of the sender, whose last message was of day `last`.
  [[nodiscard]] model::Sentence advice(const Sender& sender, const std::vector<std::uint32_t>& gone, Day last);

 private:
  using Who = std::pair<const Sender*, std::string>;  // a service; of own servers each home
  struct Use {
    Day last = 0;
    std::uint32_t source = 0;
  };
  using Uses = std::map<std::string, std::map<Who, Use>>;
  struct Gone {
    const Sender& sender;
    std::set<std::string> homes{};
    Day last = 0;
  };

  void look();
  void look_elsewhere();
  [[nodiscard]] std::optional<model::Sentence> key_stays(const std::string& name, const Gone& gone) const;
  struct User {
    model::Sentence name{};
    Day last = 0;
  };
  [[nodiscard]] std::optional<User> user_of(const Uses& uses, const std::string& name, const Gone& gone) const;
  [[nodiscard]] std::set<std::string> keys(const Line& line, const std::string& domain) const;
  [[nodiscard]] std::set<std::string> terms(const Line& line, const std::string& domain) const;

  [[nodiscard]] bool may_be_listed(const Line& line, const std::string& domain) const;

  const Matter& of_;
  bool has_looked_ = false;  // a sender is rarely gone: all mail is looked at when the first one is
  Uses keys_{}, terms_{};    // by name of the key, and by domain and term
  std::map<std::string, std::pair<Day, std::string>> elsewhere_{};  // key: the last day, and in whose name
};

}  // namespace ruaudit::assess
