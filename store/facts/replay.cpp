#include "store/facts/replay.hpp"

#include <algorithm>
#include <map>
#include <thread>
#include <unordered_map>

#include "store/facts/patterns_detail.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {
namespace {

struct Report {
  std::int64_t id = 0, records = 0;
  std::uint32_t domain = 0, reporter = 0, policy = 0, day = 0;
};

struct Key {
  std::uint32_t source = 0, identifier = 0, verdict = 0, policy = 0, domain = 0;
  bool operator==(const Key&) const = default;
};
struct KeyHash {
  std::size_t operator()(const Key& key) const {
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
    std::uint64_t hash = (std::uint64_t{key.source} << 32U | key.identifier) * odd;
    hash = (hash ^ (hash >> 29U) ^ (std::uint64_t{key.verdict} << 32U | key.policy << 12U | key.domain)) * odd;
    return hash ^ (hash >> 32U);
  }
};

// Groups of one thread; merged afterwards.
class Groups {
 public:
  explicit Groups(std::size_t words) : words_(words) {}
  std::size_t place(const Key& key) {
    const auto [at, is_new] = places_.try_emplace(key, keys_.size());
    if (is_new) {
      keys_.push_back(key);
      sums_.push_back({});
      bits_.resize(bits_.size() + words_);
    }
    return at->second;
  }
  void add(std::size_t group, std::int64_t messages, std::int64_t records) {
    sums_[group].messages += messages;
    sums_[group].records += records;
  }
  void set(std::size_t group, std::size_t bit) { bits_[group * words_ + bit / 64] |= std::uint64_t{1} << bit % 64; }
  void merge(const Groups& other) {
    for (std::size_t i = 0; i < other.keys_.size(); ++i) {
      const auto group = place(other.keys_[i]);
      add(group, other.sums_[i].messages, other.sums_[i].records);
      for (std::size_t word = 0; word < words_; ++word) bits_[group * words_ + word] |= other.bits_[i * words_ + word];
    }
  }
  [[nodiscard]] const std::size_t* find(const Key& key) const {
    const auto at = places_.find(key);
    return at == places_.end() ? nullptr : &at->second;
  }
  struct Sum {
    std::int64_t messages = 0, records = 0;
  };
  [[nodiscard]] const std::vector<Key>& keys() const { return keys_; }
  [[nodiscard]] const std::vector<Sum>& sums() const { return sums_; }
  [[nodiscard]] std::vector<std::uint64_t> take_bits() { return std::move(bits_); }

 private:
  std::size_t words_;
  std::unordered_map<Key, std::size_t, KeyHash> places_;
  std::vector<Key> keys_;
  std::vector<Sum> sums_;
  std::vector<std::uint64_t> bits_;
};

constexpr std::string_view reports_sql =
    "SELECT p.id, d.name, r.name, p.policy_id, p.day, p.records, instr(p.xml_namespace, 'dmarc-2.0') > 0 OR"
    " o.testing IS NOT NULL OR o.discovery_method IS NOT NULL FROM report p"
    " JOIN policy o ON o.id = p.policy_id JOIN domain d ON d.id = p.domain_id JOIN reporter r ON r.id = p.reporter_id"
    " WHERE p.counted = 1 AND p.day BETWEEN ?1 AND ?2 AND (?3 = 0 OR p.authenticity = 'authenticated') ORDER BY p.id";
constexpr std::string_view records_sql =
    "SELECT source_id, identifier_id, verdict_id, count, id FROM record WHERE id BETWEEN ?1 AND ?2"
    " AND source_id IS NOT NULL AND count > 0";

model::Result<Database> open_to_read(const std::string& path) {
  return Database::open({.path = path, .access = Access::read_only});
}

template <class Take>
Status scan(sqlite3* db, std::span<const Report> reports, const Take& take) {
  TRY(auto find, Statement::prepare(db, records_sql));
  for (const auto& report : reports) {
    find.bind(1, report.id << 24).bind(2, report.id << 24 | 16777215);
    while (true) {
      TRY(const bool has_row, find.step());
      if (!has_row) break;
      take(report, find);
    }
    find.reset();
  }
  return {};
}

Key key_of(const Report& report, const Statement& row) {
  return {static_cast<std::uint32_t>(row.integer(0)), static_cast<std::uint32_t>(row.integer(1)),
          static_cast<std::uint32_t>(row.integer(2)), report.policy, report.domain};
}

template <class Value>
std::uint32_t place_in(std::vector<Value>& values, std::map<Value, std::uint32_t>& places, const Value& value) {
  const auto [at, is_new] = places.try_emplace(value, static_cast<std::uint32_t>(values.size()));
  if (is_new) values.push_back(value);
  return at->second;
}

std::optional<model::Policy> policy_in(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  const auto policy = model::parse_enum<model::Policy>(row.text(column));
  return policy && *policy != model::Policy::unknown ? policy : std::nullopt;
}

model::AlignmentMode mode_in(const Statement& row, int column) {
  if (row.is_null(column)) return model::AlignmentMode::r;  // RFC 7489 section 6.3: the default
  return model::parse_enum<model::AlignmentMode>(row.text(column)).value_or(model::AlignmentMode::unknown);
}

}  // namespace

