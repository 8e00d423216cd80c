#include "jobs/page/senders.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace ruaudit::jobs {
namespace {

using assess::SourceClass;
using model::MailFate;
using model::PageDomain;
using model::PageRecord;
using model::PageSender;
using model::PageSource;
using model::SenderGroup;
using model::StreamDay;

SenderGroup group_of(assess::Class is) {
  switch (is) {
    case assess::Class::own_aligned:
    case assess::Class::own_failing:
      return SenderGroup::own;
    case assess::Class::service_aligned:
    case assess::Class::service_not_aligned:
      return SenderGroup::service;
    case assess::Class::forwarder:
    case assess::Class::mailing_list:
      return SenderGroup::forwarder;
    case assess::Class::unknown_steady:
      return SenderGroup::unknown;
    case assess::Class::stranger:
    case assess::Class::wave:
      break;
  }
  return SenderGroup::stranger;
}

MailFate fate_of(const model::AuthPattern& pattern, std::int64_t messages) {
  if (pattern.passes()) return {.passed = messages};
  if (pattern.disposition == model::Disposition::quarantine) return {.quarantined = messages};
  if (pattern.disposition == model::Disposition::reject) return {.rejected = messages};
  return {.delivered = messages};
}

// The class of every stream.
class Classes {
 public:
  explicit Classes(std::span<const SourceClass> classes) {
    for (const auto& one : classes) of_[key(one.domain, one.source)].push_back(&one);
  }
  [[nodiscard]] const SourceClass* find(const StreamDay& stream) const {
    const auto at = of_.find(key(stream.domain, stream.source));
    if (at == of_.end()) return nullptr;
    for (const auto* one : at->second)
      if (std::find(one->patterns.begin(), one->patterns.end(), stream.pattern) != one->patterns.end()) return one;
    return nullptr;
  }

 private:
  static std::uint64_t key(std::uint32_t domain, std::uint32_t source) { return std::uint64_t{domain} << 32U | source; }
  std::unordered_map<std::uint64_t, std::vector<const SourceClass*>> of_;
};

struct OpenSource {
  PageSource value{};
  std::vector<std::uint64_t> reporters{};  // of each record
};
struct OpenSender {
  PageSender value{};
  std::map<std::uint32_t, OpenSource> sources{};  // by place
};
using SenderKey = std::pair<SenderGroup, std::string>;

template <class T>
void join_days(T& value, std::int32_t day, bool is_first) {
  value.first_day = is_first ? day : std::min(value.first_day, day);
  value.last_day = is_first ? day : std::max(value.last_day, day);
}

class DomainSenders {
 public:
  DomainSenders(const SenderRequest& request, PageDomain& page) : request_(request), page_(page) {
    const auto days = static_cast<std::size_t>(request.last_day - request.first_day + 1);
    page_.days.resize(days);
    for (auto& group : page_.groups) group.resize(days);
  }

  void add(const StreamDay& day, const SourceClass* is) {
    const auto& pattern = request_.facts.patterns[day.pattern];
    const MailFate fate = fate_of(pattern, day.messages);
    const SenderGroup group = is == nullptr ? SenderGroup::stranger : group_of(is->is);
    const auto place = static_cast<std::size_t>(day.day - request_.first_day);
    page_.fate += fate;
    page_.days[place] += fate;
    page_.groups[static_cast<std::size_t>(group)][place] += fate;
    addresses_.insert(day.source);
    group_addresses_[static_cast<std::size_t>(group)].insert(day.source);
    add_to_sender(day, pattern, fate, open_[{group, name_of(group, is, day.source)}]);
  }

  void finish() {
    page_.addresses = addresses_.size();
    for (std::size_t i = 0; i < model::sender_groups; ++i) page_.group_addresses[i] = group_addresses_[i].size();
    for (auto& [key, open] : open_) page_.senders.push_back(finished(key, std::move(open)));
    std::stable_sort(page_.senders.begin(), page_.senders.end(),
                     [](const auto& a, const auto& b) { return a.fate.messages() > b.fate.messages(); });
  }

