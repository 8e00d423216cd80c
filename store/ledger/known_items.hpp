// Whether an item's octets were seen before, asked on the parse thread before any parsing: a read-only connection of
// its own, which sees what is committed. What the current batch has brought the writer finds itself (begin_item).
#pragma once
#include <memory>
#include <string>

#include "store/content/digest.hpp"

namespace ruaudit::store {

class KnownItems {
 public:
  static model::Result<KnownItems> open(const std::string& database_path);
  KnownItems(KnownItems&&) noexcept;
  KnownItems& operator=(KnownItems&&) noexcept;
  ~KnownItems();
  model::Result<bool> contains(const ContentHash& hash);

 private:
  struct State;
  explicit KnownItems(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::store
