#include "jobs/simulate/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "assess/domain_text.hpp"
#include "assess/simulate/change.hpp"
#include "assess/simulate/sum.hpp"
#include "jobs/simulate/policy_replay.hpp"
#include "jobs/simulate/samples.hpp"
#include "jobs/simulate/senders.hpp"
#include "jobs/simulate/spf_replay.hpp"
#include "store/facts/replay.hpp"

namespace ruaudit::jobs {
namespace {

namespace simulation = model::simulation;
namespace decisions = assess::simulate;
using Status = model::Result<void>;

// What rows of the same pattern, policy domain and published policy have in common.
struct Context {
  decisions::Policy policy{};
  std::vector<decisions::Aligned> signatures{}, spf{};
  std::vector<SpfIdentity> identities{};
  std::vector<std::uint8_t> is_evaluated{};  // of identities: the change touches them
  std::vector<std::uint8_t> removed_keys{};
};

struct Key {  // of DKIM
  std::string selector, domain;
};

model::Result<Key> key_of(const std::string& text, const model::Domain& domain) {
  constexpr std::string_view middle = "._domainkey.";
  const auto at = text.find(middle);
  if (at == std::string::npos) return Key{text, domain.text()};
  const auto of = model::Domain::parse(text.substr(at + middle.size()));
  if (!of || at == 0)
    return model::failure("usage", "--drop-selector: '" + text + "' is neither S nor S._domainkey.NAME");
  return Key{text.substr(0, at), of->text()};
}

class Run {
 public:
  Run(const SimulateRequest& request, const SimulateTools& tools)
      : request_(request), tools_(tools), dns_(tools.resolver) {}

  model::Result<simulation::Simulation> run() {
    out_.domain = request_.domain.text();
    TRY_VOID(make_change());
    TRY_VOID(read());
    prepare();
    TRY_VOID(sum_up());
    TRY(out_.samples, replay_samples({.database = request_.database,
                                      .domain = request_.domain.text(),
                                      .first_day = request_.first_day,
                                      .last_day = request_.last_day,
                                      .removes_keys = !keys_.empty()},
                                     *policies_, spf_ ? &*spf_ : nullptr));
    remark();
    return std::move(out_);
  }

 private:
  Status make_change() {
    const auto& domain = request_.domain.text();
    if (request_.dmarc) {
      dns_.replace("_dmarc." + domain, *request_.dmarc);
      out_.changes.push_back(fmt::format("DMARC record of {}: {}", domain, *request_.dmarc));
    }
    TRY(const auto spf, spf_text());
    if (spf) {
      dns_.replace(domain, *spf);
      out_.changes.push_back(fmt::format("SPF record of {}: {}", domain, *spf));
      spf_.emplace(SpfPlan{.changed = domain, .now = request_.now, .threads = request_.threads}, dns_);
      new_spf_ = *spf;
    }
    for (const auto& text : request_.drop_selectors) {
      TRY(auto key, key_of(text, request_.domain));
      out_.changes.push_back(fmt::format("DKIM key {}._domainkey.{} is gone", key.selector, key.domain));
      keys_.push_back(std::move(key));
    }
    for (const auto& service : request_.align_services)
      out_.changes.push_back(fmt::format("{} signs as {}", service, domain));
    return {};
  }

  model::Result<std::optional<std::string>> spf_text() {
    const bool is_edited = !request_.add_includes.empty() || !request_.remove_terms.empty();
    if (!is_edited) return request_.spf;
    std::string text;
    if (request_.spf) {
      text = *request_.spf;
    } else {
      TRY(text, published_spf());
    }
    for (const auto& term : request_.remove_terms) {
      TRY(text, decisions::without_term(text, term));
    }
    for (const auto& include : request_.add_includes) {
      TRY(text, decisions::with_include(text, include));
    }
    return std::optional(text);
  }

  model::Result<std::string> published_spf() {
    const auto& domain = request_.domain.text();
    const auto answer = tools_.resolver.query(domain, verify::dns::RecordType::TXT);
    if (answer.is_temporary_error())
      return model::failure(
          "dns-silent",
          fmt::format("the SPF record of {} could not be looked up: {}", domain, model::to_text(answer.status)),
          "give the whole record with --spf, or a name server with --resolver");
    std::vector<std::string> records;
    for (const auto& record : answer.txt)
      if (verify::spf::is_spf_record(record.text())) records.push_back(record.text());
    if (records.size() == 1) return records.front();
    return model::failure(
        "usage", fmt::format("{} has {} SPF records, so it is not clear which one to change", domain, records.size()),
        "give the whole record with --spf");
  }