 private:
  // Strangers and forwarders without a name are one sender each.
  [[nodiscard]] std::string name_of(SenderGroup group, const SourceClass* is, std::uint32_t source) const {
    if (is == nullptr || group == SenderGroup::stranger) return {};
    if (!is->name.empty()) return is->name;
    if (!is->host.empty()) return is->host;
    return group == SenderGroup::forwarder ? std::string() : request_.facts.sources[source].address;
  }

  void add_to_sender(const StreamDay& day, const model::AuthPattern& pattern, const MailFate& fate,
                     OpenSender& sender) {
    join_days(sender.value, day.day, sender.value.fate.messages() == 0);
    sender.value.fate += fate;
    const bool dkim = pattern.dkim == model::AlignedResult::pass, spf = pattern.spf == model::AlignedResult::pass;
    if (dkim) sender.value.dkim_aligned += day.messages;
    if (spf) sender.value.spf_aligned += day.messages;
    if (dkim && spf) sender.value.both_aligned += day.messages;
    OpenSource& source = sender.sources[day.source];
    join_days(source.value, day.day, source.value.fate.messages() == 0);
    source.value.fate += fate;
    auto& records = source.value.records;
    if (records.empty() || records.back().pattern != day.pattern) {  // the days of a stream come one after the other
      records.push_back({.pattern = day.pattern});
      source.reporters.push_back(0);
    }
    join_days(records.back(), day.day, records.back().messages == 0);
    records.back().messages += day.messages;
    source.reporters.back() |= day.reporters;
  }

  PageSender finished(const SenderKey& key, OpenSender open) const {
    PageSender sender = std::move(open.value);
    sender.group = key.first;
    sender.name = key.second;
    sender.addresses = open.sources.size();
    for (auto& [place, source] : open.sources) sender.sources.push_back(finished(place, std::move(source)));
    std::stable_sort(sender.sources.begin(), sender.sources.end(), [](const auto& a, const auto& b) {
      return a.fate.messages() != b.fate.messages() ? a.fate.messages() > b.fate.messages() : a.address < b.address;
    });
    return sender;
  }

  PageSource finished(std::uint32_t place, OpenSource open) const {
    PageSource source = std::move(open.value);
    const auto& fact = request_.facts.sources[place];
    source.address = fact.address;
    if (!fact.names.empty() && fact.names.front().is_confirmed) source.host = fact.names.front().name;
    source.network = fact.network;
    source.country = fact.country;
    for (std::size_t i = 0; i < source.records.size(); ++i)
      source.records[i].reporters = assess::reporter_count(open.reporters[i]);
    std::stable_sort(source.records.begin(), source.records.end(),
                     [](const auto& a, const auto& b) { return a.messages > b.messages; });
    return source;
  }

  const SenderRequest& request_;
  PageDomain& page_;
  std::map<SenderKey, OpenSender> open_;
  std::set<std::uint32_t> addresses_;
  std::array<std::set<std::uint32_t>, model::sender_groups> group_addresses_;
};

}  // namespace

std::vector<PageDomain> page_senders(const SenderRequest& request) {
  std::vector<PageDomain> pages(request.facts.domains.size());
  std::vector<DomainSenders> open;
  open.reserve(pages.size());
  for (std::size_t i = 0; i < pages.size(); ++i) {
    pages[i].name = request.facts.domains[i];
    open.emplace_back(request, pages[i]);
  }
  const Classes classes(request.classes);
  const StreamDay* last = nullptr;
  const SourceClass* is = nullptr;
  for (const auto& day : request.facts.days) {
    if (day.day < request.first_day || day.day > request.last_day) continue;
    if (last == nullptr || last->domain != day.domain || last->source != day.source || last->pattern != day.pattern)
      is = classes.find(day);
    last = &day;
    open[day.domain].add(day, is);
  }
  for (auto& one : open) one.finish();
  return pages;
}

}  // namespace ruaudit::jobs
