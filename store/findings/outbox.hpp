// Mails and posts that are being sent. A mail is stored here before it is sent and removed with the commit of its
// digest: a server may or may not have accepted what is found here, so it is sent again with the same octets. A post is
// put here with the commit and taken out when it was accepted, and so is a mail for recipients that a server deferred.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/digest.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

enum class OutboxChannel : std::uint8_t { mail, webhook };

struct OutboxItem {
  std::int64_t key = 0;  // of the row; 0: not stored yet
  std::string digest_name{};
  OutboxChannel channel = OutboxChannel::mail;
  std::vector<std::string> targets{};  // recipients, or one URL
  std::string message_id{};
  std::string octets{};   // mail or JSON as it is sent
  std::string content{};  // of a mail: the digest it tells (store/findings/digest_codec.hpp); empty: it is told
  std::string language{};
  std::int64_t made_at = 0;
  int attempts = 0;
};

// Oldest first.
model::Result<std::vector<OutboxItem>> outbox_items(Database& database, const std::string& digest_name);
model::Result<std::int64_t> put_into_outbox(Database& database, const OutboxItem& item);
model::Result<void> take_out_of_outbox(Database& database, std::int64_t key);
model::Result<void> count_attempt(Database& database, std::int64_t key);

// A digest that was delivered, and what goes with it in one transaction.
struct Delivered {
  std::string name{};
  model::Digest digest{};
  std::string message_id{};
  std::string language{};
  std::vector<std::string> refused{};      // recipients that the server refused
  std::optional<std::int64_t> mail_key{};  // row of the outbox that is done with
  std::vector<OutboxItem> later{};         // to be sent after it
};
// The keys of what is sent later.
model::Result<std::vector<std::int64_t>> save_delivered(Database& database, const Delivered& delivered);

struct LastDigest {
  model::Digest digest{};
  std::string message_id{};
  std::string language{};
  std::vector<std::string> refused{};
};
// The last one that was delivered; nothing: there was none.
model::Result<std::optional<LastDigest>> last_digest(Database& database, const std::string& digest_name);

}  // namespace ruaudit::store
