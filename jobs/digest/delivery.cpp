#include "jobs/digest/delivery.hpp"

#include <fmt/format.h>

#include "config/validate.hpp"
#include "jobs/digest/smtp.hpp"
#include "jobs/process/new_file.hpp"
#include "model/fail_point.hpp"
#include "report/digest/digest_text.hpp"
#include "store/care/ingest_lock.hpp"
#include "store/facts/streams.hpp"
#include "store/findings/digest_codec.hpp"
#include "store/findings/outbox.hpp"

namespace ruaudit::jobs {
namespace {

using model::Digest;
using store::OutboxChannel;
using store::OutboxItem;

constexpr int most_attempts = 30;  // of a post, one or more a night

model::Result<void> write_json(const DigestRun& run, const Digest& digest) {
  if (run.json_file.empty()) return {};
  return replace_file(run.json_file, report::digest_json(digest));
}

model::Result<void> print(const Digest& digest, const DigestRun& run, const Rendering& how, Console& console) {
  if (run.format.empty()) return {};
  console.out << rendered(digest, run.format, how) << std::flush;
  if (console.out) return {};
  return model::failure("digest-output", "the digest could not be written", "nothing was recorded; run it again");
}

Envelope envelope_of(const config::OutgoingMail& mail, const std::vector<std::string>& to) {
  Envelope envelope{config::bare_address(mail.from).value_or(mail.from), {}};
  for (const auto& address : to) envelope.to.push_back(config::bare_address(address).value_or(address));
  return envelope;
}

// No exit code reports it: the run continues.
void warn(Console& console, model::Error error) { print_error(console, error); }

void warn_of_missed(const Acceptance& acceptance, const std::string& then, Console& console) {
  for (const auto& answer : acceptance.refused)
    warn(console, {"mail-refused", "the digest did not reach " + answer, "the others received it; correct 'to'"});
  for (const auto& [address, answer] : acceptance.deferred)
    warn(console, {"mail-deferred", fmt::format("the digest has not reached {} yet: {}", address, answer), then});
}

constexpr const char* sent_later = "the next run sends it there, with the same Message-ID";

// The same mail for those who have not got it yet. Its news are kept as told: it carries no digest.
OutboxItem waiting_mail(const OutboxItem& mail, const std::vector<Deferral>& deferred) {
  OutboxItem item = mail;
  item.targets.clear();
  for (const auto& each : deferred) item.targets.push_back(each.address);
  item.content.clear();
  return item;
}

class Teller {
 public:
  Teller(store::Database& database, const DigestRun& run, Console& console)
      : database_(database), run_(run), console_(console) {}

  model::Result<Digest> tell() {
    TRY(const auto pending, store::outbox_items(database_, run_.name));
    TRY(auto resent, resend(pending));
    TRY(auto digest, make());
    if (resent && !report::has_news(digest)) return std::move(*resent);
    TRY_VOID(deliver(digest));
    return digest;
  }

  model::Result<Digest> show(std::int64_t since) {
    TRY(auto digest, make(since));
    TRY_VOID(write_json(run_, digest));
    TRY_VOID(print(digest, run_, {run_.language, run_.readers, message_id_of(digest, run_.readers)}, console_));
    return digest;
  }

 private:
  model::Result<Digest> make(std::optional<std::int64_t> since = {}) {
    TRY(const auto lock, store::IngestLock::acquire(run_.lock_path, run_.patience));
    TRY_VOID(store::refresh_streams(database_));
    RUAUDIT_FAIL_POINT("digest.facts");
    TRY(auto made, make_digest(database_, run_.request, run_.name, since));
    if (run_.complete) TRY_VOID(run_.complete(database_, made));
    RUAUDIT_FAIL_POINT("digest.compare");
    return std::move(made.digest);
  }

  // What an earlier run left: a mail that may have been accepted goes out again as it was; posts follow.
  model::Result<std::optional<Digest>> resend(const std::vector<OutboxItem>& pending) {
    std::optional<Digest> told;
    for (const OutboxItem& item : pending) {
      if (item.channel == OutboxChannel::webhook) {
        TRY_VOID(post_item(item));
        continue;
      }
      if (item.content.empty() && run_.mail != nullptr) {
        TRY_VOID(send_waiting(item));
        continue;
      }
      TRY(told, resend_mail(item));
    }
    return told;
  }

  // A failure here does not affect today's digest.
  model::Result<void> send_waiting(const OutboxItem& item) {
    const auto acceptance = send_mail(*run_.mail, envelope_of(*run_.mail, item.targets), item.octets);
    if (acceptance) {
      warn_of_missed(*acceptance, sent_later, console_);
      if (!acceptance->deferred.empty())
        TRY_VOID(store::put_into_outbox(database_, waiting_mail(item, acceptance->deferred)));
      return store::take_out_of_outbox(database_, item.key);
    }
    warn(console_, acceptance.error());
    if (acceptance.error().code == "mail-refused" || item.attempts + 1 >= most_attempts)
      return store::take_out_of_outbox(database_, item.key);
    return store::count_attempt(database_, item.key);
  }

  model::Result<std::optional<Digest>> resend_mail(const OutboxItem& item) {
    if (run_.mail == nullptr || item.targets.empty()) {  // no recipient is left: its news are reported again
      TRY_VOID(store::take_out_of_outbox(database_, item.key));
      return std::optional<Digest>{};
    }
    TRY(auto digest, store::decode_digest(item.content));
    const auto acceptance = send_mail(*run_.mail, envelope_of(*run_.mail, item.targets), item.octets);
    if (!acceptance && acceptance.error().code == "mail-refused") {
      TRY_VOID(store::take_out_of_outbox(database_, item.key));
      return std::optional<Digest>{};
    }
    if (!acceptance) return model::failure(acceptance.error());
    store::Delivered delivered{
        .name = run_.name, .digest = digest, .message_id = item.message_id, .language = item.language};
    note_accepted(item, *acceptance, item.key, delivered);
    TRY_VOID(write_json(run_, digest));
    TRY_VOID(keep(std::move(delivered)));
    return std::optional<Digest>(std::move(digest));
  }

