// Inside of check_host(): one evaluation with its counters. An Identity and a Resolver enter, an Outcome leaves; used
// by check_host.cpp only. The mechanisms are in mechanisms.cpp, the records and their order in evaluator.cpp. Recursion
// is that of include and redirect, at most Limits::terms deep.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verify/spf/check_host.hpp"

namespace ruaudit::verify::spf {

struct Identity {  // what check_host() takes beside the domain (RFC 7208 section 4.1), and the macros use; A-labels
  std::string sender{};
  std::string local_part{};
  std::string sender_domain{};
  std::string helo{};
  bool has_ascii_local_part = true;  // RFC 8616 section 4
};

using ParsedRecordPtr = std::shared_ptr<const ParsedRecord>;

struct Outcome {
  model::SpfResult result = model::SpfResult::none;
  PolicySource policy = PolicySource::published;
  std::optional<Decision> decided_by{};
  std::vector<Step> path{};
  std::optional<ProblemReport> problem{};
  std::string record{};            // the text evaluated for the domain asked
  ParsedRecordPtr explainer{};     // on fail: the record whose exp counts
  std::string explainer_domain{};  // and its <domain>
};

class Evaluator {
 public:
  Evaluator(const Session& session, const Identity& identity, dns::Resolver& resolver, const Options& options);

  // Where a record is reached from decides what it may do.
  enum class Entry { initial, redirect, include };

  // RFC 7208 section 4.
  Outcome check_host(const std::string& domain, Entry entry);
  // Section 4.6, of a record from elsewhere (best guess).
  Outcome evaluate(const std::string& domain, const ParsedRecordPtr& parsed, Entry entry);
  // Section 6.2. Nothing: use the standard text.
  std::optional<std::string> explanation(const Outcome& fail);

  [[nodiscard]] Lookups& lookups() { return lookups_; }
  [[nodiscard]] std::vector<std::string>& notes() { return notes_; }
  void reset_limits() { lookups_.terms = lookups_.voids = 0; }

 private:
  struct Place {  // the term under evaluation
    const std::string& domain;
    const std::string& term;
  };
  struct Match {
    bool is_match = false;
    std::optional<Outcome> inner{};  // an error, or the record behind an include that matched
    bool is_error = false;
  };
  enum class Counting { counted, not_counted };  // against the limit of void lookups

  ParsedRecordPtr parse(const std::string& text);
  std::optional<Outcome> directives(const std::string& domain, const ParsedRecordPtr& parsed, Entry entry);
  Outcome decide(const Directive& directive, const std::string& domain, Match match, const ParsedRecordPtr& parsed);
  std::optional<Outcome> local_policy(const std::string& domain);
  Outcome redirect(const std::string& domain, const Modifier& modifier, Entry entry);

  Match match(const Directive& directive, const std::string& domain);
  Match match_counted(const Directive& directive, const Place& place);
  Match match_include(const std::string& target, const Place& place);
  Match match_a(const Directive& directive, const std::string& target, const Place& place);
  Match match_mx(const Directive& directive, const std::string& target, const Place& place);
  Match match_ptr(const std::string& target, const Place& place);
  Match match_exists(const std::string& target, const Place& place);
  [[nodiscard]] bool contains(const Directive& directive, const model::IpAddress& network) const;

  std::optional<Outcome> count_term(const Place& place);
  [[nodiscard]] std::optional<Outcome> void_limit(const Place& place) const;
  std::string expand(const MacroString& text, const Place& place) {
    return expand_name(text, scope(place, Counting::counted));
  }
  [[nodiscard]] bool never_matches(const MacroString& text) const;
  MacroScope scope(const Place& place, Counting counting);

  dns::Answer ask(const std::string& name, dns::RecordType type, const Place& place, Counting counting);
  void note_use(const dns::Answer& answer, const Place& place, Counting counting);
  [[nodiscard]] dns::RecordType address_type() const;
  std::vector<std::string> validated_names(const Place& place, Counting counting);
  std::string validated_name(const Place& place, Counting counting);

  static Outcome error(model::SpfResult result, Problem problem, const Place& place, std::string text);
  static Outcome dns_error(const dns::Answer& answer, const Place& place);

  const Session& session_;
  const Identity& identity_;
  dns::Resolver& resolver_;
  const Options& options_;
  Lookups lookups_;
  std::vector<std::string> notes_;
  std::optional<std::vector<std::string>> macro_names_;  // of %{p}: the client's names do not change
  std::int64_t started_;
};

}  // namespace ruaudit::verify::spf
