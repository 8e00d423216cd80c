#include "store/findings/outbox.hpp"

#include <nlohmann/json.hpp>

#include "model/calendar.hpp"
#include "store/findings/digest_codec.hpp"
#include "store/findings/told.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {
namespace {

std::string list_text(const std::vector<std::string>& list) {
  return nlohmann::json(list).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<std::string> list_of(std::string_view text) {
  const auto parsed = nlohmann::json::parse(text, nullptr, false);
  std::vector<std::string> out;
  if (!parsed.is_array()) return out;
  for (const auto& entry : parsed)
    if (entry.is_string()) out.push_back(entry.get<std::string>());
  return out;
}

std::string day_of(std::int32_t day) {
  return model::day_text(static_cast<std::int64_t>(day) * model::seconds_per_day);
}

std::string_view word_of(OutboxChannel channel) { return channel == OutboxChannel::mail ? "mail" : "webhook"; }

model::Result<std::int64_t> insert_item(sqlite3* db, const OutboxItem& item) {
  TRY(auto insert,
      Statement::prepare(db,
                         "INSERT INTO digest_outbox (digest_name, channel, targets, message_id, octets, content,"
                         " language, made_at, attempts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)"));
  const std::string targets = list_text(item.targets);
  insert.bind(1, item.digest_name).bind(2, word_of(item.channel)).bind(3, targets).bind(4, item.message_id);
  insert.bind(5, item.octets).bind(6, item.content).bind(7, item.language).bind(8, item.made_at);
  TRY_VOID(insert.run());
  return static_cast<std::int64_t>(sqlite3_last_insert_rowid(db));
}

Status remove_item(sqlite3* db, std::int64_t key) {
  TRY(auto remove, Statement::prepare(db, "DELETE FROM digest_outbox WHERE id = ?1"));
  return remove.bind(1, key).run();
}

Status insert_digest(sqlite3* db, const Delivered& delivered) {
  // Only the last one of a name can be shown again.
  TRY(auto forget, Statement::prepare(db, "UPDATE digest SET content = NULL WHERE name = ?1 AND content IS NOT NULL"));
  TRY_VOID(forget.bind(1, delivered.name).run());
  TRY(auto insert,
      Statement::prepare(db,
                         "INSERT INTO digest (name, made_at, first_day, last_day, reports, messages, message_id,"
                         " language, refused, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"));
  const auto& digest = delivered.digest;
  const std::string first = day_of(digest.first_day), last = day_of(digest.last_day);
  const std::string refused = list_text(delivered.refused), content = encode_digest(digest);
  insert.bind(1, delivered.name).bind(2, digest.made_at).bind(3, first).bind(4, last);
  insert.bind(5, digest.health.reports).bind(6, digest.health.messages).bind(7, delivered.message_id);
  insert.bind(8, delivered.language).bind(9, refused).bind(10, content);
  return insert.run();
}

}  // namespace

model::Result<std::vector<OutboxItem>> outbox_items(Database& database, const std::string& digest_name) {
  TRY(auto find, Statement::prepare(database.handle(),
                                    "SELECT id, digest_name, channel, targets, message_id, octets, content, language,"
                                    " made_at, attempts FROM digest_outbox WHERE digest_name = ?1 ORDER BY id"));
  find.bind(1, digest_name);
  std::vector<OutboxItem> items;
  while (true) {
    TRY(const bool has_row, find.step());
    if (!has_row) return items;
    items.push_back({.key = find.integer(0),
                     .digest_name = std::string(find.text(1)),
                     .channel = find.text(2) == "mail" ? OutboxChannel::mail : OutboxChannel::webhook,
                     .targets = list_of(find.text(3)),
                     .message_id = std::string(find.text(4)),
                     .octets = std::string(find.text(5)),
                     .content = std::string(find.text(6)),
                     .language = std::string(find.text(7)),
                     .made_at = find.integer(8),
                     .attempts = static_cast<int>(find.integer(9))});
  }
}

model::Result<std::int64_t> put_into_outbox(Database& database, const OutboxItem& item) {
  std::int64_t key = 0;
  TRY_VOID(in_transaction(database.handle(), [&]() -> Status {
    TRY(key, insert_item(database.handle(), item));
    return {};
  }));
  return key;
}

model::Result<void> take_out_of_outbox(Database& database, std::int64_t key) {
  return remove_item(database.handle(), key);
}

model::Result<void> count_attempt(Database& database, std::int64_t key) {
  TRY(auto update,
      Statement::prepare(database.handle(), "UPDATE digest_outbox SET attempts = attempts + 1 WHERE id = ?1"));
  return update.bind(1, key).run();
}

model::Result<std::vector<std::int64_t>> save_delivered(Database& database, const Delivered& delivered) {
  sqlite3* db = database.handle();
  std::vector<std::int64_t> keys;
  TRY_VOID(in_transaction(db, [&]() -> Status {
    TRY_VOID(insert_digest(db, delivered));
    TRY_VOID(save_items(database, delivered.name, sqlite3_last_insert_rowid(db), delivered.digest));
    if (delivered.mail_key) TRY_VOID(remove_item(db, *delivered.mail_key));
    for (const OutboxItem& item : delivered.later) {
      TRY(const auto key, insert_item(db, item));
      keys.push_back(key);
    }
    return {};
  }));
  return keys;
}

model::Result<std::optional<LastDigest>> last_digest(Database& database, const std::string& digest_name) {
  TRY(auto find, Statement::prepare(database.handle(),
                                    "SELECT content, message_id, language, refused FROM digest WHERE name = ?1 AND"
                                    " content IS NOT NULL ORDER BY id DESC LIMIT 1"));
  TRY(const bool has_row, find.bind(1, digest_name).step());
  if (!has_row) return std::optional<LastDigest>{};
  LastDigest last{
      .message_id = std::string(find.text(1)), .language = std::string(find.text(2)), .refused = list_of(find.text(3))};
  TRY(last.digest, decode_digest(find.text(0)));
  return std::optional<LastDigest>{std::move(last)};
}

}  // namespace ruaudit::store
