#include "assess/overview/receivers.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>

namespace ruaudit::assess {
namespace {

using model::BigReceiver;
using model::ReceiverRow;

struct ReceiverCodes {
  BigReceiver receiver;
  std::string_view name, neither, spf, dkim, aligned, record;
};
// Gmail has a code for each; 4.7.x while it defers, 5.7.x when it refuses. Yahoo names classes only, Outlook.com has
// one.
constexpr ReceiverCodes codes_of_receivers[] = {
    {BigReceiver::gmail, "Gmail", "4.7.26/5.7.26", "4.7.27/5.7.27", "4.7.30/5.7.30", "4.7.32/5.7.32", "4.7.40/5.7.40"},
    {BigReceiver::yahoo, "Yahoo", "421, 451, 553 or 554", "421, 451, 553 or 554", "421, 451, 553 or 554",
     "421, 451, 553 or 554", "421, 451, 553 or 554"},
    {BigReceiver::outlook, "Outlook.com", "550 5.7.515", "550 5.7.515", "550 5.7.515", "550 5.7.515", "550 5.7.515"}};

struct Count {
  std::int64_t known = 0, met = 0;
  void add(std::int64_t messages, bool is_known, bool is_met) {
    known += is_known ? messages : 0;
    met += is_known && is_met ? messages : 0;
  }
};

struct Met {
  std::int64_t messages = 0;
  Count any, spf, dkim, aligned;
  std::map<std::int32_t, std::int64_t> days;
};

Met met_of(std::span<const ReceiverRow* const> rows, BigReceiver receiver) {
  Met met;
  for (const auto* row : rows) {
    if (row->receiver != receiver) continue;
    met.messages += row->messages;
    const bool has_any = row->passes_spf || row->passes_dkim;
    met.any.add(row->messages, has_any || (row->knows_spf && row->knows_dkim), has_any);
    met.spf.add(row->messages, row->knows_spf, row->passes_spf);
    met.dkim.add(row->messages, row->knows_dkim, row->passes_dkim);
    met.aligned.add(row->messages, row->knows_alignment, row->is_aligned);
    met.days[row->day] += row->messages;
  }
  return met;
}

void find_peak(model::ReceiverShare& share, const Met& met) {
  for (const auto& [day, messages] : met.days) {
    if (messages <= share.peak) continue;
    share.peak = messages;
    share.peak_day = day;
  }
  share.is_bulk = share.peak * 100 >= bulk_messages * near_percent;
}

}  // namespace

std::vector<model::ReceiverShare> receiver_shares(std::span<const ReceiverRow* const> rows,
                                                  const model::PolicyState& policy) {
  std::vector<model::ReceiverShare> shares;
  for (const auto& codes : codes_of_receivers) {
    const Met met = met_of(rows, codes.receiver);
    if (met.messages == 0) continue;
    model::ReceiverShare share{.receiver = std::string(codes.name), .messages = met.messages};
    find_peak(share, met);
    const auto demand = [&](const char* what, const Count& count, std::string_view code) {
      share.demands.push_back({what, count.known, count.met, {std::string(code)}});
    };
    demand("SPF or DKIM passes", met.any, codes.neither);
    demand("SPF passes", met.spf, codes.spf);
    demand("DKIM passes", met.dkim, codes.dkim);
    demand("From is aligned", met.aligned, codes.aligned);
    const bool is_record_known = policy.p || policy.is_missing || !policy.is_usable;
    demand("DMARC record", {is_record_known ? met.messages : 0, policy.p ? met.messages : 0}, codes.record);
    shares.push_back(std::move(share));
  }
  return shares;
}

}  // namespace ruaudit::assess
