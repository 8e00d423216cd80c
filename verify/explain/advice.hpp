// What an administrator should know first about a mail: whether it passes DMARC, why, and the one change that would
// fix it, in the words that bounces use (RFC 7372: 5.7.20 to 5.7.26). An evaluation enters, sentences leave; they hold
// text of the mail and of DNS as it arrived, which the caller makes safe for its terminal. Pure.
#pragma once
#include <string>
#include <vector>

#include "verify/evaluate/evaluate.hpp"

namespace ruaudit::verify::explain {

struct Advice {
  std::string verdict{};           // one sentence
  std::vector<std::string> why{};  // one sentence for each mechanism that did not help, or that did
  std::string remedy{};            // empty where nothing has to be fixed
  std::string bounce{};            // how receivers that refuse the mail word it; empty when it passes
};

// `checks`: what was asked for.
[[nodiscard]] Advice advise(const evaluate::MessageEvaluation& done, const evaluate::Checks& checks = {});

// Why there is no result of SPF, as the end of a sentence.
[[nodiscard]] std::string why_no_spf(const evaluate::MessageEvaluation& done);

// The change that would let this signature pass; empty when it passes.
[[nodiscard]] std::string remedy_signature(const dkim::SignatureResult& signature);
// The change that would let SPF pass for this client; empty when it passes.
[[nodiscard]] std::string remedy_spf(const spf::CheckResult& check, const std::optional<model::IpAddress>& client);

}  // namespace ruaudit::verify::explain