  Status read() {
    TRY(const auto stored, store::stored_domains(request_.database));
    std::vector<std::string> domains;
    const auto root = tools_.list.organizational_domain(request_.domain).text();
    for (const auto& name : stored)
      if (assess::is_at_or_below(name, root) || assess::is_at_or_below(root, name) || (spf_ && spf_->is_touched(name)))
        domains.push_back(name);
    TRY(auto reader, store::ReplayReader::open({.path = request_.database,
                                                .domains = domains,
                                                .first_day = request_.first_day,
                                                .last_day = request_.last_day,
                                                .only_authenticated = request_.only_authenticated,
                                                .threads = 2}));
    reader_.emplace(std::move(reader));
    if (replay().groups.empty())
      return model::failure("simulate-empty",
                            fmt::format("no report about {} is stored for these days", request_.domain.text()),
                            "see `ruaudit summary`, or choose other days");
    TRY(senders_, senders_of(replay(), request_, tools_.services));
    return {};
  }

  [[nodiscard]] const model::Replay& replay() const { return reader_->replay(); }

  void prepare() {
    policies_.emplace(PolicyPlan{.domain = request_.domain, .dmarc = request_.dmarc}, dns_, tools_.list);
    std::set<std::string> names, doubtful;
    for (const auto& pattern : replay().patterns) names.insert(pattern.header_from);
    for (const auto& group : replay().groups) {
      const auto& header_from = replay().patterns[group.pattern].header_from;
      if (PolicyReplay::asks_existence(header_from, replay().domains[group.domain], replay().policies[group.policy]))
        doubtful.insert(header_from);
    }
    policies_->prefetch({names.begin(), names.end()}, {doubtful.begin(), doubtful.end()});
    find_last_policies();
    contexts_of_groups_.reserve(replay().groups.size());
    for (const auto& group : replay().groups) contexts_of_groups_.push_back(context_place(group));
    if (!spf_) return;
    for (std::size_t i = 0; i < replay().groups.size(); ++i) {
      const auto& context = contexts_[contexts_of_groups_[i]];
      for (std::size_t n = 0; n < context.identities.size(); ++n)
        if (context.is_evaluated[n] != 0) (void)spf_->want(replay().groups[i].source, context.identities[n]);
    }
    spf_->evaluate(replay().sources);
  }

  // Published policies of each domain on the last day that has a report.
  void find_last_policies() {
    std::map<std::uint32_t, std::map<std::uint32_t, std::size_t>> last;  // domain, policy -> last day
    const auto& all = replay();
    for (std::size_t i = 0; i < all.groups.size(); ++i) {
      auto& day = last[all.groups[i].domain][all.groups[i].policy];
      for (std::size_t bit = all.days.size(); bit-- > day;)
        if ((all.bits_of(i)[bit / 64] >> bit % 64 & 1U) != 0) {
          day = bit;
          break;
        }
    }
    for (const auto& [domain, days] : last) {
      std::size_t latest = 0;
      for (const auto& [policy, day] : days) latest = std::max(latest, day);
      for (const auto& [policy, day] : days)
        if (day == latest) last_policies_[domain].insert(effective(policy));
    }
  }
  using Effective = std::pair<model::Policy, model::Policy>;
  [[nodiscard]] Effective effective(std::uint32_t policy) const {
    const auto& published = replay().policies[policy];
    const auto p = published.p.value_or(model::Policy::none);
    return {p, published.sp.value_or(p)};
  }

  std::size_t context_place(const model::ReplayGroup& group) {
    const std::uint64_t pair = std::uint64_t{group.domain} * replay().policies.size() + group.policy;
    const std::uint64_t key = std::uint64_t{group.pattern} << 32U | pair;
    const auto [at, is_new] = context_places_.try_emplace(key, contexts_.size());
    if (is_new) contexts_.push_back(make_context(group));
    return at->second;
  }

  Context make_context(const model::ReplayGroup& group) {
    const auto& pattern = replay().patterns[group.pattern];
    const auto& published = replay().policies[group.policy];
    const auto& domain = replay().domains[group.domain];
    Context context{.policy = policies_->policy(pattern.header_from, domain, published)};
    context.policy.is_last = last_policies_[group.domain].contains(effective(group.policy));
    for (const auto& signature : pattern.signatures) {
      context.signatures.push_back(
          policies_->aligned(signature.domain, pattern.header_from, domain, published.is_rfc9990));
      const bool is_removed = std::any_of(keys_.begin(), keys_.end(), [&](const Key& key) {
        return key.selector == signature.selector && key.domain == signature.domain;
      });
      if (is_removed) has_removed_ = true;
      context.removed_keys.push_back(is_removed ? 1 : 0);
    }
    context.identities = spf_identities(pattern);
    for (const auto& identity : context.identities) {
      const auto aligned = policies_->aligned(identity.domain, pattern.header_from, domain, published.is_rfc9990);
      context.spf.push_back(aligned);
      const bool may_count = aligned.is_strict || aligned.is_relaxed != false;
      context.is_evaluated.push_back(spf_ && may_count && spf_->is_touched(identity.domain) ? 1 : 0);
    }
    return context;
  }

  [[nodiscard]] bool is_aligned_service(const decisions::SenderName& sender) const {
    return sender.sender == simulation::Sender::service &&
           std::any_of(request_.align_services.begin(), request_.align_services.end(),
                       [&](const auto& name) { return is_service_named(tools_.services, sender.name, name); });
  }

