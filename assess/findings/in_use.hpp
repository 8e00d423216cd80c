// What a sender that is gone shares with others of the owner's that still send: a key that others sign with, and a term
// of SPF that lists others, must not be taken out with it.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>

#include "assess/findings/rules.hpp"

namespace ruaudit::assess {

class InUse {
 public:
  explicit InUse(const Matter& of) : of_(of) {}
  // What to do where the owner stopped using these addresses of the sender, whose last message was of day `last`.
  [[nodiscard]] model::Sentence advice(const Sender& sender, const std::vector<std::uint32_t>& gone, Day last);

 private:
  struct Use {
    Day last = 0;
    const Sender* sender = nullptr;
    std::uint32_t source = 0;
  };
  using Uses = std::map<std::string, Use>;

  void look();
  [[nodiscard]] std::optional<model::Sentence> user_of(const Uses& uses, const std::string& name, Day last) const;
  [[nodiscard]] std::set<std::string> keys(const Line& line, const std::string& domain) const;
  [[nodiscard]] std::set<std::string> terms(const Line& line, const std::string& domain) const;

  [[nodiscard]] bool may_be_listed(const Line& line, const std::string& domain) const;

  const Matter& of_;
  bool has_looked_ = false;  // a sender is rarely gone: all mail is looked at when the first one is
  Uses keys_{}, terms_{};    // by name of the key, and by domain and term
};

}  // namespace ruaudit::assess
