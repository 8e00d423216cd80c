#include "jobs/page/records.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "assess/domain_text.hpp"
#include "assess/findings/situation.hpp"
#include "model/ascii.hpp"
#include "verify/spf/record.hpp"

namespace ruaudit::jobs {
namespace {

using assess::is_at_or_below;
using model::DnsRecordState;
using model::DnsRecordStatus;
using model::DnsRecordType;
namespace spf = verify::spf;

const DnsRecordState* current_state(const RecordRequest& request, DnsRecordType type, const std::string& name) {
  for (const auto& record : request.facts.records)
    if (record.is_current && record.type == type && record.name == name &&
        record.domain == request.facts.domains[request.domain])
      return &record;
  return nullptr;
}

const DnsRecordState* record_of_domain(const RecordRequest& request, DnsRecordType type) {
  const auto& domain = request.facts.domains[request.domain];
  return current_state(request, type, type == DnsRecordType::dmarc ? "_dmarc." + domain : domain);
}

// ------------------------------------------------------------------ keys

using KeyName = std::pair<std::string, std::string>;  // domain, selector
struct OpenKey {
  model::PageSelector value{};
  std::map<std::string, std::int64_t> senders{};
};

void add(OpenKey& key, const model::SeenSignature& signature, const model::PageRecord& record,
         const model::PageSender& sender) {
  switch (signature.result) {
    case model::DkimResult::pass:
      key.value.passed += record.messages;
      key.value.last_day = std::max(key.value.last_day.value_or(record.last_day), record.last_day);
      if (sender.group == model::SenderGroup::own || sender.group == model::SenderGroup::service)
        key.senders[sender.name] += record.messages;
      break;
    case model::DkimResult::temperror:
    case model::DkimResult::unknown:
    case model::DkimResult::none:
      key.value.not_verified += record.messages;
      break;
    default:
      key.value.failed += record.messages;
  }
}

std::vector<std::string> most_first(const std::map<std::string, std::int64_t>& counts) {
  std::vector<std::pair<std::string, std::int64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> names;
  for (auto& [name, count] : sorted) names.push_back(std::move(name));
  return names;
}

// ------------------------------------------------------------------ SPF

// How many lookups evaluating a record can take, all terms before `all` (RFC 7208 section 4.6.4). Each name is counted
// as often as it is reached; the depth ends a loop.
class LookUps {
 public:
  explicit LookUps(const RecordRequest& request) : request_(request) {}

  int of_record(const std::string& text, const std::string& name, int depth) {
    const auto parsed = spf::parse_record(text);
    int sum = 0;
    for (const auto& directive : parsed.record.directives) sum += of_directive(directive, name, depth);
    if (parsed.record.redirect && !parsed.record.has_all)
      sum += 1 + behind(parsed.record.redirect->domain_spec, name, depth);
    return sum;
  }
  int of_directive(const spf::Directive& directive, const std::string& name, int depth) {
    switch (directive.mechanism) {
      case spf::Mechanism::include:
        return 1 + (directive.domain_spec ? behind(*directive.domain_spec, name, depth) : 0);
      case spf::Mechanism::a:
      case spf::Mechanism::mx:
      case spf::Mechanism::ptr:
      case spf::Mechanism::exists:
        return 1;
      default:
        return 0;
    }
  }
  int behind(const spf::MacroString& target, const std::string&, int depth) {
    std::string name;
    for (const auto& piece : target.pieces)
      if (const auto* literal = std::get_if<std::string>(&piece))
        name += *literal;
      else
        is_complete = false;  // it depends on the message
    const auto* state = current_state(request_, DnsRecordType::spf_include, ascii::lower(name));
    if (state == nullptr || depth > max_depth || sum_ > max_sum) {
      is_complete = false;
      return 0;
    }
    const int sum = of_record(state->text, name, depth + 1);
    sum_ += sum;
    return sum;
  }

  bool is_complete = true;

