#include "assess/overview/mail_sums.hpp"

#include <algorithm>
#include <bit>

#include "assess/domain_text.hpp"
#include "assess/findings/intake.hpp"
#include "assess/findings/senders.hpp"

namespace ruaudit::assess {
namespace {

using model::DomainOverview;
using model::MailShare;
using model::ReportTrust;
using model::StreamDay;

// What passes by one mechanism alone is known where the other is known to fail.
void add(MailShare& share, const StreamDay& day, const model::AuthPattern& pattern, const Checks& checks, Check dmarc) {
  const bool dkim = checks.dkim == Check::pass, spf = checks.spf == Check::pass;
  share.messages += day.messages;
  if (day.trust != ReportTrust::authenticated) share.unproven += day.messages;
  if (dkim || spf) {
    share.passed += day.messages;
    if (dkim && spf) share.both += day.messages;
    if (dkim && checks.spf == Check::fail) share.only_dkim += day.messages;
    if (spf && checks.dkim == Check::fail) share.only_spf += day.messages;
  } else if (pattern.disposition == model::Disposition::quarantine) {
    share.quarantined += day.messages;
  } else if (pattern.disposition == model::Disposition::reject) {
    share.rejected += day.messages;
  } else if (dmarc == Check::unknown) {
    share.undecided += day.messages;
    if (pattern.disposition == model::Disposition::unknown) share.undecided_untold += day.messages;
  } else if (pattern.disposition == model::Disposition::unknown) {
    share.untold += day.messages;
  }
}

// A key or record could not be looked up.
bool is_unchecked(const model::AuthPattern& pattern, const std::string& domain) {
  return std::any_of(pattern.signatures.begin(), pattern.signatures.end(),
                     [&](const auto& signature) {
                       return signature.result == model::DkimResult::temperror &&
                              is_at_or_below(signature.domain, domain);
                     }) ||
         std::any_of(pattern.spf_results.begin(), pattern.spf_results.end(), [&](const auto& spf) {
           return spf.result == model::SpfResult::temperror && pattern.rests_on(spf) &&
                  is_at_or_below(spf.domain, domain);
         });
}

class Sums {
 public:
  Sums(const OverviewFacts& facts, const CountedDays& of)
      : facts_(facts),
        of_(of),
        judged_(judged_day(*facts.situation)),
        belief_(*facts.situation, of.only_authenticated),
        domains_(facts.situation->facts->domains.size()) {
    for (std::size_t i = 0; i < domains_.size(); ++i) domains_[i].view.domain = facts.situation->facts->domains[i];
  }

  std::vector<DomainSums> take() {
    each(*facts_.days, of_.first, of_.last, [this](const StreamDay& day) { count(day); });
    each(facts_.situation->facts->days, judged_ - basis_days + 1, judged_,
         [this](const StreamDay& day) { weigh(day); });
    for (auto& domain : domains_) finish(domain);
    return std::move(domains_);
  }

 private:
  [[nodiscard]] const model::AuthPattern& pattern(const StreamDay& day) const {
    return facts_.situation->facts->patterns[day.pattern];
  }
  template <class Take>
  void each(const model::StreamDays& all, Day first, Day last, const Take& take) {
    for (const auto& stream : all.streams()) {
      const auto days = all.days(stream);
      if (days.back().day < first || days.front().day > last) continue;
      class_ = facts_.classes->of(stream.domain, stream.source, stream.pattern);
      const auto& facts = *facts_.situation->facts;
      checks_ = checks_of(facts.patterns[stream.pattern], facts.domains[stream.domain]);
      dmarc_ = dmarc_of(facts.patterns[stream.pattern], facts.domains[stream.domain]);
      for (const auto& day : days)
        if (day.day >= first && day.day <= last) take(day);
    }
  }

  void count(const StreamDay& day) {
    auto& domain = domains_[day.domain];
    auto& trust = domain.view.trust;
    std::int64_t* const by_trust[] = {&trust.unchecked, &trust.proven, &trust.unauthenticated, &trust.indeterminate};
    *by_trust[static_cast<std::size_t>(day.trust)] += day.messages;
    if (!belief_.in(day.trust)) return;
    const Group group = group_of(class_);
    add(share_of(domain.view, group), day, pattern(day), checks_, dmarc_);
    domain.sources[static_cast<std::size_t>(group)].insert(day.source);
  }

  static MailShare& share_of(DomainOverview& view, Group group) {
    MailShare* const shares[] = {&view.own, &view.passed_on, &view.unknown_steady, &view.strangers};
    return *shares[static_cast<std::size_t>(group)];
  }

