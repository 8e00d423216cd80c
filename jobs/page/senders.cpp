#include "jobs/page/senders.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "assess/findings/senders.hpp"

namespace ruaudit::jobs {
namespace {

using ClassEntry = assess::ClassIndex::Entry;
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

MailFate fate_of(const model::AuthPattern& pattern, assess::Check dmarc, std::int64_t messages) {
  if (dmarc == assess::Check::pass) return {.passed = messages};
  if (pattern.disposition == model::Disposition::quarantine) return {.quarantined = messages};
  if (pattern.disposition == model::Disposition::reject) return {.rejected = messages};
  return dmarc == assess::Check::unknown ? MailFate{.undecided = messages} : MailFate{.delivered = messages};
}

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

  // The days of one stream that the page shows: what they share is looked up once.
  void add(const model::StreamDays::Stream& stream, const ClassEntry* is) {
    const SenderGroup group = is == nullptr ? SenderGroup::stranger : group_of(is->is);
    OpenSender& sender = open_[{group, name_of(group, is, stream.source)}];
    Mail mail{.pattern = request_.facts.patterns[stream.pattern],
              .dmarc = assess::dmarc_of(request_.facts.patterns[stream.pattern], request_.facts.domains[stream.domain]),
              .sender = sender,
              .source = sender.sources[stream.source],
              .group = static_cast<std::size_t>(group)};
    addresses_.insert(stream.source);
    group_addresses_[mail.group].insert(stream.source);
    // The streams of a source come one after the other, by pattern.
    mail.source.value.records.push_back({.pattern = stream.pattern});
    mail.source.reporters.push_back(0);
    for (const auto& day : request_.facts.days.days(stream))
      if (day.day >= request_.first_day && day.day <= request_.last_day) add(day, mail);
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
  [[nodiscard]] std::string name_of(SenderGroup group, const ClassEntry* is, std::uint32_t source) const {
    if (is == nullptr || group == SenderGroup::stranger) return {};
    if (const auto& name = request_.classes.text(is->name); !name.empty()) return name;
    if (const auto& host = request_.classes.text(is->host); !host.empty()) return host;
    return group == SenderGroup::forwarder ? std::string() : request_.facts.sources[source].address;
  }

  struct Mail {  // of one stream, and where it is summed up
    const model::AuthPattern& pattern;
    assess::Check dmarc;
    OpenSender& sender;
    OpenSource& source;
    std::size_t group = 0;
  };

  void add(const StreamDay& day, const Mail& mail) {
    const MailFate fate = fate_of(mail.pattern, mail.dmarc, day.messages);
    const auto place = static_cast<std::size_t>(day.day - request_.first_day);
    page_.fate += fate;
    page_.days[place] += fate;
    page_.groups[mail.group][place] += fate;
    auto& sender = mail.sender.value;
    join_days(sender, day.day, sender.fate.messages() == 0);
    sender.fate += fate;
    const bool dkim = mail.pattern.dkim == model::AlignedResult::pass;
    const bool spf = mail.pattern.spf == model::AlignedResult::pass;
    if (dkim) sender.dkim_aligned += day.messages;
    if (spf) sender.spf_aligned += day.messages;
    if (dkim && spf) sender.both_aligned += day.messages;
    auto& source = mail.source.value;
    join_days(source, day.day, source.fate.messages() == 0);
    source.fate += fate;
    auto& record = source.records.back();
    join_days(record, day.day, record.messages == 0);
    record.messages += day.messages;
    mail.source.reporters.back() |= day.reporters;
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

bool has_day_in(const model::StreamDays::Days& days, const SenderRequest& request) {
  return std::any_of(days.begin(), days.end(),
                     [&](const StreamDay& day) { return day.day >= request.first_day && day.day <= request.last_day; });
}

}  // namespace

std::vector<PageDomain> page_senders(const SenderRequest& request) {
  std::vector<PageDomain> pages(request.facts.domains.size());
  std::vector<DomainSenders> open;
  open.reserve(pages.size());
  for (std::size_t i = 0; i < pages.size(); ++i) {
    pages[i].name = request.facts.domains[i];
    open.emplace_back(request, pages[i]);
  }
  for (const auto& stream : request.facts.days.streams()) {
    const auto days = request.facts.days.days(stream);
    if (days.back().day < request.first_day || days.front().day > request.last_day) continue;
    if (has_day_in(days, request))
      open[stream.domain].add(stream, request.classes.find(stream.domain, stream.source, stream.pattern));
  }
  for (auto& one : open) one.finish();
  return pages;
}

}  // namespace ruaudit::jobs
