#include "jobs/enrich/enrich.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assess/domain_text.hpp"
#include "assess/source_class.hpp"
#include "jobs/enrich/reverse.hpp"
#include "jobs/enrich/snapshot.hpp"
#include "jobs/threads/workers.hpp"
#include "model/calendar.hpp"
#include "store/facts/classes.hpp"
#include "store/facts/sender_facts.hpp"
#include "store/facts/streams.hpp"
#include "verify/spf/check_host.hpp"

namespace ruaudit::jobs {
namespace {

namespace dns = verify::dns;
using Status = model::Result<void>;

constexpr std::size_t batch_addresses = 256, batch_spf = 512, batch_networks = 4096;
constexpr std::int64_t spf_lifetime = 20 * 3600, spf_retry = 3600;

class Run {
 public:
  Run(const EnrichPlan& plan, store::Database& database, const EnrichSources& sources,
      const std::function<bool()>& stop_requested)
      : plan_(plan),
        database_(database),
        sources_(sources),
        resolver_(sources.resolver),
        stop_requested_(stop_requested) {
    due_ = {.now = plan.now, .first_day = model::day_text(plan.now - plan.keep_up_days * model::seconds_per_day)};
  }

  model::Result<EnrichCounts> run() {
    TRY(counts_.days, store::refresh_streams(database_, stop_requested_));
    TRY_VOID(find_organizational_domains());
    TRY(auto writer, store::EnrichmentWriter::create(database_));
    if (!sources_.networks.is_empty()) TRY_VOID(look_up_networks(writer, sources_.networks));
    TRY(domains_, owner_domains());
    if (resolver_ != nullptr) {
      TRY_VOID(ask_reverse(writer));
      if (!counts_.has_given_up) TRY_VOID(take_snapshot());
      if (!counts_.has_given_up) TRY_VOID(ask_spf(writer));
    }
    if (!is_stopped()) TRY_VOID(classify(sources_.services));
    return counts_;
  }

 private:
  [[nodiscard]] bool is_stopped() const { return stop_requested_ && stop_requested_(); }

  void begin_asking() {
    if (plan_.patience) deadline_ = std::chrono::steady_clock::now() + *plan_.patience;
  }
  // Looked at where more is to be asked.
  bool is_late() {
    const bool is_over = deadline_ && std::chrono::steady_clock::now() > *deadline_;
    counts_.is_out_of_time = counts_.is_out_of_time || is_over;
    return is_over;
  }

  model::Result<std::vector<std::string>> owner_domains() {
    if (!plan_.domains.empty()) return plan_.domains;
    return store::reported_domains(database_);
  }

  Status find_organizational_domains() {
    TRY(const auto names, store::new_header_domains(database_));
    std::vector<store::HeaderDomain> found;
    for (const auto& name : names) {
      const auto domain = model::Domain::parse(name);
      found.push_back({name, domain ? sources_.list.organizational_domain(*domain).text() : name});
    }
    return found.empty() ? Status{} : store::save_header_domains(database_, found);
  }

  Status look_up_networks(store::EnrichmentWriter& writer, const NetworkFiles& networks) {
    std::int64_t last = 0;
    while (!is_stopped()) {
      TRY(const auto due, store::due_network(database_, networks.build(), last, batch_networks));
      if (due.empty()) return {};
      last = due.back().source_key;
      std::vector<store::NetworkAnswer> answers;
      for (const auto& source : due) {
        auto facts = networks.find(source.address);
        answers.push_back({.source_key = source.source_key,
                           .country = std::move(facts.country),
                           .network = std::move(facts.network),
                           .asn = facts.asn,
                           .looked_at = plan_.now,
                           .build = networks.build()});
      }
      TRY_VOID(writer.save(answers));
      counts_.networks += static_cast<std::int64_t>(answers.size());
    }
    return {};
  }

  Status ask_reverse(store::EnrichmentWriter& writer) {
    std::int64_t last = 0;
    std::size_t silent_in_a_row = 0;
    auto request = due_;
    request.most = batch_addresses;
    begin_asking();
    while (!is_stopped() && counts_.addresses < static_cast<std::int64_t>(plan_.most_addresses)) {
      TRY(const auto due, store::due_reverse(database_, request, last));
      if (due.empty() || is_late()) return {};
      last = due.back().source_key;
      const auto answers = reverse_answers(due, *resolver_, plan_.now);
      TRY_VOID(writer.save(answers));
      const auto silent = count(answers);
      silent_in_a_row = silent == answers.size() ? silent_in_a_row + 1 : 0;
      counts_.has_given_up = plan_.give_up_after != 0 && silent_in_a_row >= plan_.give_up_after;
      if (counts_.has_given_up) return {};
    }
    return {};
  }

  std::size_t count(const std::vector<store::ReverseAnswer>& answers) {
    std::size_t silent = 0;
    for (const auto& answer : answers) {
      if (answer.status == model::ReverseStatus::unknown) ++silent;
      if (!answer.names.empty() && answer.names.front().is_confirmed) ++counts_.confirmed;
    }
    counts_.addresses += static_cast<std::int64_t>(answers.size());
    counts_.silent += static_cast<std::int64_t>(silent);
    return silent;
  }

  [[nodiscard]] bool is_owners(const std::string& domain) const {
    return assess::owner_of(domain, domains_).has_value();
  }

