#include "cluster/ship/probe.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cluster/schema/counted.hpp"
#include "cluster/server/answer.hpp"

namespace ruaudit::cluster {
namespace {

constexpr std::size_t keys_of_a_question = 2000;

constexpr std::size_t probed_columns = 13;

// Nothing where the server answers no octets for keys.
std::optional<SeenHeader> seen_of(const std::vector<std::optional<std::string>>& row) {
  const auto number = [&row](std::size_t column) { return number_of(row[column]); };
  SeenHeader seen;
  Header& header = seen.header;
  if (!read_hex(row[0].value_or(""), header.identity_key) || !read_hex(row[6].value_or(""), header.content_hash))
    return std::nullopt;
  header.batch = number(1);
  header.ingester = number(2);
  header.version = number(3);
  header.serial = number(4);
  header.kind = static_cast<HeaderKind>(std::min<std::uint64_t>(number(5), 2));
  header.is_damaged = number(7) != 0;
  header.is_authenticated = number(8) != 0;
  header.records = static_cast<std::uint32_t>(number(9));
  header.first_seen = std::strtoll(row[10].value_or("0").c_str(), nullptr, 10);
  seen.is_committed = number(11) != 0;
  header.origin = number(12);
  return seen;
}

bool is_same_version(const Header& a, const Header& b) { return a.ingester == b.ingester && a.version == b.version; }

// Of each version the committed header that holds.
std::vector<Header> current_headers(std::span<const SeenHeader> seen) {
  std::vector<Header> current;
  for (const auto& one : seen) {
    if (!one.is_committed) continue;
    const auto known = std::find_if(current.begin(), current.end(),
                                    [&one](const Header& header) { return is_same_version(header, one.header); });
    if (known == current.end())
      current.push_back(one.header);
    else if (std::pair(known->serial, known->batch) < std::pair(one.header.serial, one.header.batch))
      *known = one.header;
  }
  return current;
}

bool is_copy(const Header& a, const Header& b) {
  return a.kind != HeaderKind::gone && b.kind != HeaderKind::gone && a.content_hash == b.content_hash &&
         a.is_damaged == b.is_damaged;
}

}  // namespace

model::Result<Seen> headers_where(Client& client, const std::string& database, const std::string& committed,
                                  const std::string& condition) {
  TRY(const auto found,
      client.ask(
          fmt::format("SELECT hex(identity_key), batch, ingester, version, serial, kind, hex(content_hash), damaged,"
                      " authenticated, records, first_seen, {}, origin FROM {}.by_identity_local WHERE {}",
                      committed, database, condition),
          probed_columns));
  Seen seen;
  for (const auto& row : found.rows) {
    const auto one = seen_of(row);
    if (!one)
      return model::failure("cluster-refused", client.url() + ": the keys of reports are not what was asked for",
                            "is it a ClickHouse server?");
    auto& of_report = seen[one->header.identity_key];
    const bool is_known = std::any_of(of_report.begin(), of_report.end(), [&one](const SeenHeader& other) {
      return other.header.batch == one->header.batch;  // sent twice, and not merged yet
    });
    if (!is_known) of_report.push_back(*one);
  }
  return seen;
}

model::Result<Seen> probe(Client& client, const std::string& database, std::span<const store::Digest> keys) {
  Seen seen;
  for (std::size_t from = 0; from < keys.size(); from += keys_of_a_question) {
    const auto list = joined(keys.subspan(from, std::min(keys_of_a_question, keys.size() - from)),
                             [](const store::Digest& key) { return unhex_text(key); });
    TRY(auto found,
        headers_where(client, database, committed_condition(database), fmt::format("identity_key IN ({})", list)));
    seen.merge(found);
  }
  return seen;
}

Sending choose_sending(const Header& own, bool may_be_there, std::span<const SeenHeader> seen) {
  const auto current = current_headers(seen);
  const auto mine =
      std::find_if(current.begin(), current.end(), [&own](const Header& one) { return is_same_version(one, own); });
  const bool was_tried =
      std::any_of(seen.begin(), seen.end(), [&own](const SeenHeader& one) { return is_same_version(one.header, own); });
  if (own.kind == HeaderKind::gone) {
    const bool is_told = mine != current.end() && mine->kind == HeaderKind::gone;
    return was_tried && !is_told ? Sending::header : Sending::nothing;
  }
  const bool is_told = mine != current.end() && is_copy(*mine, own) && mine->is_authenticated == own.is_authenticated;
  const bool is_there = std::any_of(seen.begin(), seen.end(), [&own](const SeenHeader& one) {
    return one.is_committed && one.header.kind == HeaderKind::rows && is_copy(one.header, own);
  });
  if (is_told && is_there && may_be_there) return Sending::nothing;
  const bool has_rows = std::any_of(current.begin(), current.end(), [&own](const Header& one) {
    return !is_same_version(one, own) && is_copy(one, own) && one.kind == HeaderKind::rows &&
           one.is_authenticated >= own.is_authenticated;
  });
  if (!has_rows) return Sending::rows;
  return is_told && mine->kind == HeaderKind::mention ? Sending::nothing : Sending::header;
}

std::uint64_t next_serial(const Header& own, std::span<const SeenHeader> seen) {
  std::uint64_t greatest = 0;
  for (const auto& one : seen)
    if (is_same_version(one.header, own)) greatest = std::max(greatest, one.header.serial);
  return greatest + 1;
}

bool is_contested(std::span<const SeenHeader> seen) {
  const auto has_rows = [](const SeenHeader& one) { return one.header.kind == HeaderKind::rows; };
  const auto is_gone = [](const SeenHeader& one) { return one.header.kind == HeaderKind::gone; };
  return std::count_if(seen.begin(), seen.end(), has_rows) > 1 || std::any_of(seen.begin(), seen.end(), is_gone);
}

}  // namespace ruaudit::cluster
