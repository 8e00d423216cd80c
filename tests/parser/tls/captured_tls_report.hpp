// A TLS report as the parser delivers it, kept whole for tests.
#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parser/tls/report_parser.hpp"

namespace ruaudit::test {

struct CapturedTlsReport {
  std::vector<model::TlsPolicy> policies;
  std::vector<model::TlsFailure> failures;
  std::vector<model::Defect> defects;
  std::optional<model::TlsReport> report;
  std::string error;  // its code

  [[nodiscard]] std::string codes() const {
    std::string text;
    for (const auto& one : defects) text += (text.empty() ? "" : " ") + one.code;
    return text;
  }
};

class CapturingTlsSink final : public model::TlsSink {
 public:
  explicit CapturingTlsSink(CapturedTlsReport& into) : into_(into) {}
  bool policy(const model::TlsPolicy& one) override {
    into_.policies.push_back(one);
    return true;
  }
  bool failure(const model::TlsFailure& one) override {
    into_.failures.push_back(one);
    return true;
  }
  void defect(const model::Defect& one) override { into_.defects.push_back(one); }

 private:
  CapturedTlsReport& into_;
};

// The text, which must stay, handed over in pieces of `chunk` octets.
inline parser::tls::JsonText json_in_pieces(std::string_view text, std::size_t chunk, std::size_t max_token = 1000) {
  return {[text, chunk, at = std::size_t{0}]() mutable {
            const auto piece = text.substr(std::min(at, text.size()), chunk);
            at += piece.size();
            return piece;
          },
          max_token};
}

// Reads the first report of the text, handed over in pieces of `chunk` octets.
inline void read_tls_report(std::string_view text, std::size_t chunk, CapturedTlsReport& into,
                            const parser::tls::TlsLimits& limits = {}, const parser::ReportHints& hints = {}) {
  auto json = json_in_pieces(text, chunk, limits.token_octets);
  if (!json.find_text()) {
    into.error = "empty";
    return;
  }
  CapturingTlsSink sink(into);
  auto report = parser::tls::parse_tls_report(json, limits, hints, sink);
  if (report)
    into.report = std::move(*report);
  else
    into.error = report.error().code;
}

}  // namespace ruaudit::test
