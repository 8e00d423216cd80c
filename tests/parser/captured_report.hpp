// Reads a report and keeps all that a sink receives, in order, so that tests can compare two readings.
#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parser/aggregate_text.hpp"

namespace ruaudit::test {

struct CapturedReport {
  std::vector<model::PolicyPublished> policies;
  std::vector<model::Record> records;
  std::vector<model::Defect> defects;
  std::vector<char> order;  // p, r, d
  std::optional<model::AggregateReport> report;
  model::DateRange identity_range;
  std::string error;  // code
  std::string error_message;
  bool operator==(const CapturedReport&) const = default;

  [[nodiscard]] std::size_t count_of(std::string_view code) const {
    return static_cast<std::size_t>(
        std::count_if(defects.begin(), defects.end(), [&](const model::Defect& d) { return d.code == code; }));
  }
  [[nodiscard]] const model::Defect* find(std::string_view code) const {
    const auto it = std::find_if(defects.begin(), defects.end(), [&](const auto& d) { return d.code == code; });
    return it == defects.end() ? nullptr : &*it;
  }
};

class CapturingSink : public model::RecordSink {
 public:
  explicit CapturingSink(CapturedReport& out) : out_(out) {}
  void policy(const model::PolicyPublished& published) override {
    out_.policies.push_back(published);
    out_.order.push_back('p');
  }
  void record(const model::Record& record) override {
    out_.records.push_back(record);
    out_.order.push_back('r');
  }
  void defect(const model::Defect& defect) override {
    out_.defects.push_back(defect);
    out_.order.push_back('d');
  }

 private:
  CapturedReport& out_;
};

struct ReadOptions {
  parser::XmlEngine engine = parser::XmlEngine::automatic;
  std::size_t chunk = 64 * 1024;
  parser::AggregateLimits limits = {};
  std::int64_t latest_date = parser::no_latest_date;
};

// Every report that text holds.
inline std::vector<CapturedReport> read_reports(std::string_view text, const ReadOptions& options = {}) {
  std::vector<CapturedReport> all(1);
  struct Forward : model::RecordSink {
    explicit Forward(std::vector<CapturedReport>& reports) : all(reports) {}
    void policy(const model::PolicyPublished& published) override { CapturingSink(all.back()).policy(published); }
    void record(const model::Record& record) override { CapturingSink(all.back()).record(record); }
    void defect(const model::Defect& defect) override { CapturingSink(all.back()).defect(defect); }
    std::vector<CapturedReport>& all;
  } sink(all);
  parser::AggregateText parser(sink, options.limits, options.latest_date, options.engine);
  const auto end_document = [&] {
    if (auto report = parser.finish()) {
      all.back().report = *report;
      all.back().identity_range = parser.identity_range();
    } else {
      all.back().error = report.error().code;
      all.back().error_message = report.error().message;
    }
  };
  const auto next_documents = [&] {
    while (parser.has_next_document()) {
      end_document();
      all.emplace_back();
      if (!parser.next_document()) return;
    }
  };
  for (std::size_t at = 0; at < text.size(); at += options.chunk) {
    if (auto fed = parser.feed(text.substr(at, options.chunk)); !fed) break;
    next_documents();
  }
  end_document();
  while (parser.has_next_document()) {
    all.emplace_back();
    if (!parser.next_document()) break;
    end_document();
  }
  return all;
}

// The first report of text.
inline CapturedReport read_report(std::string_view text, const ReadOptions& options = {}) {
  return read_reports(text, options).front();
}

}  // namespace ruaudit::test
