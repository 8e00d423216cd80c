#include "report/page/payload.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "model/sentence.hpp"
#include "report/page/chart.hpp"
#include "report/safe_text.hpp"

namespace ruaudit::report::page {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

ordered_json fate_json(const model::MailFate& fate) {
  if (fate.undecided == 0) return {fate.passed, fate.delivered, fate.quarantined, fate.rejected};
  return {fate.passed, fate.delivered, fate.quarantined, fate.rejected, fate.undecided};
}

// Texts by their place; "" is the first.
class Texts {
 public:
  Texts() { place(""); }
  std::size_t place(const std::string& text) {
    const auto [at, is_new] = places_.try_emplace(text, places_.size());
    if (is_new) list_.push_back(harmless(text));
    return at->second;
  }
  ordered_json take() { return std::move(list_); }

 private:
  std::unordered_map<std::string, std::size_t> places_;
  ordered_json list_ = ordered_json::array();
};

std::string signatures_text(const model::AuthPattern& pattern) {
  std::string text;
  for (const auto& one : pattern.signatures) {
    if (!text.empty()) text += ", ";
    text += std::string(model::to_text(one.result)) + ' ' + one.domain;
    if (!one.selector.empty()) text += " (" + one.selector + ")";
  }
  return text.empty() ? "\xE2\x80\x93" : text;
}

std::string spf_text(const model::AuthPattern& pattern) {
  std::string text;
  for (const auto& one : pattern.spf_results) {
    if (!text.empty()) text += ", ";
    text += std::string(model::to_text(one.result)) + ' ' + one.domain;
    if (one.scope == model::SpfScope::helo) text += " (helo)";
  }
  return text.empty() ? "\xE2\x80\x93" : text;
}

// The senders of a domain and their addresses, a list for each column: what is alike stands together, days and messages
// are told by what they differ from those around them, and what stands elsewhere already is not said again.
class Columns {
 public:
  Columns(std::int32_t first_day, Texts& texts) : first_day_(first_day), texts_(texts) {}

  // Most pages have nothing to say there.
  void add_undecided() { has_undecided_ = true; }
  void add(const model::PageSender& sender, const std::function<std::size_t(std::uint32_t)>& pattern) {
    std::int32_t first = sender.sources.front().first_day, last = sender.sources.front().last_day;
    for (const auto& source : sender.sources) {
      add_source(source);
      for (const auto& way : source.records) sources_["pattern"].push_back(pattern(way.pattern));
      first = std::min(first, source.first_day);
      last = std::max(last, source.last_day);
    }
    const auto& host = sender.sources.front().host;
    senders_["group"].push_back(static_cast<int>(sender.group));
    senders_["name"].push_back(sender.name == host && !host.empty() ? ordered_json(same_as_host)
                                                                    : ordered_json(harmless(sender.name)));
    senders_["before"].push_back(first - sender.first_day);
    senders_["after"].push_back(sender.last_day - last);
    senders_["sources"].push_back(sender.sources.size());
  }

  ordered_json take_senders() { return std::move(senders_); }
  ordered_json take_sources() {
    sources_["hosts"] = std::move(host_list_);
    return std::move(sources_);
  }

 private:
  static constexpr int same_as_host = 1;
  static constexpr std::size_t none = 0, next_host = 1, known_hosts = 2;

  void add_source(const model::PageSource& source) {
    sources_["address"].push_back(harmless(source.address));
    sources_["host"].push_back(host(source.host));
    sources_["network"].push_back(texts_.place(source.network));
    sources_["passed"].push_back(source.fate.passed);
    sources_["delivered"].push_back(source.fate.delivered);
    sources_["quarantined"].push_back(source.fate.quarantined);
    sources_["rejected"].push_back(source.fate.rejected);
    if (has_undecided_) sources_["undecided"].push_back(source.fate.undecided);
    sources_["first"].push_back(source.first_day - first_day_);
    sources_["more"].push_back(source.last_day - source.first_day);
    sources_["left"].push_back(source.left_out);
    sources_["folded"].push_back(source.folded);
    sources_["ways"].push_back(source.records.size());
    std::int64_t rest = source.fate.messages();
    for (const auto& way : source.records) {
      rest -= way.messages;
      sources_["rest"].push_back(rest);
      sources_["after"].push_back(way.first_day - source.first_day);
      sources_["before"].push_back(source.last_day - way.last_day);
      sources_["reporters"].push_back(way.reporters);
    }
  }

  std::size_t host(const std::string& name) {
    if (name.empty()) return none;
    const auto [at, is_new] = hosts_.try_emplace(name, hosts_.size());
    if (!is_new) return known_hosts + at->second;
    host_list_.push_back(harmless(name));
    return next_host;
  }

  std::int32_t first_day_;
  Texts& texts_;
  bool has_undecided_ = false;
  std::unordered_map<std::string, std::size_t> hosts_;
  ordered_json host_list_ = ordered_json::array();
  ordered_json senders_ = ordered_json::object(), sources_ = ordered_json::object();
};

class Payload {
 public:
  Payload(const model::PageFacts& facts, const Words& words) : facts_(facts), words_(words) {}

  std::string json() {
    ordered_json out;
    out["version"] = 1;
    out["first"] = facts_.first_day;
    out["last"] = facts_.last_day;
    ordered_json domains = ordered_json::array();
    for (const auto& domain : facts_.domains) domains.push_back(domain_json(domain));
    out["domains"] = std::move(domains);
    out["patterns"] = std::move(patterns_);
    out["str"] = texts_.take();
    out["words"] = words_json();
    return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  }

