#include "jobs/ingest/item_steps.hpp"

namespace ruaudit::jobs {

bool ItemSteps::may_follow(const Step& step) const {
  if (std::holds_alternative<BeginItem>(step)) return !is_begun_;
  const bool needs_report = std::holds_alternative<AppendBatch>(step) || std::holds_alternative<EndReport>(step) ||
                            std::holds_alternative<RejectReport>(step);
  const bool is_the_programs = std::holds_alternative<Checkpoint>(step) || std::holds_alternative<DropItem>(step);
  return is_begun_ && needs_report == is_in_report_ && !is_the_programs;
}

void ItemSteps::send(Step step) {
  is_begun_ = true;
  if (std::holds_alternative<BeginReport>(step)) is_in_report_ = true;
  if (std::holds_alternative<EndReport>(step) || std::holds_alternative<RejectReport>(step)) is_in_report_ = false;
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
