// A snapshot of the database: as long as it exists, everything read through its connection comes from the same state,
// whatever others write in the meantime. It notes which tables were read, so that what was concluded from them can be
// kept until one of them changes (store/kept/answers.hpp).
#pragma once
#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "store/sqlite/database.hpp"

namespace ruaudit::store {

class Moment {
 public:
  // The database must not be inside a transaction, and must outlive the moment.
  static model::Result<Moment> begin(Database& database);
  Moment(Moment&&) noexcept;
  Moment& operator=(Moment&&) noexcept;
  ~Moment();

  // Nothing is read as of this moment any more. True where nobody has written to the file since it began.
  [[nodiscard]] bool end();
  [[nodiscard]] bool is_still_now() const;                    // the same, asked again
  [[nodiscard]] const std::set<std::string>& tables() const;  // read so far, also through views
  [[nodiscard]] const std::string& path() const;

 private:
  struct State;
  explicit Moment(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::store
