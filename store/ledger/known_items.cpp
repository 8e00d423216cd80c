#include "store/ledger/known_items.hpp"

#include "store/sqlite/database.hpp"
#include "store/sqlite/sqlite_detail.hpp"

namespace ruaudit::store {

struct KnownItems::State {
  Database database;
  Statement find;
};

KnownItems::KnownItems(std::unique_ptr<State> state) : state_(std::move(state)) {}
KnownItems::KnownItems(KnownItems&&) noexcept = default;
KnownItems& KnownItems::operator=(KnownItems&&) noexcept = default;
KnownItems::~KnownItems() = default;

model::Result<KnownItems> KnownItems::open(const std::string& database_path) {
  DatabaseOptions options;
  options.path = database_path;
  options.access = Access::read_only;
  options.cache_octets = 1LL << 20;
  TRY(auto database, Database::open(std::move(options)));
  TRY(auto find, Statement::prepare(database.handle(), "SELECT 1 FROM ledger WHERE content_hash = ?"));
  return KnownItems(std::make_unique<State>(State{std::move(database), std::move(find)}));
}

model::Result<bool> KnownItems::contains(const ContentHash& hash) {
  ResetAtEnd reset(state_->find);
  state_->find.bind_blob(1, hash);
  return state_->find.step();
}

}  // namespace ruaudit::store
