#include "assess/labels.hpp"

#include <charconv>

#include "assess/domain_text.hpp"
#include "model/ip_address.hpp"

namespace ruaudit::assess {
namespace {

bool is_in_network(const std::string& address, std::string_view network) {
  const auto slash = network.find('/');
  if (slash == std::string_view::npos) return false;
  const auto base = model::IpAddress::parse(network.substr(0, slash)), one = model::IpAddress::parse(address);
  unsigned bits = 0;
  const auto text = network.substr(slash + 1);
  const bool is_read = std::from_chars(text.data(), text.data() + text.size(), bits).ec == std::errc{};
  return base && one && is_read && base->is_v4() == one->is_v4() && one->in_prefix(*base, bits);
}

Class class_of(model::LabelWord word, bool is_aligned) {
  switch (word) {
    case model::LabelWord::mine:
      return is_aligned ? Class::own_aligned : Class::own_failing;
    case model::LabelWord::service:
      return is_aligned ? Class::service_aligned : Class::service_not_aligned;
    case model::LabelWord::forwarder:
      return Class::forwarder;
    case model::LabelWord::unwanted:
      break;
  }
  return Class::stranger;
}

}  // namespace

Labels::Labels(const model::SenderFacts& facts) : labels_(facts.labels) {
  for (const auto& label : labels_) {
    if (label.kind == model::LabelKind::network) networks_.push_back(&label);
    by_subject_[{label.kind, label.subject}] = &label;
  }
}

const model::Label* Labels::find(const Decision& decision, const Case& c) const {
  const auto look = [this](model::LabelKind kind, std::string_view subject) -> const model::Label* {
    const auto found = by_subject_.find({kind, std::string(subject)});
    return found == by_subject_.end() ? nullptr : found->second;
  };
  const std::string& address = c.scene.facts.sources[c.stream.source].address;
  if (const auto* label = look(model::LabelKind::address, address)) return label;
  for (const auto* label : networks_)
    if (is_in_network(address, label->subject)) return label;
  for (const auto* keys : {&c.view.own_pass, &c.view.own_fail})
    for (const auto& key : *keys)
      if (const auto* label = look(model::LabelKind::selector, key.selector)) return label;
  for (std::string_view name :
       {std::string_view(c.view.envelope), std::string_view(c.foreign), std::string_view(c.identity.host)})
    while (!name.empty()) {
      if (const auto* label = look(model::LabelKind::domain, name)) return label;
      const auto dot = name.find('.');
      name = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
    }
  return decision.service == nullptr ? nullptr : look(model::LabelKind::service, decision.service->name);
}

Decision Labels::apply(Decision decision, const Case& c) const {
  if (labels_.empty()) return decision;
  const auto* label = find(decision, c);
  if (label == nullptr) return decision;
  const bool is_aligned = c.view.dkim_aligned || c.view.spf_aligned;
  // A service that is the owner's stays a service.
  const bool is_service_of_mine = label->kind == model::LabelKind::service && label->word == model::LabelWord::mine;
  decision.is = class_of(is_service_of_mine ? model::LabelWord::service : label->word, is_aligned);
  decision.confidence = Confidence::certain;
  if (decision.is == Class::own_aligned || decision.is == Class::own_failing || decision.is == Class::stranger)
    decision.service = nullptr;
  if (label->word == model::LabelWord::unwanted) decision.name.clear();
  decision.evidence.insert(decision.evidence.begin(),
                           "you labelled " + label->subject + " " + std::string(model::to_text(label->word)));
  return decision;
}

}  // namespace ruaudit::assess
