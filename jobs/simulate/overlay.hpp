// DNS as it would be after a change: a resolver and texts that replace the SPF or DMARC record of a name enter; whoever
// asks gets those, and everything else as it is. For several threads if the inner resolver is.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "verify/dns/resolver.hpp"

namespace ruaudit::jobs {

class Overlay final : public verify::dns::Resolver {
 public:
  explicit Overlay(verify::dns::Resolver& inner) : inner_(inner) {}
  // In place of all TXT records of the name. Add before the first question.
  void replace(const std::string& name, const std::string& text) { texts_[name] = text; }
  [[nodiscard]] std::vector<verify::dns::Answer> query_all(std::span<const verify::dns::Question> questions) override;

 private:
  using Texts = std::map<std::string, std::string, std::less<>>;
  [[nodiscard]] Texts::const_iterator find(const std::string& name) const;
  verify::dns::Resolver& inner_;
  Texts texts_;
};

}  // namespace ruaudit::jobs
