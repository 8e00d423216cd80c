// The mails that brought aggregate and TLS reports, as the step that asks whether a report is genuine needs them: which
// wait, what reports they brought, what DNS said about them, and what was found, written with the roll-ups and the
// choice of the counted version in one transaction. The octets of a mail are read_original()'s (reprocess.hpp).
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/aggregate/result_class.hpp"
#include "store/sqlite/database.hpp"

namespace ruaudit::store {

enum class CarrierChoice : std::uint8_t {
  waiting,   // mails never looked at, those that DNS did not answer for, and those whose reports were read again
  all,       // every mail
  recorded,  // every mail for which DNS answers are kept
};
struct CarrierRequest {
  CarrierChoice choice = CarrierChoice::waiting;
  std::int64_t received_since = 0;  // epoch seconds
};

struct Carrier {
  std::int64_t ledger_key = 0;
  std::int64_t received = 0;
  std::int64_t octets = 0;   // of the kept original
  bool has_answers = false;  // DNS answers are kept, and are complete
};
// The next ones after a ledger key, in its order; at most `most`. Only mails whose original is kept whole.
model::Result<std::vector<Carrier>> next_carriers(Database& database, const CarrierRequest& request,
                                                  std::int64_t behind, std::size_t most);
model::Result<std::int64_t> count_carriers(Database& database, const CarrierRequest& request);

enum class ReportSort : std::uint8_t { aggregate, tls };

struct CarriedReport {
  ReportSort sort = ReportSort::aggregate;
  std::int64_t report_key = 0;  // among those of its kind
  std::string path;             // way to it inside the mail; its last component is a file name, if it has one
  std::string org_name;         // as written
  std::string email;
  Authenticity state = Authenticity::unchecked;
  bool is_open = true;  // nothing was found yet, or DNS did not answer
};
// What is stored of mails, by their ledger keys.
class CarrierReader {
 public:
  // `database` must outlive the reader.
  static model::Result<CarrierReader> create(Database& database);
  CarrierReader(CarrierReader&&) noexcept;
  CarrierReader& operator=(CarrierReader&&) noexcept;
  ~CarrierReader();

  // The reports that a mail made or repeats.
  model::Result<std::vector<CarriedReport>> reports(std::int64_t ledger_key);
  // The kept DNS answers as JSON; nothing where there are none. Error code "blob-damaged".
  model::Result<std::optional<std::string>> kept_answers(std::int64_t ledger_key);

 private:
  struct State;
  explicit CarrierReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

struct AuthenticityFinding {
  std::int64_t report_key = 0;
  Authenticity state = Authenticity::unchecked;
  std::string authenticated_as;
  std::string reason;
  ReportSort sort = ReportSort::aggregate;
};
struct CarrierCheck {
  std::int64_t ledger_key = 0;
  std::int64_t checked_at = 0;
  bool is_final = true;
  std::string_view evidence;  // JSON
};

class AuthenticityWriter {
 public:
  // `database` must outlive the writer; the caller holds the IngestLock.
  static model::Result<AuthenticityWriter> create(Database& database);
  AuthenticityWriter(AuthenticityWriter&&) noexcept;
  AuthenticityWriter& operator=(AuthenticityWriter&&) noexcept;
  ~AuthenticityWriter();  // rolls back what is not committed

  model::Result<void> begin();
  model::Result<void> save(const CarrierCheck& check);
  model::Result<void> set(const AuthenticityFinding& finding);
  model::Result<void> commit();

 private:
  struct State;
  explicit AuthenticityWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ruaudit::store
