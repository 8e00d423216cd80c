// The vocabulary of the ledger: items (mails and files), the payloads found in them, and what happened to each.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "model/enum_text.hpp"
#include "store/content/digest.hpp"

namespace ruaudit::store {

enum class ItemKind : std::uint8_t { mail, file };
enum class PartKind : std::uint8_t { aggregate, failure, tls, other };

// In the order in which a part's outcome becomes its item's: the best comes first.
enum class Outcome : std::uint8_t { stored, conflict, superseded, duplicate, kept, rejected, not_a_report };

enum class Extent : std::uint8_t { full, headers };  // of a kept original

// A message of a mailbox, by the four values that name it.
struct MailboxMessage {
  std::string mailbox;
  std::string folder;
  std::int64_t uidvalidity = 0;
  std::string uid;
};

struct Item {
  ItemKind kind = ItemKind::mail;
  std::string source;   // what was read: file, folder, mailbox
  std::string locator;  // where in it
  ContentHash content_hash{};
  std::int64_t size = 0;
  std::int64_t received = 0;  // epoch seconds: date of the mail, else time of the file
  std::int64_t now = 0;       // epoch seconds: when it is seen
  std::optional<MailboxMessage> message;
  bool needs_acknowledgement = false;  // its state starts as pending, written with the data
};

struct Part {
  PartKind kind = PartKind::aggregate;
  std::string path;  // way to it inside the item
};

// Why a part is not stored as data: code, place and reason with the remedy.
struct Finding {
  std::string code;
  std::string place;
  std::string reason;
};

}  // namespace ruaudit::store

namespace ruaudit::model {
template <>
inline constexpr EnumText<store::ItemKind> enum_table<store::ItemKind>[] = {{store::ItemKind::mail, "mail"},
                                                                            {store::ItemKind::file, "file"}};
template <>
inline constexpr EnumText<store::PartKind> enum_table<store::PartKind>[] = {{store::PartKind::aggregate, "aggregate"},
                                                                            {store::PartKind::failure, "failure"},
                                                                            {store::PartKind::tls, "tls"},
                                                                            {store::PartKind::other, "other"}};
template <>
inline constexpr EnumText<store::Outcome> enum_table<store::Outcome>[] = {
    {store::Outcome::stored, "stored"},
    {store::Outcome::conflict, "conflict"},
    {store::Outcome::superseded, "superseded"},
    {store::Outcome::duplicate, "duplicate"},
    {store::Outcome::kept, "kept"},
    {store::Outcome::rejected, "rejected"},
    {store::Outcome::not_a_report, "not_a_report"}};
template <>
inline constexpr EnumText<store::Extent> enum_table<store::Extent>[] = {{store::Extent::full, "full"},
                                                                        {store::Extent::headers, "headers"}};
}  // namespace ruaudit::model
