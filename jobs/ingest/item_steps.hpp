// The steps of one item on their way to the writer. They are held back until the item has ended, so that an item that
// cannot be read to its end leaves nothing behind; what grows too large to be held goes on behind a checkpoint, and is
// taken back by the writer.
#pragma once
#include "jobs/ingest/work.hpp"

namespace ruaudit::jobs {

inline constexpr std::size_t max_held_octets = std::size_t{512} * 1024;

class ItemSteps final : public StepSink {
 public:
  // The sender must outlive the object.
  explicit ItemSteps(WorkSender& sender) : sender_(sender) {}

  void send(Step step) override;  // EndItem ends the item
  // The current item is treated as if it had never begun.
  void take_back();
  // False for a step that cannot follow those before it: no reader of ours sends it.
  [[nodiscard]] bool may_follow(const Step& step) const;

 private:
  void pass_on();
  WorkSender& sender_;
  Parcel held_;
  std::size_t octets_ = 0;
  bool is_begun_ = false;
  bool is_in_report_ = false;
  bool is_in_tls_ = false;   // and it is a TLS report
  bool is_passing_ = false;  // beyond what is held
};

}  // namespace ruaudit::jobs
