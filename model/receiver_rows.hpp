// Rows of the reports of large receivers, summed up as far as their requirements for senders need it, and rows that
// contradict themselves. Read by the store, judged by `assess`. Days are numbers since 1970-01-01 (UTC).
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "model/facts/sender_facts.hpp"

namespace ruaudit::model {

enum class BigReceiver : std::uint8_t { gmail, yahoo, outlook };

struct ReceiverRow {  // messages of one day, source and outcome
  BigReceiver receiver = BigReceiver::gmail;
  std::string domain{};  // policy domain
  std::string address{};
  std::int64_t pattern_key = 0;            // as in ReceivedFacts
  std::optional<std::uint32_t> pattern{};  // place in SenderFacts; an address may carry mail of several owners
  std::int32_t day = 0;
  ReportTrust trust = ReportTrust::unchecked;
  bool passes_dkim = false, passes_spf = false;  // for any domain
  bool is_aligned = false;                       // DMARC passes
  // False where the receiver does not say it: DNS failed, or the row tells no result. What is not known is not unmet.
  bool knows_dkim = true, knows_spf = true, knows_alignment = true;
  std::int64_t messages = 0;
  bool operator==(const ReceiverRow&) const = default;
};

struct CountedRow {  // messages of a day in rows that contradict themselves, or that name no readable address
  std::string domain{};
  std::int32_t day = 0;
  std::int64_t messages = 0;
  bool operator==(const CountedRow&) const = default;
};

}  // namespace ruaudit::model
