#include "jobs/enrich/snapshot.hpp"

#include <algorithm>
#include <set>

#include "verify/dkim/key_record.hpp"
#include "verify/dmarc/discovery.hpp"
#include "verify/dmarc/intent.hpp"
#include "verify/spf/check_host.hpp"

namespace ruaudit::jobs {
namespace {

namespace dns = verify::dns;
using model::DnsRecordState;
using model::DnsRecordStatus;
using model::DnsRecordType;
using Texts = std::vector<std::string>;

std::string joined(Texts lines) {
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const auto& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

Texts texts_of(const dns::Answer& answer) {
  Texts texts;
  for (const auto& record : answer.txt) texts.push_back(record.text());
  return texts;
}

class Snapshot {
 public:
  Snapshot(dns::Resolver& resolver, std::int64_t now) : resolver_(resolver), now_(now) {}

  void take_domain(const std::string& domain) {
    take_spf(domain);
    take_dmarc(domain);
    take_mx(domain);
  }

  // All keys at once: there may be thousands.
  void take_keys(const std::vector<store::SeenKey>& keys) {
    std::vector<dns::Question> questions;
    for (const auto& key : keys)
      questions.push_back({key.selector + "._domainkey." + key.signing_domain, dns::RecordType::TXT});
    const auto answers = resolver_.query_all(questions);
    for (std::size_t i = 0; i < keys.size(); ++i) take_key(keys[i].policy_domain, questions[i].name, answers[i]);
  }

  std::vector<DnsRecordState> states;

 private:
  // Nothing where DNS did not answer.
  DnsRecordState* begin(const std::string& domain, DnsRecordType type, const std::string& name,
                        const dns::Answer& answer) {
    if (answer.is_temporary_error()) return nullptr;
    states.push_back({.domain = domain, .type = type, .name = name, .text = {}, .target = {}, .fault = {}});
    if (!answer.cname_chain.empty()) states.back().target = answer.cname_chain.back();
    return &states.back();
  }
  static void settle(DnsRecordState& state, const Texts& records, std::string fault) {
    state.text = joined(records);
    state.status = records.empty() ? DnsRecordStatus::none
                   : fault.empty() ? DnsRecordStatus::ok
                                   : DnsRecordStatus::broken;
    if (state.status == DnsRecordStatus::broken) state.fault = std::move(fault);
  }

  // RFC 7208 section 4.5; broken is what makes every check a permerror.
  void take_spf(const std::string& domain) {
    const auto answer = resolver_.query(domain, dns::RecordType::TXT);
    Texts records;
    for (auto& text : texts_of(answer))
      if (verify::spf::is_spf_record(text)) records.push_back(std::move(text));
    // An address that no record lists: the whole record is evaluated.
    const verify::spf::Session session{
        .ip = model::IpAddress::v4(0xfffffffe), .mail_from = "postmaster@" + domain, .time = now_};
    const auto check = verify::spf::check_mail_from(session, resolver_);
    if (check.result == model::SpfResult::temperror) return;
    auto* state = begin(domain, DnsRecordType::spf, domain, answer);
    if (state == nullptr) return;
    std::string fault;
    if (check.result == model::SpfResult::permerror)
      fault = check.problem ? std::string(model::to_text(check.problem->problem)) : "permerror";
    settle(*state, records, fault);
    std::set<std::string> included;
    for (const auto& use : check.lookups.list)
      if (use.question.type == dns::RecordType::TXT && use.question.name != domain) included.insert(use.question.name);
    for (const auto& name : included) take_include(domain, name);
  }

  void take_include(const std::string& domain, const std::string& name) {
    const auto answer = resolver_.query(name, dns::RecordType::TXT);
    auto* state = begin(domain, DnsRecordType::spf_include, name, answer);
    if (state == nullptr) return;
    Texts records;
    for (auto& text : texts_of(answer))
      if (verify::spf::is_spf_record(text)) records.push_back(std::move(text));
    settle(*state, records, records.size() > 1 ? "several-records" : "");
  }

  // RFC 9989 sections 4.7 and 4.10: its own record, and those that the walk passes above it. A text that was meant to
  // be a DMARC record and is none counts as broken.
  void take_dmarc(const std::string& domain) {
    const auto parsed = model::Domain::parse(domain);
    if (!parsed) return;
    for (const auto& target : verify::dmarc::walk_targets(*parsed)) {
      const std::string name = "_dmarc." + target.text();
      const auto answer = resolver_.query(name, dns::RecordType::TXT);
      auto* state = begin(domain, target.text() == domain ? DnsRecordType::dmarc : DnsRecordType::psd, name, answer);
      if (state == nullptr) continue;
      Texts records, meant;  // other texts at that name are no concern of DMARC (RFC 9989 section 4.10.1)
      for (const auto& text : texts_of(answer)) {
        if (verify::dmarc::is_record(text)) records.push_back(text);
        if (verify::dmarc::is_meant_as_record(text)) meant.push_back(text);
      }
      settle(*state, records.empty() ? meant : records, dmarc_fault(records));
    }
  }
  static std::string dmarc_fault(const Texts& records) {
    if (records.empty()) return "no-dmarc-record";
    if (records.size() > 1) return "several-records";
    return verify::dmarc::parse_record(records.front(), verify::dmarc::Rules::rfc9989).is_usable() ? ""
                                                                                                   : "dmarc-syntax";
  }

  void take_key(const std::string& domain, const std::string& name, const dns::Answer& answer) {
    auto* state = begin(domain, DnsRecordType::dkim, name, answer);
    if (state == nullptr) return;
    const auto texts = texts_of(answer);
    std::string fault = texts.size() > 1 ? "several-records" : "";
    if (texts.size() == 1) {
      const auto key = verify::dkim::parse_key_record(texts.front());
      if (key.fault) fault = key.key.empty() ? "key-revoked" : "key-syntax";
    }
    settle(*state, texts, fault);
  }

  void take_mx(const std::string& domain) {
    const auto answer = resolver_.query(domain, dns::RecordType::MX);
    std::vector<std::string> hosts = {domain};
    if (auto* state = begin(domain, DnsRecordType::mx, domain, answer)) {
      Texts lines;
      for (const auto& mx : answer.mx) {
        lines.push_back(std::to_string(mx.preference) + ' ' + (mx.exchange.empty() ? "." : mx.exchange));
        if (!mx.exchange.empty()) hosts.push_back(mx.exchange);
      }
      settle(*state, lines, "");
    }
    for (const auto& host : hosts) take_addresses(domain, host);
  }

  void take_addresses(const std::string& domain, const std::string& host) {
    const std::vector<dns::Question> questions = {{host, dns::RecordType::A}, {host, dns::RecordType::AAAA}};
    const auto answers = resolver_.query_all(questions);
    if (answers[0].is_temporary_error() || answers[1].is_temporary_error()) return;
    auto* state = begin(domain, DnsRecordType::address, host, answers[0]);
    Texts lines;
    for (const auto& answer : answers)
      for (const auto& address : answer.addresses) lines.push_back(address.to_string());
    settle(*state, lines, "");
  }

  dns::Resolver& resolver_;
  std::int64_t now_;
};

}  // namespace

std::vector<DnsRecordState> snapshot(const SnapshotNames& names, dns::Resolver& resolver, std::int64_t now) {
  Snapshot taken(resolver, now);
  for (const auto& domain : names.domains) taken.take_domain(domain);
  auto keys = names.keys;
  if (keys.size() > names.most_questions) keys.resize(names.most_questions);
  taken.take_keys(keys);
  // One host may be asked for by several ways.
  std::vector<DnsRecordState> distinct;
  std::set<std::string> seen;
  for (auto& state : taken.states) {
    const std::string key = state.domain + ' ' + std::string(model::to_text(state.type)) + ' ' + state.name;
    if (seen.insert(key).second) distinct.push_back(std::move(state));
  }
  return distinct;
}

}  // namespace ruaudit::jobs