struct ReplayReader::State {
  explicit State(ReplayRequest asked) : request(std::move(asked)) {}

  Status read() {
    TRY(auto database, open_to_read(request.path));
    TRY_VOID(read_reports(database.handle()));
    TRY_VOID(group_records());
    return read_values(database.handle());
  }

  Status read_reports(sqlite3* db) {
    TRY(auto find, Statement::prepare(db, reports_sql));
    find.bind(1, request.first_day).bind(2, request.last_day).bind(3, std::int64_t{request.only_authenticated});
    std::map<std::string, std::uint32_t> domains, reporters, days;
    std::map<PolicyKey, std::uint32_t> policies;
    while (true) {
      TRY(const bool has_row, find.step());
      if (!has_row) break;
      std::string domain(find.text(1));
      if (std::find(request.domains.begin(), request.domains.end(), domain) == request.domains.end()) continue;
      const PolicyKey policy{find.integer(3), find.integer(6) != 0};
      reports.push_back({.id = find.integer(0),
                         .records = find.integer(5),
                         .domain = place_in(replay.domains, domains, domain),
                         .reporter = place_in(replay.reporters, reporters, std::string(find.text(2))),
                         .policy = place_in(policy_keys, policies, policy),
                         .day = place_in(replay.days, days, std::string(find.text(4)))});
    }
    sort_days(days);
    return {};
  }

  void sort_days(const std::map<std::string, std::uint32_t>& days) {
    std::vector<std::uint32_t> sorted(days.size());
    std::uint32_t next = 0;
    for (const auto& [text, place] : days) sorted[place] = next++;
    for (auto& report : reports) report.day = sorted[report.day];
    std::sort(replay.days.begin(), replay.days.end());
  }

  [[nodiscard]] std::size_t reporter_bit(std::uint32_t reporter) const {
    return replay.day_words() * 64 + reporter % model::Replay::max_reporter_bits;
  }

  Status group_part(std::span<const Report> part, Groups& into) const {
    TRY(auto database, open_to_read(request.path));
    return scan(database.handle(), part, [&](const Report& report, const Statement& row) {
      const auto group = into.place(key_of(report, row));
      into.add(group, row.integer(3), 1);
      into.set(group, report.day);
      into.set(group, reporter_bit(report.reporter));
    });
  }

  // Each thread reads a run of reports with about the same number of records.
  [[nodiscard]] std::vector<std::span<const Report>> parts() const {
    std::int64_t all = 0, sum = 0;
    for (const auto& report : reports) all += report.records;
    const auto share = all / std::max(1U, request.threads) + 1;
    std::vector<std::span<const Report>> out;
    for (std::size_t begin = 0, i = 0; i < reports.size(); ++i) {
      sum += reports[i].records;
      if (sum < share && i + 1 < reports.size()) continue;
      out.push_back(std::span(reports).subspan(begin, i + 1 - begin));
      begin = i + 1;
      sum = 0;
    }
    return out;
  }

  Status group_records() {
    const auto pieces = parts();
    std::vector<Groups> found(pieces.size(), Groups(replay.words()));
    std::vector<Status> ends(pieces.size());
    std::vector<std::jthread> running;  // joined also where one more is refused
    for (std::size_t i = 1; i < pieces.size(); ++i)
      running.emplace_back([&, i] { ends[i] = group_part(pieces[i], found[i]); });
    if (!pieces.empty()) ends[0] = group_part(pieces[0], found[0]);
    running.clear();
    for (const auto& end : ends) TRY_VOID(end);
    groups = found.empty() ? Groups(replay.words()) : std::move(found[0]);
    for (std::size_t i = 1; i < found.size(); ++i) groups.merge(found[i]);
    return {};
  }

