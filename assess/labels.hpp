// The owner's labels: which of them names a stream, the nearest one first: address, network, selector, domain, service.
#pragma once
#include <map>
#include <string>

#include "assess/rules.hpp"

namespace ruaudit::assess {

class Labels {
 public:
  explicit Labels(const model::SenderFacts& facts);
  // A decision after the owner's labels are applied; unchanged if there is no label for it.
  [[nodiscard]] Decision apply(Decision decision, const Case& c) const;

 private:
  [[nodiscard]] const model::Label* find(const Decision& decision, const Case& c) const;
  std::map<std::pair<model::LabelKind, std::string>, const model::Label*> by_subject_;
  std::vector<const model::Label*> networks_;
  const std::vector<model::Label>& labels_;
};

}  // namespace ruaudit::assess
