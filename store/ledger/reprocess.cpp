#include "store/ledger/reprocess.hpp"

#include <algorithm>

#include "store/content/original.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

model::Result<std::optional<KeptItem>> next_kept_item(Database& database, std::int64_t ledger_key) {
  TRY(auto find, Statement::prepare(database.handle(),
                                    "SELECT l.id, l.item_kind, l.source, l.locator, l.content_hash, l.size, l.received,"
                                    " l.last_seen, o.size FROM original o JOIN ledger l ON l.id = o.ledger_id"
                                    " WHERE o.ledger_id > ? AND o.extent = 'full' ORDER BY o.ledger_id LIMIT 1"));
  TRY(const bool has_row, find.bind(1, ledger_key).step());
  if (!has_row) return std::optional<KeptItem>{};
  KeptItem kept;
  kept.ledger_key = find.integer(0);
  kept.item.kind = model::parse_enum<ItemKind>(find.text(1)).value_or(ItemKind::file);
  kept.item.source = find.text(2);
  kept.item.locator = find.text(3);
  const auto hash = find.blob(4);
  std::copy_n(hash.begin(), std::min(hash.size(), kept.item.content_hash.size()), kept.item.content_hash.begin());
  kept.item.size = find.integer(5);
  kept.item.received = find.integer(6);
  kept.item.now = find.integer(7);
  kept.octets = find.integer(8);
  return std::optional(std::move(kept));
}

struct OriginalReader::State {
  Statement select;
};

OriginalReader::OriginalReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
OriginalReader::OriginalReader(OriginalReader&&) noexcept = default;
OriginalReader& OriginalReader::operator=(OriginalReader&&) noexcept = default;
OriginalReader::~OriginalReader() = default;

model::Result<OriginalReader> OriginalReader::create(Database& database) {
  TRY(auto select,
      Statement::prepare(database.handle(),
                         "SELECT codec, size, data FROM (SELECT id, codec, size, data FROM original_chunk UNION"
                         " ALL SELECT id, codec, size, data FROM failure_original_chunk) WHERE id BETWEEN"
                         " ?1 * 16777216 AND ?1 * 16777216 + 16777215 ORDER BY id"));
  return OriginalReader(std::make_unique<State>(State{std::move(select)}));
}

Status OriginalReader::read(std::int64_t ledger_key, const std::function<Status(std::string_view)>& take) {
  Statement& select = state_->select;
  ResetAtEnd reset(select);
  select.bind(1, ledger_key);
  while (true) {
    TRY(const bool has_row, select.step());
    if (!has_row) return {};
    EncodedChunk chunk;
    const auto codec = model::parse_enum<ChunkCodec>(select.text(0));
    if (!codec)
      return model::failure("original-chunk", "a stored original has an encoding that this program does not know",
                            "use the version of ruaudit that wrote it");
    chunk.codec = *codec;
    chunk.size = static_cast<std::uint32_t>(std::clamp<std::int64_t>(select.integer(1), 0, max_original_chunk));
    const auto data = select.blob(2);
    chunk.data.assign(data.begin(), data.end());
    TRY(const auto octets, decode_chunk(chunk));
    TRY_VOID(take(octets));
  }
}

Status read_original(Database& database, std::int64_t ledger_key, const std::function<Status(std::string_view)>& take) {
  TRY(auto reader, OriginalReader::create(database));
  return reader.read(ledger_key, take);
}

}  // namespace ruaudit::store