  Status take_snapshot() {
    SnapshotNames names{.domains = domains_, .keys = {}};
    TRY(auto keys, store::seen_keys(database_));
    std::copy_if(keys.begin(), keys.end(), std::back_inserter(names.keys),
                 [this](const auto& key) { return is_owners(key.policy_domain); });
    const auto states = snapshot(names, *resolver_, plan_.now);
    counts_.records = static_cast<std::int64_t>(states.size());
    return store::save_snapshot(database_, states, plan_.now);
  }

  // Only the owner's domains are asked for: what others publish is not his.
  Status ask_spf(store::EnrichmentWriter& writer) {
    auto request = due_;
    request.most = plan_.most_spf;
    TRY(auto due, store::due_spf(database_, request));
    std::erase_if(due, [this](const auto& pair) { return !is_owners(pair.domain); });
    begin_asking();
    for (std::size_t begin = 0; begin < due.size() && !is_stopped() && !is_late(); begin += batch_spf) {
      const auto end = std::min(due.size(), begin + batch_spf);
      TRY_VOID(writer.save(check_all(
          {due.begin() + static_cast<std::ptrdiff_t>(begin), due.begin() + static_cast<std::ptrdiff_t>(end)})));
      counts_.spf += static_cast<std::int64_t>(end - begin);
    }
    return {};
  }

  std::vector<store::SpfAnswer> check_all(const std::vector<store::DueSpf>& due) {
    std::vector<store::SpfAnswer> answers(due.size());
    in_parallel(due.size(), plan_.threads, [&](std::size_t i) { answers[i] = check(due[i]); });
    return answers;
  }

  store::SpfAnswer check(const store::DueSpf& due) {
    const verify::spf::Session session{.ip = due.address, .mail_from = "postmaster@" + due.domain, .time = plan_.now};
    const auto result = verify::spf::check_mail_from(session, *resolver_, {.cache = &records_});
    const bool is_final = result.result != model::SpfResult::temperror;
    std::string term = !result.path.empty() ? result.path.front().term
                       : result.decided_by  ? result.decided_by->term
                                            : std::string();
    return {.source_key = due.source_key,
            .spf = {due.domain, result.result, std::move(term)},
            .asked_at = plan_.now,
            .expires = plan_.now + (is_final ? spf_lifetime : spf_retry)};
  }

  Status classify(const assess::ServiceTable& services) {
    const store::FactsRequest request{.first_day =
                                          model::day_text(plan_.now - plan_.judged_days * model::seconds_per_day)};
    TRY(const auto facts, store::read_sender_facts(database_, request));
    const auto classes = assess::classify(facts, services, {.domains = domains_});
    std::size_t i = 0;
    std::string evidence, first, last;
    counts_.classes = static_cast<std::int64_t>(classes.size());
    return store::save_classes(database_, [&](store::ClassRow& row) {
      if (i == classes.size()) return false;
      const auto& c = classes[i++];
      evidence.clear();
      for (const auto& text : c.evidence) evidence += (evidence.empty() ? "" : "; ") + text;
      first = model::day_text(c.first_day * model::seconds_per_day);
      last = model::day_text(c.last_day * model::seconds_per_day);
      row = {.policy_domain = facts.domains[c.domain],
             .address = facts.sources[c.source].address,
             .pattern = c.pattern,
             .name = c.name,
             .is = model::to_text(c.is),
             .service = c.service == nullptr ? std::string_view() : std::string_view(c.service->name),
             .rule = c.rule,
             .evidence = evidence,
             .confidence = model::to_text(c.confidence),
             .first_day = first,
             .last_day = last,
             .days = c.days,
             .reporters = assess::reporter_count(c.reporters),
             .messages = c.messages,
             .passed = c.passed,
             .dkim_aligned = c.dkim_aligned,
             .spf_aligned = c.spf_aligned};
      return true;
    });
  }

  const EnrichPlan& plan_;
  store::Database& database_;
  const EnrichSources& sources_;
  dns::Resolver* resolver_;
  const std::function<bool()>& stop_requested_;
  store::DueRequest due_;
  std::vector<std::string> domains_;
  verify::spf::RecordCache records_;
  EnrichCounts counts_;
  std::optional<std::chrono::steady_clock::time_point> deadline_{};
};

}  // namespace

model::Result<EnrichCounts> enrich(const EnrichPlan& plan, store::Database& database, const EnrichSources& sources,
                                   const std::function<bool()>& stop_requested) {
  return Run(plan, database, sources, stop_requested).run();
}

std::string closing_line(const EnrichCounts& counts) {
  const auto plural = [](std::int64_t n, const char* one, const char* many) {
    return fmt::format("{} {}", n, n == 1 ? one : many);
  };
  std::string line = fmt::format(
      "{}: {} with a confirmed name; {} of your DNS; {} asked; {} classified",
      plural(counts.addresses, "address", "addresses"), counts.confirmed, plural(counts.records, "record", "records"),
      plural(counts.spf, "SPF result", "SPF results"), plural(counts.classes, "stream", "streams"));
  if (counts.networks > 0) line += fmt::format("; {} looked up", plural(counts.networks, "network", "networks"));
  if (counts.silent > 0) line += fmt::format("; no DNS answer for {}", plural(counts.silent, "address", "addresses"));
  if (counts.is_out_of_time) line += "; the next run asks for the rest, or run `ruaudit enrich` now";
  return line;
}

}  // namespace ruaudit::jobs
