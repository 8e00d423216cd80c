#include "jobs/ingest/item_steps.hpp"

namespace ruaudit::jobs {

namespace {

enum class Needs : std::uint8_t { no_report, aggregate, tls, any_report };

Needs needs_of(const Step& step) {
  if (std::holds_alternative<AppendBatch>(step) || std::holds_alternative<EndReport>(step)) return Needs::aggregate;
  if (std::holds_alternative<AppendTls>(step) || std::holds_alternative<EndTls>(step)) return Needs::tls;
  return std::holds_alternative<RejectReport>(step) ? Needs::any_report : Needs::no_report;
}

bool ends_report(const Step& step) {
  return std::holds_alternative<EndReport>(step) || std::holds_alternative<EndTls>(step) ||
         std::holds_alternative<RejectReport>(step);
}

}  // namespace

bool ItemSteps::may_follow(const Step& step) const {
  if (std::holds_alternative<BeginItem>(step)) return !is_begun_;
  const bool is_the_programs = std::holds_alternative<Checkpoint>(step) || std::holds_alternative<DropItem>(step);
  if (!is_begun_ || is_the_programs) return false;
  const Needs needs = needs_of(step);
  if (needs == Needs::no_report || !is_in_report_) return needs == Needs::no_report && !is_in_report_;
  return needs == Needs::any_report || (needs == Needs::tls) == is_in_tls_;
}

void ItemSteps::send(Step step) {
  is_begun_ = true;
  if (const auto* begin = std::get_if<BeginReport>(&step)) {
    is_in_report_ = true;
    is_in_tls_ = begin->part.kind == store::PartKind::tls;
  }
  if (ends_report(step)) is_in_report_ = false;
  const bool is_end = std::holds_alternative<EndItem>(step);
  octets_ += cost_of(step);
  held_.push_back(std::move(step));
  if (!is_end && octets_ > max_held_octets && !is_passing_) {
    sender_.send(Checkpoint{});
    is_passing_ = true;
  }
  if (is_end || is_passing_) pass_on();
  if (is_end) is_begun_ = is_passing_ = false;
}

void ItemSteps::pass_on() {
  for (Step& step : held_) sender_.send(std::move(step));
  held_.clear();
  octets_ = 0;
}

void ItemSteps::take_back() {
  if (is_passing_) sender_.send(DropItem{});
  held_.clear();
  octets_ = 0;
  is_begun_ = is_in_report_ = is_passing_ = false;
}

}  // namespace ruaudit::jobs
