#include "jobs/digest/make_digest.hpp"

#include <algorithm>
#include <map>

#include "assess/findings/comparison.hpp"
#include "jobs/digest/health.hpp"
#include "store/findings/outbox.hpp"
#include "store/findings/told.hpp"

namespace ruaudit::jobs {
namespace {

bool is_wanted(const JudgeRequest& request, const std::string& domain) {
  return request.domains.empty() ||
         std::find(request.domains.begin(), request.domains.end(), domain) != request.domains.end();
}

std::vector<model::Finding> wanted_findings(std::vector<model::Finding> findings, const JudgeRequest& request) {
  std::erase_if(findings, [&](const model::Finding& finding) { return !is_wanted(request, finding.domain); });
  return findings;
}

void describe_window(model::Digest& digest, const JudgeRequest& request, const model::IntakeFacts& intake) {
  const std::int64_t since = digest.last_made_at.value_or(0);
  digest.first_day = digest.last_day = assess::day_seen_at(digest.made_at);
  for (const auto& report : intake.reports) {
    if (!report.is_counted || report.taken_in <= since || report.taken_in > digest.made_at) continue;
    if (!is_wanted(request, intake.domains[report.domain])) continue;
    ++digest.health.reports;
    digest.health.messages += report.messages;
    digest.first_day = std::min(digest.first_day, report.day);
  }
  digest.health.rejected = std::count_if(intake.rejected.begin(), intake.rejected.end(),
                                         [since](const auto& part) { return part.taken_in > since; });
}

// The largest senders that are not known, for the owner to label.
constexpr std::size_t most_strangers = 10;

std::vector<model::StrangerLine> largest_strangers(const assess::Situation& situation, const JudgeRequest& request) {
  const auto& facts = *situation.facts;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> sums;
  for (const auto& stream : facts.days.streams()) {
    auto& sum = sums[{stream.domain, stream.source}];
    for (const auto& day : facts.days.days(stream)) sum += day.messages;
  }
  std::vector<model::StrangerLine> lines;
  for (const auto& source : situation.classes)
    if (source.of == assess::SenderClass::stranger && source.patterns.empty() &&
        is_wanted(request, facts.domains[source.domain]))
      lines.push_back({facts.domains[source.domain], facts.sources[source.source].address, source.host,
                       sums[{source.domain, source.source}]});
  std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.messages > b.messages; });
  lines.resize(std::min(lines.size(), most_strangers));
  return lines;
}

}  // namespace

model::Result<MadeDigest> make_digest(store::Database& database, const JudgeRequest& request,
                                      const std::string& digest_name, std::optional<std::int64_t> since) {
  TRY(auto last, store::last_digest_time(database, digest_name));
  TRY(auto told, store::told_findings(database, digest_name));
  if (since) {
    last = since;
    std::erase_if(told, [&since](const model::ToldFinding& one) { return one.first_told > *since; });
  }
  TRY(const auto care, store::finding_care(database));
  TRY(auto judgement, read_judgement(database, request, last.value_or(0)));
  model::Digest digest{.domains = request.domains.empty() ? request.own_domains : request.domains,
                       .made_at = request.now,
                       .last_made_at = last};
  if (digest.domains.empty()) digest.domains = judgement->sources.facts.domains;
  digest.items = assess::compare(wanted_findings(judgement->findings, request), told, care, request.now);
  describe_window(digest, request, judgement->intake);
  TRY(const auto before, store::last_digest(database, digest_name));
  const std::vector<std::string> refused = before ? before->refused : std::vector<std::string>();
  digest.health.troubles =
      health_troubles(digest, {database, judgement->intake, request.database_path, refused, request.own_database});
  if (!last) digest.strangers = largest_strangers(judgement->situation, request);
  return MadeDigest{std::move(digest), std::move(judgement)};
}

}  // namespace ruaudit::jobs
