#include "jobs/mailbox/mail_spool.hpp"

#include <fmt/format.h>

#include "model/fail_point.hpp"

namespace ruaudit::jobs {

using ingest::mailbox::Reception;

namespace {

// A server may count the last line's end or not.
constexpr std::uint64_t line_end = 2;

bool is_short(std::uint64_t octets, const MailName& name) {
  if (name.is_last_attempt) return false;
  return octets == 0 || (!name.is_estimate && octets + line_end < name.octets);
}

}  // namespace

Reception MailSpool::begin(std::uint64_t /*octets*/) {
  const ingest::UnpackLimits limits;
  spool_.emplace(limits.heap_bytes, limits.spool_folder);
  spool_error_.reset();
  return Reception::go_on;
}

Reception MailSpool::chunk(std::string_view octets) {
  RUAUDIT_FAIL_POINT("mailbox.chunk");
  if (!spool_) return Reception::go_on;
  if (auto added = spool_->append(octets); !added) {
    spool_error_ = std::move(added).error();
    spool_.reset();  // gives its room back
  }
  return Reception::go_on;
}

Reception MailSpool::end(std::uint32_t number) {
  MailName name = naming_(number);
  const std::uint64_t size = spool_ ? spool_->size() : 0;
  auto octets = spool_ ? spool_->take() : model::failure(spool_error_.value_or(model::Error{"spool", "no octets", {}}));
  spool_.reset();
  if (name.uid.empty()) return Reception::go_on;  // was not asked for
  if (!octets) {
    unusable_.local_error = octets.error();
    unusable_.unspooled.push_back(std::move(name.uid));
    return Reception::go_on;
  }
  if (is_short(size, name)) {
    unusable_.refusal = fmt::format(
        "{} of {} octets of message {} came (where the sizes that a server tells are estimates, "
        "ignored_capabilities = RFC822.SIZE takes its mails as they come)",
        size, name.octets, name.uid);
    unusable_.refused.push_back(std::move(name.uid));
    return Reception::go_on;
  }
  if (sink_({.uid = std::move(name.uid), .received = name.received, .octets = std::move(octets)}))
    return Reception::go_on;
  return stop({"mailbox-stopped", "the receiver of the mails wants no more", {}});
}

void MailSpool::discard() { spool_.reset(); }

void MailSpool::list_unusable(NotArrived& rest) const {
  rest.refused.insert(rest.refused.end(), unusable_.refused.begin(), unusable_.refused.end());
  rest.unspooled.insert(rest.unspooled.end(), unusable_.unspooled.begin(), unusable_.unspooled.end());
  if (rest.refusal.empty()) rest.refusal = unusable_.refusal;
  if (unusable_.local_error) rest.local_error = unusable_.local_error;
}

Reception MailSpool::stop(model::Error error) {
  spool_.reset();
  stopped_ = std::move(error);
  return Reception::stop;
}

}  // namespace ruaudit::jobs
