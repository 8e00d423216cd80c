// How untrusted mails are judged: in processes without rights (jobs/confined/pool.hpp), or here if confinement is off.
// DNS is asked here in both cases. For several threads at once.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "jobs/confined/pool.hpp"
#include "verify/dns/resolver.hpp"

namespace ruaudit::jobs {

struct Judging {
  Confinement confinement = Confinement::required;
  std::string suffix_list_file{};  // that the processes read; empty: the system's
  // What happened to one item, or that confinement cannot be had although it is preferred. Called by one thread at a
  // time.
  std::function<void(const model::Error&)> warning{};
};

enum class JudgeWork : std::uint8_t { batch, samples, carriers };

// Processes that do one kind of work.
class JudgePool {
 public:
  // `options` are those of the work (judge_wire.hpp).
  JudgePool(const Judging& judging, JudgeWork work, const std::string& options);

  // False: the work is to be done here.
  [[nodiscard]] bool is_confined() const { return pool_.has_value(); }
  // To be called by a thread that lives as long as the object, before others call work_off(). Errors are those that
  // every item would meet.
  model::Result<void> prepare() { return pool_ ? pool_->prepare() : model::Result<void>(); }
  // What the work makes of an item. `resolver` may be null: nothing is asked. Questions of other kinds than DNS go to
  // `other`. Errors are those of ReaderPool::work_off().
  model::Result<std::string> work_off(std::string item, verify::dns::Resolver* resolver,
                                      const ReaderPool::Answer& other = {});
  // The same of a bunch (ReaderPool::work_off_all()).
  void work_off_all(std::span<const ingest::Bytes> items, verify::dns::Resolver* resolver,
                    const ReaderPool::Answer& other, const ReaderPool::Done& done);
  // Of an answer that does not hold together.
  [[nodiscard]] static model::Error senseless();

 private:
  std::optional<ReaderPool> pool_;
  std::mutex mutex_;
};

// An error of this item alone; any other would be met again with every further one.
[[nodiscard]] inline bool is_of_one_item(const model::Error& error) { return error.code == "reader-died"; }

// What the program does when it is started to judge. Never returns.
[[noreturn]] void run_judge();

}  // namespace ruaudit::jobs