  Status read_values(sqlite3* db) {
    std::map<std::uint32_t, std::uint32_t> sources;
    std::map<PatternId, std::uint32_t> patterns;
    std::vector<std::uint32_t> source_ids;
    std::vector<PatternId> pattern_ids;
    replay.bits = groups.take_bits();
    for (std::size_t i = 0; i < groups.keys().size(); ++i) {
      const auto& key = groups.keys()[i];
      replay.groups.push_back({.domain = key.domain,
                               .source = place_in(source_ids, sources, key.source),
                               .pattern = place_in(pattern_ids, patterns, pattern_id(key.identifier, key.verdict)),
                               .policy = key.policy,
                               .messages = groups.sums()[i].messages,
                               .records = groups.sums()[i].records});
    }
    TRY(replay.patterns, read_patterns(db, pattern_ids));
    TRY_VOID(read_policies(db));
    replay.sources.resize(source_ids.size());
    TRY(auto find, Statement::prepare(db, "SELECT id, text FROM source"));
    while (true) {
      TRY(const bool has_row, find.step());
      if (!has_row) return {};
      const auto at = sources.find(static_cast<std::uint32_t>(find.integer(0)));
      if (at != sources.end()) replay.sources[at->second] = find.text(1);
    }
  }

  Status read_policies(sqlite3* db) {
    TRY(auto find, Statement::prepare(db, "SELECT p, sp, np, adkim, aspf, pct, testing FROM policy WHERE id = ?"));
    for (const auto& key : policy_keys) {
      find.bind(1, key.id);
      TRY(const bool has_row, find.step());
      model::ReplayPolicy policy;
      if (has_row) {
        policy = {.p = policy_in(find, 0),
                  .sp = policy_in(find, 1),
                  .np = policy_in(find, 2),
                  .adkim = mode_in(find, 3),
                  .aspf = mode_in(find, 4),
                  .pct = {}};
        if (!find.is_null(5)) policy.pct = static_cast<int>(std::clamp<std::int64_t>(find.integer(5), 0, 100));
        policy.is_testing = find.integer(6) == 1;
      }
      policy.is_rfc9990 = key.is_rfc9990;
      replay.policies.push_back(policy);
      find.reset();
    }
    return {};
  }

  struct PolicyKey {
    std::int64_t id = 0;
    bool is_rfc9990 = false;
    auto operator<=>(const PolicyKey&) const = default;
  };
  ReplayRequest request;
  std::vector<Report> reports;
  std::vector<PolicyKey> policy_keys;
  Groups groups{1};
  model::Replay replay;
};

ReplayReader::ReplayReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
ReplayReader::ReplayReader(ReplayReader&&) noexcept = default;
ReplayReader& ReplayReader::operator=(ReplayReader&&) noexcept = default;
ReplayReader::~ReplayReader() = default;

model::Result<ReplayReader> ReplayReader::open(ReplayRequest request) {
  auto state = std::make_unique<State>(std::move(request));
  TRY_VOID(state->read());
  return ReplayReader(std::move(state));
}

const model::Replay& ReplayReader::replay() const { return state_->replay; }

model::Result<void> ReplayReader::each_row(const std::function<void(const model::ReplayRow&)>& take) {
  TRY(auto database, open_to_read(state_->request.path));
  return scan(database.handle(), state_->reports, [&](const Report& report, const Statement& row) {
    const auto* group = state_->groups.find(key_of(report, row));
    if (group == nullptr) return;
    take({.group = *group,
          .report_key = report.id,
          .row_number = static_cast<std::uint32_t>(row.integer(4) & 16777215),
          .day = report.day,
          .reporter = report.reporter,
          .messages = row.integer(3)});
  });
}

model::Result<std::vector<JudgedSource>> judged_sources(const std::string& path,
                                                        const std::vector<std::string>& domains) {
  TRY(auto database, open_to_read(path));
  TRY(auto find, Statement::prepare(database.handle(),
                                    "SELECT d.name, s.text, c.class, coalesce(c.service, ''), c.name, max(c.messages)"
                                    " FROM domain d JOIN source_class c ON c.domain_id = d.id JOIN source s"
                                    " ON s.id = c.source_id WHERE d.name = ? GROUP BY c.domain_id, c.source_id"));
  std::vector<JudgedSource> out;
  for (const auto& domain : domains) {
    find.bind(1, domain);
    while (true) {
      TRY(const bool has_row, find.step());
      if (!has_row) break;
      out.push_back({std::string(find.text(0)), std::string(find.text(1)), std::string(find.text(2)),
                     std::string(find.text(3)), std::string(find.text(4))});
    }
    find.reset();
  }
  return out;
}

model::Result<std::vector<std::string>> stored_domains(const std::string& path) {
  TRY(auto database, open_to_read(path));
  TRY(auto find, Statement::prepare(database.handle(),
                                    "SELECT name FROM domain d WHERE EXISTS (SELECT 1 FROM report p WHERE"
                                    " p.domain_id = d.id AND p.counted = 1) ORDER BY name"));
  std::vector<std::string> out;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return out;
    out.emplace_back(find.text(0));
  }
}

}  // namespace ruaudit::store
