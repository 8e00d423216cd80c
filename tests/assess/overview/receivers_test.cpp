#include <catch2/catch.hpp>

#include "assess/overview/receivers.hpp"

using namespace ruaudit;
using namespace ruaudit::assess;
using model::BigReceiver;

namespace {

std::vector<model::ReceiverShare> shares(const std::vector<model::ReceiverRow>& rows, std::optional<model::Policy> p) {
  std::vector<const model::ReceiverRow*> places;
  for (const auto& row : rows) places.push_back(&row);
  return receiver_shares(places, {.is_missing = !p, .p = p});
}

const model::ReceiverDemand& demand(const model::ReceiverShare& share, std::string_view what) {
  for (const auto& one : share.demands)
    if (one.what == what) return one;
  throw std::runtime_error("no such demand");
}

}  // namespace

TEST_CASE("each demand is met by the messages that meet it, and names the code of its bounce") {
  const auto found = shares({{.receiver = BigReceiver::gmail,
                              .day = 1,
                              .passes_dkim = true,
                              .passes_spf = true,
                              .is_aligned = true,
                              .messages = 60},
                             {.receiver = BigReceiver::gmail, .day = 1, .passes_spf = true, .messages = 30},
                             {.receiver = BigReceiver::gmail, .day = 2, .messages = 10}},
                            model::Policy::none);
  REQUIRE(found.size() == 1);
  CHECK(found[0].receiver == "Gmail");
  CHECK(found[0].messages == 100);
  CHECK(found[0].peak == 90);
  CHECK(found[0].peak_day == 1);
  CHECK_FALSE(found[0].is_bulk);
  struct Case {
    const char* what;
    std::int64_t met;
    const char* code;
  };
  for (const auto& [what, met, code] :
       {Case{"SPF or DKIM passes", 90, "4.7.26/5.7.26"}, Case{"SPF passes", 90, "4.7.27/5.7.27"},
        Case{"DKIM passes", 60, "4.7.30/5.7.30"}, Case{"From is aligned", 60, "4.7.32/5.7.32"},
        Case{"DMARC record", 100, "4.7.40/5.7.40"}}) {
    CAPTURE(what);
    CHECK(demand(found[0], what).met == met);
    CHECK(demand(found[0], what).codes.front() == code);
  }
}

TEST_CASE("without a DMARC record no message meets that demand; Outlook.com has one code for all") {
  const auto found = shares({{.receiver = BigReceiver::outlook, .day = 1, .messages = 5}}, std::nullopt);
  REQUIRE(found.size() == 1);
  CHECK(demand(found[0], "DMARC record").met == 0);
  for (const auto& one : found[0].demands) CHECK(one.codes.front() == "550 5.7.515");
}

TEST_CASE("what a receiver does not tell is neither met nor unmet") {
  const auto found = shares(
      {{.receiver = BigReceiver::gmail, .passes_dkim = true, .is_aligned = true, .knows_spf = false, .messages = 40},
       {.receiver = BigReceiver::gmail, .knows_dkim = false, .knows_alignment = false, .messages = 30},
       {.receiver = BigReceiver::gmail, .messages = 20}},
      model::Policy::none);
  struct Case {
    const char* what;
    std::int64_t known, met;
  };
  for (const auto& [what, known, met] : {Case{"SPF or DKIM passes", 60, 40}, Case{"SPF passes", 50, 0},
                                         Case{"DKIM passes", 60, 40}, Case{"From is aligned", 60, 40}}) {
    CAPTURE(what);
    CHECK(demand(found.at(0), what).messages == known);
    CHECK(demand(found.at(0), what).met == met);
  }
  const std::vector<model::ReceiverRow> rows{{.receiver = BigReceiver::gmail, .messages = 5}};
  const std::vector<const model::ReceiverRow*> places{rows.data()};
  CHECK(demand(receiver_shares(places, {}).at(0), "DMARC record").messages == 0);
}

TEST_CASE("near the limit counts as bulk, since not all mail is reported") {
  for (const auto& [peak, is_bulk] : {std::pair{3'999, false}, std::pair{4'000, true}, std::pair{10'000'000, true}}) {
    const auto found = shares({{.receiver = BigReceiver::yahoo, .day = 1, .messages = peak}}, model::Policy::none);
    CAPTURE(peak);
    CHECK(found.at(0).is_bulk == is_bulk);
  }
}

TEST_CASE("a receiver without rows of the owner is not told") { CHECK(shares({}, model::Policy::none).empty()); }