  void weigh(const StreamDay& day) {
    if (!belief_.in(day.trust)) return;
    auto& domain = domains_[day.domain];
    auto& basis = domain.basis;
    basis.messages += day.messages;
    basis.proven += day.trust == ReportTrust::authenticated ? day.messages : 0;
    const Class is = class_;
    const auto& how = pattern(day);
    if (group_of(is) == Group::passed_on) {
      add(basis.passed_on, day, how, checks_, dmarc_);
      basis.list_messages += is == Class::mailing_list ? day.messages : 0;
    }
    if (group_of(is) != Group::own) return;
    add(basis.own, day, how, checks_, dmarc_);
    const auto place = static_cast<std::size_t>(basis_days - 1 - (judged_ - day.day));
    const bool is_failing = dmarc_ == Check::fail;
    if (is_failing) {
      domain.failing_days[place] += day.messages;
      domain.failing_sources[day.source] += day.messages;
    } else if (dmarc_ == Check::unknown) {
      (is_unchecked(how, domain.view.domain) ? domain.unchecked : domain.unsaid) += day.messages;
    }
    if (is == Class::own_aligned || is == Class::own_failing) {
      HostMail& host = domain.hosts[day.source];
      host.passed += how.passes() ? day.messages : 0;
      host.failed += is_failing ? day.messages : 0;
      if (is_failing) host.failing_days |= std::uint32_t{1} << place;
      if (host.name.empty()) host.name = name_of(day);
    }
    weigh_side(domain, day, how, is_failing);
  }

  static void weigh_side(DomainSums& domain, const StreamDay& day, const model::AuthPattern& how, bool is_failing) {
    if (how.header_from != domain.view.domain && is_at_or_below(how.header_from, domain.view.domain)) {
      domain.side.subdomain += day.messages;
      domain.side.subdomain_failed += is_failing ? day.messages : 0;
      domain.side.subdomain_unchecked += is_failing || how.passes() ? 0 : day.messages;
    }
    if (!how.passes()) return;
    const bool dkim = how.dkim == model::AlignedResult::pass, spf = how.spf == model::AlignedResult::pass;
    const bool strict_dkim = std::any_of(how.signatures.begin(), how.signatures.end(), [&](const auto& signature) {
      return signature.result == model::DkimResult::pass && signature.domain == how.header_from;
    });
    const bool strict_spf = std::any_of(how.spf_results.begin(), how.spf_results.end(), [&](const auto& result) {
      return result.result == model::SpfResult::pass && result.domain == how.header_from;
    });
    domain.side.strict_dkim += spf || (dkim && strict_dkim) ? day.messages : 0;
    domain.side.strict_spf += dkim || (spf && strict_spf) ? day.messages : 0;
    domain.side.strict_both += (dkim && strict_dkim) || (spf && strict_spf) ? day.messages : 0;
  }

  [[nodiscard]] std::string name_of(const StreamDay& day) const {
    const auto& address = facts_.situation->facts->sources[day.source].address;
    const auto* entry = facts_.classes->find(day.domain, day.source, day.pattern);
    const auto host = entry == nullptr ? std::string() : facts_.classes->text(entry->host);
    return host.empty() ? address : host + " (" + address + ")";
  }

  static void finish(DomainSums& domain) {
    MailShare* const shares[] = {&domain.view.own, &domain.view.passed_on, &domain.view.unknown_steady,
                                 &domain.view.strangers};
    for (std::size_t i = 0; i < domain.sources.size(); ++i)
      shares[i]->sources = static_cast<std::int64_t>(domain.sources[i].size());
  }

  const OverviewFacts& facts_;
  CountedDays of_;
  Day judged_;
  ReportBelief belief_;
  std::vector<DomainSums> domains_;
  Class class_ = Class::stranger;  // of the stream whose days are taken
  Checks checks_;
  Check dmarc_ = Check::unknown;
};

bool never_passes(const HostMail& host) {
  return host.passed == 0 && host.failed >= gate_limits::host_messages && std::popcount(host.failing_days) > 1;
}

struct HostNetwork {
  HostMail mail{};
  std::vector<std::uint32_t> sources{};
};

}  // namespace

std::vector<FailingHost> failing_hosts(const DomainSums& sums, const model::SenderFacts& facts) {
  std::vector<FailingHost> hosts;
  std::map<std::string, HostNetwork> networks;
  const auto address_of = [&](std::uint32_t source) -> const std::string& { return facts.sources[source].address; };
  const auto take = [&](std::uint32_t source) {
    const HostMail& host = sums.hosts.at(source);
    if (never_passes(host)) hosts.push_back({address_of(source), host.name, host.failed});
  };
  for (const auto& [source, host] : sums.hosts) {
    if (host.name != address_of(source) || host.name.find(':') == std::string::npos) {
      take(source);
      continue;
    }
    HostNetwork& network = networks[place_of(host.name)];
    network.mail.passed += host.passed;
    network.mail.failed += host.failed;
    network.mail.failing_days |= host.failing_days;
    network.sources.push_back(source);
  }
  for (const auto& [place, network] : networks) {
    if (network.sources.size() > 1 && never_passes(network.mail))
      hosts.push_back({place, place, network.mail.failed});
    else
      std::for_each(network.sources.begin(), network.sources.end(), take);
  }
  std::sort(hosts.begin(), hosts.end(), [](const auto& a, const auto& b) { return a.address < b.address; });
  return hosts;
}

Group group_of(Class is) {
  switch (is) {
    case Class::own_aligned:
    case Class::own_failing:
    case Class::service_aligned:
    case Class::service_not_aligned:
      return Group::own;
    case Class::forwarder:
    case Class::mailing_list:
      return Group::passed_on;
    case Class::unknown_steady:
      return Group::unknown_steady;
    case Class::stranger:
    case Class::wave:
      break;
  }
  return Group::stranger;
}

std::vector<DomainSums> mail_sums(const OverviewFacts& facts, const CountedDays& of) { return Sums(facts, of).take(); }

}  // namespace ruaudit::assess