 private:
  ordered_json domain_json(const model::PageDomain& domain) {
    ordered_json out;
    out["name"] = harmless(domain.name);
    out["step"] = bar_days(facts_.days());
    out["days"] = ordered_json::array();
    for (const auto& day : domain.days) out["days"].push_back(fate_json(day));
    Columns columns(facts_.first_day, texts_);
    if (domain.fate.undecided > 0) columns.add_undecided();
    for (const auto& sender : domain.senders)
      if (!sender.sources.empty()) columns.add(sender, [this](std::uint32_t place) { return pattern(place); });
    out["senders"] = columns.take_senders();
    out["sources"] = columns.take_sources();
    out["samples"] = ordered_json::array();
    for (const auto& sample : domain.samples)
      out["samples"].push_back(
          ordered_json::array({sample.key, harmless(sample.address), sample.day, harmless(sample.reporter),
                               words_.conclusion(sample.conclusion), sample.confidence, harmless(sample.summary)}));
    return out;
  }

  std::size_t pattern(std::uint32_t place) {
    const auto [at, is_new] = pattern_places_.try_emplace(place, pattern_places_.size());
    if (is_new) {
      const auto& of = facts_.patterns[place];
      patterns_.push_back(ordered_json::array(
          {texts_.place(of.header_from),
           of.envelope_from ? static_cast<std::int64_t>(texts_.place(*of.envelope_from)) : std::int64_t{-1},
           static_cast<int>(of.disposition), of.dkim == model::AlignedResult::pass,
           of.spf == model::AlignedResult::pass, texts_.place(signatures_text(of)), texts_.place(spf_text(of))}));
    }
    return at->second;
  }

  // The plural forms of one text with {} for the number, by the categories of Unicode (CLDR); each language's forms are
  // those of 1, 2 and 5.
  [[nodiscard]] ordered_json forms(model::Sentence sentence) const {
    const auto form = [&](std::int64_t n) {
      sentence.arguments.front() = n;
      std::string text = words_.language().say(sentence);
      const auto digits = std::to_string(n);
      return text.replace(text.find(digits), digits.size(), "{}");
    };
    return {{"one", form(1)}, {"few", form(2)}, {"many", form(5)}, {"other", form(5)}};
  }

  ordered_json words_json() const {
    const auto say = [this](std::string_view text) { return words_.translate(text); };
    ordered_json out;
    out["months"] = words_.months();
    out["day"] = "{0} {1}";
    out["dayYear"] = "{0} {1} {2}";
    const auto thousand = words_.number(1000);
    out["thousands"] = thousand.substr(1, thousand.size() - 4);
    out["point"] = words_.language().translate_in("before decimals", ".");
    out["percent"] = say("{} %");
    out["less"] = say("less than {} %");
    out["more"] = say("more than {} %");
    for (const auto group : {model::SenderGroup::own, model::SenderGroup::service, model::SenderGroup::forwarder,
                             model::SenderGroup::unknown, model::SenderGroup::stranger}) {
      out["groups"].push_back(words_.group(group));
      out["nameless"].push_back(words_.nameless(group));
    }
    for (const auto& one : model::enum_table<model::Disposition>)
      out["dispositions"].push_back(words_.disposition(one.value));
    using model::say_count;
    out["counts"] = {{"messages", forms(say_count("{} message", "{} messages", 1))},
                     {"senderCount", forms(say_count("{} sender", "{} senders", 1))},
                     {"addressCount", forms(say_count("{} address", "{} addresses", 1))},
                     {"folded", forms(say_count("{} more address, folded", "{} more addresses, folded", 1))},
                     {"leftOut", forms(say_count("{} more way in which its mail came is left out of this page",
                                                 "{} more ways in which its mail came are left out of this page", 1))}};
    out["tell"] = say("{0}: {1}; {2} passed, {3} failed but delivered, {4} quarantined, {5} rejected");
    out["undecided"] = say("{} not known to pass or to fail");
    out["told"] = say("{0}, {1}; {2} shown");
    out["showMore"] = say("Show {} more");
    out["copied"] = say("Copied");
    out["selected"] = say("Selected: press Ctrl+C");
    out["addresses"] = say("Addresses");
    out["address"] = say("Address");
    out["messages_"] = say("Messages");
    out["pass"] = say("Pass");
    out["seen"] = say("Seen");
    out["records"] = say("How its mail came");
    out["headerFrom"] = say("From");
    out["envelopeFrom"] = say("Envelope");
    out["disposition"] = say("Outcome");
    out["reporters"] = say("Reporters");
    out["reporter"] = say("Reporter");
    out["aligned"] = say("aligned");
    out["notAligned"] = say("not aligned");
    out["samples"] = say("Failure samples");
    out["day_"] = say("Day");
    out["conclusion"] = say("Conclusion");
    out["summary"] = say("Why");
    return out;
  }

  const model::PageFacts& facts_;
  const Words& words_;
  Texts texts_;
  ordered_json patterns_ = ordered_json::array();
  std::unordered_map<std::uint32_t, std::size_t> pattern_places_;
};

}  // namespace

std::string payload_json(const model::PageFacts& facts, const Words& words) { return Payload(facts, words).json(); }

std::string gzipped(std::string_view text) {
  constexpr int level = 10;
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(level), &libdeflate_free_compressor);
  std::string out(libdeflate_gzip_compress_bound(compressor.get(), text.size()), '\0');
  out.resize(libdeflate_gzip_compress(compressor.get(), text.data(), text.size(), out.data(), out.size()));
  return out;
}

}  // namespace ruaudit::report::page