 private:
  static constexpr int max_depth = 10, max_sum = 1000;
  const RecordRequest& request_;
  int sum_ = 0;
};

std::int64_t messages_through(const RecordRequest& request, const model::PageDomain& page, const std::string& term) {
  const auto& domain = request.facts.domains[request.domain];
  std::set<std::string> addresses;
  for (const auto& source : request.facts.sources)
    for (const auto& today : source.spf)
      if (today.domain == domain && today.result == model::SpfResult::pass && today.term == term)
        addresses.insert(source.address);
  std::int64_t sum = 0;
  for (const auto& sender : page.senders)
    for (const auto& source : sender.sources)
      if (addresses.contains(source.address)) sum += source.fate.messages();
  return sum;
}

// ------------------------------------------------------------------ changes

model::RecordChange change_of(const DnsRecordState& before, const DnsRecordState& after) {
  if (after.status == DnsRecordStatus::none) return model::RecordChange::removed;
  if (before.status == DnsRecordStatus::none) return model::RecordChange::added;
  if (after.status == DnsRecordStatus::broken) return model::RecordChange::broken;
  return model::RecordChange::changed;
}

}  // namespace

std::string current_record(const RecordRequest& request, DnsRecordType type) {
  const auto* state = record_of_domain(request, type);
  return state == nullptr ? std::string() : state->text;
}

std::optional<DnsRecordStatus> current_status(const RecordRequest& request, DnsRecordType type) {
  const auto* state = record_of_domain(request, type);
  return state == nullptr ? std::nullopt : std::optional(state->status);
}

std::vector<model::PageSelector> page_selectors(const RecordRequest& request, const model::PageDomain& page) {
  std::map<KeyName, OpenKey> keys;
  for (const auto& sender : page.senders)
    for (const auto& source : sender.sources)
      for (const auto& record : source.records)
        for (const auto& signature : request.facts.patterns[record.pattern].signatures)
          if (!signature.selector.empty() && is_at_or_below(signature.domain, page.name))
            add(keys[{signature.domain, signature.selector}], signature, record, sender);
  for (const auto& record : request.facts.records)
    if (record.type == DnsRecordType::dkim && record.domain == page.name) {
      const auto end = record.name.find("._domainkey.");
      if (end == std::string::npos || !record.is_current) continue;
      const KeyName name{record.name.substr(end + 12), record.name.substr(0, end)};
      if (record.status == DnsRecordStatus::ok || keys.contains(name)) keys[name].value.status = record.status;
    }
  std::vector<model::PageSelector> out;
  for (auto& [name, key] : keys) {
    if (key.value.passed == 0 && key.value.status != DnsRecordStatus::ok) continue;
    key.value.domain = name.first;
    key.value.selector = name.second;
    key.value.senders = most_first(key.senders);
    out.push_back(std::move(key.value));
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.passed > b.passed; });
  return out;
}

std::vector<model::PageSpfTerm> page_spf_terms(const RecordRequest& request, const model::PageDomain& page) {
  const auto text = current_record(request, DnsRecordType::spf);
  if (text.empty() || text.find('\n') != std::string::npos) return {};
  const auto parsed = spf::parse_record(text);
  std::vector<model::PageSpfTerm> terms;
  for (const auto& directive : parsed.record.directives) {
    LookUps look_ups(request);
    const int count = look_ups.of_directive(directive, page.name, 0);
    terms.push_back({directive.text, count, look_ups.is_complete, messages_through(request, page, directive.text)});
  }
  if (parsed.record.redirect) {
    LookUps look_ups(request);
    const int count = 1 + look_ups.behind(parsed.record.redirect->domain_spec, page.name, 0);
    terms.push_back({parsed.record.redirect->text, count, look_ups.is_complete,
                     messages_through(request, page, parsed.record.redirect->text)});
  }
  return terms;
}

std::vector<model::PageEvent> page_events(const RecordRequest& request) {
  const auto& domain = request.facts.domains[request.domain];
  std::vector<model::PageEvent> events;
  const DnsRecordState* before = nullptr;
  for (const auto& record : request.facts.records) {
    const bool is_next = before != nullptr && before->domain == record.domain && before->type == record.type &&
                         before->name == record.name;
    const auto* previous = is_next ? before : nullptr;
    before = &record;
    const bool is_shown = record.domain == domain && record.type != DnsRecordType::address &&
                          record.type != DnsRecordType::spf_include && record.type != DnsRecordType::psd;
    if (previous == nullptr || !is_shown) continue;
    const auto day = assess::day_seen_at(record.first_seen);
    if (day < request.first_day || day > request.last_day) continue;
    events.push_back({.day = day,
                      .type = record.type,
                      .name = record.name,
                      .change = change_of(*previous, record),
                      .text = record.text,
                      .before = previous->text});
  }
  std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.day < b.day; });
  return events;
}

}  // namespace ruaudit::jobs
