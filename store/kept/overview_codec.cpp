#include "store/kept/overview_codec.hpp"

#include <concepts>
#include <cstring>
#include <type_traits>

namespace ruaudit::store {
namespace {

using namespace model;

template <class Value, class Struct>
concept Is = std::same_as<std::remove_const_t<Value>, Struct>;

// The members of every struct, for both directions. A member that is added later does not compile until it is here.
void members(auto& archive, Is<Argument> auto& value) {
  auto& [kind, text, number, whole, said] = value;
  archive(kind, text, number, whole, said);
}
void members(auto& archive, Is<Sentence> auto& value) {
  auto& [text, plural, arguments] = value;
  archive(text, plural, arguments);
}
void members(auto& archive, Is<FindingCause> auto& value) {
  auto& [record, name, change] = value;
  archive(record, name, change);
}
void members(auto& archive, Is<FindingSubject> auto& value) {
  auto& [service, sources, selector, mechanism, reporter] = value;
  archive(service, sources, selector, mechanism, reporter);
}
void members(auto& archive, Is<model::Finding> auto& value) {
  auto& [id, kind, severity, domain, subject, messages, since, evidence, action, cause, is_said_once] = value;
  archive(id, kind, severity, domain, subject, messages, since, evidence, action, cause, is_said_once);
}
void members(auto& archive, Is<MailShare> auto& value) {
  auto& [messages, passed, quarantined, rejected, untold, undecided, undecided_untold, both, only_dkim, only_spf,
         unproven, sources] = value;
  archive(messages, passed, quarantined, rejected, untold, undecided, undecided_untold, both, only_dkim, only_spf,
          unproven, sources);
}
void members(auto& archive, Is<PolicyState> auto& value) {
  auto& [name, record, inherited_from, is_missing, is_usable, p, sp, np, adkim, aspf, is_testing, since] = value;
  archive(name, record, inherited_from, is_missing, is_usable, p, sp, np, adkim, aspf, is_testing, since);
}
void members(auto& archive, Is<GateBlock> auto& value) {
  auto& [code, text, needs, messages, finding_id, number] = value;
  archive(code, text, needs, messages, finding_id, number);
}
void members(auto& archive, Is<SnoozedBlock> auto& value) {
  auto& [finding_id, number, until] = value;
  archive(finding_id, number, until);
}
void members(auto& archive, Is<PolicyStep> auto& value) {
  auto& [day, record, change, text] = value;
  archive(day, record, change, text);
}
void members(auto& archive, Is<SidePolicy> auto& value) {
  auto& [tag, may, text, record] = value;
  archive(tag, may, text, record);
}
void members(auto& archive, Is<GateBasis> auto& value) {
  auto& [first_day, last_day, days, covered_days, reports, reporters, messages, proven, own, passed_on, list_messages,
         risk, risk_low, risk_high] = value;
  archive(first_day, last_day, days, covered_days, reports, reporters, messages, proven, own, passed_on, list_messages,
          risk, risk_low, risk_high);
}
void members(auto& archive, Is<PolicyGate> auto& value) {
  auto& [state, now, basis, blocks, notes, steps, sides, snoozed, sentence] = value;
  archive(state, now, basis, blocks, notes, steps, sides, snoozed, sentence);
}
void members(auto& archive, Is<ReceiverDemand> auto& value) {
  auto& [what, messages, met, codes] = value;
  archive(what, messages, met, codes);
}
void members(auto& archive, Is<ReceiverShare> auto& value) {
  auto& [receiver, messages, peak, peak_day, is_bulk, demands] = value;
  archive(receiver, messages, peak, peak_day, is_bulk, demands);
}
void members(auto& archive, Is<TrustShare> auto& value) {
  auto& [proven, unauthenticated, indeterminate, unchecked, contradicting, unaddressed, conflicting, remedies] = value;
  archive(proven, unauthenticated, indeterminate, unchecked, contradicting, unaddressed, conflicting, remedies);
}
void members(auto& archive, Is<DomainOverview> auto& value) {
  auto& [domain, unicode, reports, reporters, own, passed_on, unknown_steady, strangers, gate, trust, receivers] =
      value;
  archive(domain, unicode, reports, reporters, own, passed_on, unknown_steady, strangers, gate, trust, receivers);
}
void members(auto& archive, Is<NumberedFinding> auto& value) {
  auto& [number, finding, is_snoozed, snoozed_until] = value;
  archive(number, finding, is_snoozed, snoozed_until);
}
void members(auto& archive, Is<ReportsToCome> auto& value) {
  auto& [day, reporters, usual_hours] = value;
  archive(day, reporters, usual_hours);
}
void members(auto& archive, Is<MailboxFacts> auto& value) {
  auto& [name, last_attempt, last_success, failures, messages, error] = value;
  archive(name, last_attempt, last_success, failures, messages, error);
}
void members(auto& archive, Is<Overview> auto& value) {
  auto& [made_at, label, first_day, last_day, reports, reporters, domains, findings, to_come, mailboxes] = value;
  archive(made_at, label, first_day, last_day, reports, reporters, domains, findings, to_come, mailboxes);
}

template <class Value>
concept Plain = std::integral<Value> || std::is_enum_v<Value>;

class Packer {
 public:
  void operator()(const auto&... values) { (put(values), ...); }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void put(const Plain auto& value) { out_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void put(const std::string& text) {
    put(text.size());
    out_ += text;
  }
  template <class T>
  void put(const std::vector<T>& values) {
    put(values.size());
    for (const auto& value : values) put(value);
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class T>
  requires std::is_class_v<T>
  void put(const T& value) { members(*this, value); }

  std::string out_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view octets) : rest_(octets) {}
  void operator()(auto&... values) { (get(values), ...); }
  [[nodiscard]] bool is_whole() const { return is_sound_ && rest_.empty(); }

 private:
  static constexpr int deepest = 64;  // sentences inside sentences

  std::string_view take(std::size_t size) {
    if (size > rest_.size()) is_sound_ = false;
    if (!is_sound_) return {};
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  template <Plain T>
  void get(T& value) {
    const auto octets = take(sizeof value);
    if (!is_sound_) return;
    if constexpr (std::same_as<T, bool>)
      value = octets.front() != 0;
    else
      std::memcpy(&value, octets.data(), sizeof value);
  }
  void get(std::string& text) { text = take(count()); }
  template <class T>
  void get(std::vector<T>& values) {
    // Every element takes an octet at least: a count beyond what is left is damage, not a reason to make room.
    const std::size_t size = count();
    if (size > rest_.size()) is_sound_ = false;
    for (std::size_t i = 0; i < size && is_sound_; ++i) get(values.emplace_back());
  }
  template <class T>
  void get(std::optional<T>& value) {
    bool is_there = false;
    get(is_there);
    if (is_there && is_sound_) get(value.emplace());
  }
  template <class T>
  requires std::is_class_v<T>
  void get(T& value) {
    if (++depth_ > deepest) is_sound_ = false;
    if (is_sound_) members(*this, value);
    --depth_;
  }
  std::size_t count() {
    std::size_t value = 0;
    get(value);
    return is_sound_ ? value : 0;
  }

  std::string_view rest_;
  bool is_sound_ = true;
  int depth_ = 0;
};

template <class Value>
std::optional<Value> unpacked(std::string_view octets) {
  Unpacker unpacker(octets);
  Value value;
  unpacker(value);
  if (!unpacker.is_whole()) return std::nullopt;
  return value;
}

}  // namespace

std::string packed(const std::vector<model::Finding>& findings) {
  Packer packer;
  packer(findings);
  return packer.take();
}

std::string packed(const Overview& overview) {
  Packer packer;
  packer(overview);
  return packer.take();
}

std::optional<std::vector<model::Finding>> unpacked_findings(std::string_view octets) {
  return unpacked<std::vector<model::Finding>>(octets);
}

std::optional<Overview> unpacked_overview(std::string_view octets) { return unpacked<Overview>(octets); }

}  // namespace ruaudit::store