  model::Result<void> deliver(const Digest& digest) {
    const Rendering how{run_.language, run_.readers, message_id_of(digest, run_.readers)};
    TRY_VOID(write_json(run_, digest));
    store::Delivered delivered{.name = run_.name,
                               .digest = digest,
                               .message_id = how.message_id,
                               .language = std::string(run_.language.code())};
    RUAUDIT_FAIL_POINT("digest.compose");
    if (!run_.is_quiet_if_empty || report::has_news(digest) || !digest.strangers.empty()) {
      TRY_VOID(print(digest, run_, how, console_));
      TRY_VOID(mail(digest, how, delivered));
    }
    RUAUDIT_FAIL_POINT("digest.state");
    return keep(std::move(delivered));
  }

  model::Result<void> mail(const Digest& digest, const Rendering& how, store::Delivered& delivered) {
    if (run_.readers.to.empty() || run_.mail == nullptr) return {};
    const OutboxItem item{.digest_name = run_.name,
                          .channel = OutboxChannel::mail,
                          .targets = run_.readers.to,
                          .message_id = how.message_id,
                          .octets = rendered(digest, "mail", how),
                          .content = store::encode_digest(digest),
                          .language = std::string(run_.language.code()),
                          .made_at = digest.made_at};
    TRY(const auto key, store::put_into_outbox(database_, item));
    RUAUDIT_FAIL_POINT("digest.send");
    const auto acceptance = send_mail(*run_.mail, envelope_of(*run_.mail, item.targets), item.octets);
    RUAUDIT_FAIL_POINT("digest.sent");
    if (!acceptance) {
      if (acceptance.error().code != "mail-unknown") TRY_VOID(store::take_out_of_outbox(database_, key));
      return model::failure(acceptance.error());
    }
    note_accepted(item, *acceptance, key, delivered);
    return {};
  }

  void note_accepted(const OutboxItem& item, const Acceptance& acceptance, std::int64_t key,
                     store::Delivered& delivered) {
    warn_of_missed(acceptance, sent_later, console_);
    delivered.refused = acceptance.refused;
    delivered.mail_key = key;
    if (!acceptance.deferred.empty()) delivered.later.push_back(waiting_mail(item, acceptance.deferred));
  }

  model::Result<void> keep(store::Delivered delivered) {
    if (run_.webhook && report::has_news(delivered.digest))
      delivered.later.push_back({.digest_name = run_.name,
                                 .channel = OutboxChannel::webhook,
                                 .targets = {run_.webhook->url},
                                 .message_id = delivered.message_id,
                                 .octets = report::digest_json(delivered.digest),
                                 .language = delivered.language,
                                 .made_at = delivered.digest.made_at});
    TRY(const auto keys, store::save_delivered(database_, delivered));
    RUAUDIT_FAIL_POINT("digest.post");
    for (std::size_t i = 0; i < keys.size(); ++i) {
      delivered.later[i].key = keys[i];
      if (delivered.later[i].channel == OutboxChannel::webhook) TRY_VOID(post_item(delivered.later[i]));
    }
    return {};
  }

  // A failing webhook does not affect the digest: the post waits for the next run.
  model::Result<void> post_item(const OutboxItem& item) {
    if (!run_.webhook || item.attempts >= most_attempts) {
      warn(console_, {"webhook-refused", "a post of the digest was given up", "see the webhook's own log"});
      return store::take_out_of_outbox(database_, item.key);
    }
    const auto done = post(*run_.webhook, item.message_id, item.octets);
    if (done) return store::take_out_of_outbox(database_, item.key);
    warn(console_, done.error());
    return store::count_attempt(database_, item.key);
  }

  store::Database& database_;
  const DigestRun& run_;
  Console& console_;
};

}  // namespace

model::Result<Digest> tell_digest(store::Database& database, const DigestRun& run, Console& console) {
  // Two digests at once would tell the same news twice.
  TRY(const auto lock, store::IngestLock::acquire(run.lock_path + ".digest", run.patience));
  return Teller(database, run, console).tell();
}

model::Result<Digest> show_digest_since(store::Database& database, const DigestRun& run, std::int64_t since,
                                        Console& console) {
  return Teller(database, run, console).show(since);
}

model::Result<Digest> repeat_digest(store::Database& database, const DigestRun& run, Console& console) {
  TRY(auto last, store::last_digest(database, run.name));
  if (!last)
    return model::failure("no-digest", "no digest has been delivered yet",
                          "without --repeat, ruaudit digest makes one");
  TRY(const auto language, report::Language::open(last->language, run.catalogue_folders));
  const Rendering how{language, run.readers, last->message_id};
  TRY_VOID(write_json(run, last->digest));
  TRY_VOID(print(last->digest, run, how, console));
  if (!run.readers.to.empty() && run.mail != nullptr) {
    TRY(const auto acceptance,
        send_mail(*run.mail, envelope_of(*run.mail, run.readers.to), rendered(last->digest, "mail", how)));
    warn_of_missed(acceptance, "run it again later", console);
  }
  return std::move(last->digest);
}

}  // namespace ruaudit::jobs