  simulation::Decision decide(std::size_t place) {
    const auto& group = replay().groups[place];
    const auto& context = contexts_[contexts_of_groups_[place]];
    new_spf_answers_.assign(context.identities.size(), std::nullopt);
    for (std::size_t n = 0; n < context.identities.size(); ++n)
      if (context.is_evaluated[n] != 0)
        new_spf_answers_[n] = spf_->answer(spf_->want(group.source, context.identities[n]));
    const auto at = senders_.find(std::uint64_t{group.domain} << 32U | group.source);
    const auto sender = at == senders_.end() ? decisions::SenderName{} : at->second;
    return decisions::decide({.pattern = replay().patterns[group.pattern],
                              .published = replay().policies[group.policy],
                              .policy = context.policy,
                              .sender = sender.sender,
                              .signatures = context.signatures,
                              .spf = context.spf,
                              .removed_keys = context.removed_keys,
                              .new_spf = new_spf_answers_,
                              .gains_signature = is_aligned_service(sender)});
  }

  Status sum_up() {
    decisions::Sum sum(replay(), senders_);
    std::vector<simulation::Decision> kept;
    for (std::size_t i = 0; i < replay().groups.size(); ++i) {
      auto decision = decide(i);
      sum.add(i, decision);
      if (tools_.each_record) kept.push_back(std::move(decision));
    }
    sum.write(out_);
    if (!tools_.each_record) return {};
    return reader_->each_row([&](const model::ReplayRow& row) {
      const auto& group = replay().groups[row.group];
      tools_.each_record({.day = replay().days[row.day],
                          .reporter = replay().reporters[row.reporter],
                          .policy_domain = replay().domains[group.domain],
                          .address = replay().sources[group.source],
                          .pattern = replay().patterns[group.pattern],
                          .report_key = row.report_key,
                          .row_number = row.row_number,
                          .messages = row.messages,
                          .decision = kept[row.group]});
    });
  }

  void remark() {
    const auto& domain = request_.domain.text();
    if (request_.dmarc) remark_dmarc();
    if (spf_) remark_spf();
    if (!keys_.empty() && !has_removed_)
      out_.notes.push_back("no stored report shows a signature with a key that would be gone");
    for (const auto& name : request_.align_services) {
      const bool is_seen = std::any_of(senders_.begin(), senders_.end(), [&](const auto& each) {
        return is_service_named(tools_.services, each.second.name, name);
      });
      if (!is_seen) out_.notes.push_back(fmt::format("no stored mail comes from a service called {}", name));
    }
    if (assess::owner_of(domain, request_.parked_domains))
      out_.notes.push_back(
          fmt::format("{} is parked: none of this mail is yours, and what still passes is forged", domain));
  }

  void remark_dmarc() {
    const auto& text = *request_.dmarc;
    if (!verify::dmarc::is_record(text))
      return out_.notes.push_back("the text is not a DMARC record: receivers would find none");
    const auto record = verify::dmarc::parse_record(text, verify::dmarc::Rules::rfc9989);
    if (!record.is_usable())
      out_.notes.push_back("the record has neither a valid policy nor a rua: it would not apply");
    for (const auto& fault : record.faults)
      out_.notes.push_back(fmt::format("{}={}: {}", fault.tag, fault.value, fault.reason));
    if (record.rua.empty()) out_.notes.push_back("without rua no more reports would come");
  }

  void remark_spf() {
    if (!verify::spf::is_spf_record(new_spf_))
      return out_.notes.push_back("the text is not an SPF record: receivers would find none");
    const auto parsed = verify::spf::parse_record(new_spf_);
    if (parsed.fault)
      out_.notes.push_back(fmt::format("the SPF record is broken at '{}': {}; every check would be a permerror",
                                       parsed.fault->term, parsed.fault->what));
    if (spf_->size() == 0)
      out_.notes.push_back(fmt::format("no return path that could be aligned is checked with the SPF record of {}",
                                       request_.domain.text()));
  }

  const SimulateRequest& request_;
  const SimulateTools& tools_;
  Overlay dns_;
  simulation::Simulation out_;
  std::vector<Key> keys_;
  std::string new_spf_;
  std::optional<SpfReplay> spf_;
  std::optional<PolicyReplay> policies_;
  std::optional<store::ReplayReader> reader_;
  decisions::Sum::Senders senders_;
  std::map<std::uint32_t, std::set<Effective>> last_policies_;
  std::unordered_map<std::uint64_t, std::size_t> context_places_;
  std::vector<Context> contexts_;
  std::vector<std::size_t> contexts_of_groups_;
  std::vector<std::optional<decisions::NewSpf>> new_spf_answers_;
  bool has_removed_ = false;
};

}  // namespace

model::Result<simulation::Simulation> simulate(const SimulateRequest& request, const SimulateTools& tools) {
  return Run(request, tools).run();
}

}  // namespace ruaudit::jobs
