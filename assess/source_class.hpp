// What each source is, per policy domain and authentication pattern: the owner's own server, a service, a forwarder, a
// mailing list, or a stranger; with the rule that says so, evidence and confidence. The rules are in
// docs/conclusions.md, one row each. Facts, service rows and the owner's labels enter; nothing else is asked.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assess/services.hpp"
#include "model/facts/sender_facts.hpp"

namespace ruaudit::assess {

enum class Class : std::uint8_t {
  own_aligned,
  own_failing,
  service_aligned,
  service_not_aligned,
  forwarder,
  mailing_list,
  unknown_steady,  // unproven, but on many days: ask the owner
  stranger,
  wave,  // one of many strangers of few days
};
enum class Confidence : std::uint8_t { certain, likely, weak };
// What an address is for its domain, whatever passes or fails.
enum class Role : std::uint8_t { own_server, service, forwarder, mailing_list, stranger };

struct SourceClass {
  std::uint32_t domain = 0, source = 0;   // places in the facts
  std::string pattern{};                  // PatternView::text
  std::vector<std::uint32_t> patterns{};  // places of the patterns that have this text
  Class is = Class::stranger;
  Confidence confidence = Confidence::weak;
  std::string_view rule{};  // name in docs/conclusions.md
  std::string name{};       // of the service, forwarder or host; "" where nothing proven names it
  const Service* service = nullptr;
  std::string host{};  // confirmed reverse name; ""
  std::vector<std::string> evidence{};
  bool is_of_others = false;  // somebody else is proved: he passes, or passes on what the owner's senders signed
  std::int32_t first_day = 0, last_day = 0;
  std::int64_t days = 0, messages = 0, passed = 0, dkim_aligned = 0, spf_aligned = 0;
  std::int64_t trusted = 0;     // messages in reports that weigh (streams_of)
  std::uint64_t reporters = 0;  // bits as in StreamDay
};

struct SourceRole {  // of an address in a policy domain: that of most of its messages
  std::uint32_t domain = 0, source = 0;
  Role is = Role::stranger;
  std::string name{}, host{};
  std::int64_t messages = 0, trusted = 0;
};

struct Owner {
  std::vector<std::string> domains;  // configured ones; policy domains of the facts count too
};

// By domain, source and pattern text. Points into `services`, which must outlive the result.
std::vector<SourceClass> classify(const model::SenderFacts& facts, const ServiceTable& services, const Owner& owner);
// The same, handed out domain by domain, so that not all of them are in memory.
using TakeClasses = std::function<void(std::vector<SourceClass>& of_domain)>;
void classify(const model::SenderFacts& facts, const ServiceTable& services, const Owner& owner,
              const TakeClasses& take);
// Classes as classify() gives them: those of one source in one domain follow one another.
std::vector<SourceRole> roles_of(std::span<const SourceClass> classes);
Role role_of(Class is);
// Number of reporters that a set of bits stands for, at least.
int reporter_count(std::uint64_t bits);

}  // namespace ruaudit::assess

namespace ruaudit::model {
template <>
inline constexpr EnumText<assess::Class> enum_table<assess::Class>[] = {
    {assess::Class::own_aligned, "own_aligned"},
    {assess::Class::own_failing, "own_failing"},
    {assess::Class::service_aligned, "service_aligned"},
    {assess::Class::service_not_aligned, "service_not_aligned"},
    {assess::Class::forwarder, "forwarder"},
    {assess::Class::mailing_list, "mailing_list"},
    {assess::Class::unknown_steady, "unknown_steady"},
    {assess::Class::stranger, "stranger"},
    {assess::Class::wave, "wave"}};
template <>
inline constexpr EnumText<assess::Confidence> enum_table<assess::Confidence>[] = {
    {assess::Confidence::certain, "certain"},
    {assess::Confidence::likely, "likely"},
    {assess::Confidence::weak, "weak"}};
template <>
inline constexpr EnumText<assess::Role> enum_table<assess::Role>[] = {{assess::Role::own_server, "own_server"},
                                                                      {assess::Role::service, "service"},
                                                                      {assess::Role::forwarder, "forwarder"},
                                                                      {assess::Role::mailing_list, "mailing_list"},
                                                                      {assess::Role::stranger, "stranger"}};
}  // namespace ruaudit::model
