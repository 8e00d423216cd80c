#include "jobs/mailbox/mail_spool.hpp"

#include "model/fail_point.hpp"

namespace ruaudit::jobs {

using ingest::mailbox::Reception;

Reception MailSpool::begin(std::uint64_t /*octets*/) {
  const ingest::UnpackLimits limits;
  spool_.emplace(limits.heap_bytes, limits.spool_folder);
  return Reception::go_on;
}

Reception MailSpool::chunk(std::string_view octets) {
  RUAUDIT_FAIL_POINT("mailbox.chunk");
  if (!spool_) return Reception::go_on;
  if (auto added = spool_->append(octets); !added) return stop(std::move(added).error());
  return Reception::go_on;
}

Reception MailSpool::end(std::uint32_t number) {
  if (!spool_) return Reception::go_on;
  auto octets = spool_->take();
  spool_.reset();
  if (!octets) return stop(std::move(octets).error());
  MailName name = naming_(number);
  if (name.uid.empty()) return Reception::go_on;  // was not asked for
  if (sink_({.uid = std::move(name.uid), .received = name.received, .octets = std::move(octets)}))
    return Reception::go_on;
  return stop({"mailbox-stopped", "no more mails are wanted", {}});
}

void MailSpool::discard() { spool_.reset(); }

Reception MailSpool::stop(model::Error error) {
  spool_.reset();
  stopped_ = std::move(error);
  return Reception::stop;
}

}  // namespace ruaudit::jobs
