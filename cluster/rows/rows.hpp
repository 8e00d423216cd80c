// Rows of the tables record_local and report_local as columns of a block (cluster/schema/schema.hpp says what each
// table is). Times are epoch seconds, UTC, in Int64: DateTime would turn late ones into 1970.
#pragma once
#include <cstdint>

#include "cluster/server/native.hpp"
#include "store/outbox/report_reader.hpp"

namespace ruaudit::cluster {

// What a header is for. rows: its records are there. mention: the ingester has the report, too, and another's rows say
// what it says. gone: the ingester has this report no more.
enum class HeaderKind : std::uint8_t { gone = 0, mention = 1, rows = 2 };

// By what versions of a report are known and ranked (cluster/schema/counted.hpp): a row of by_identity_local.
struct Header {
  store::Digest identity_key{};
  std::uint64_t batch = 0;
  std::uint64_t ingester = 0;
  std::uint64_t version = 0;  // the ingester's key of the report
  std::uint64_t serial = 0;   // of one version the header with the greatest holds
  HeaderKind kind = HeaderKind::rows;
  store::ContentHash content_hash{};
  bool is_damaged = false;
  bool is_authenticated = false;
  std::uint32_t records = 0;
  std::int64_t first_seen = 0;
  std::uint64_t origin = 0;       // the batch with which the header came; sealing keeps it (cluster/care/seal.hpp)
  std::uint64_t sealed_from = 0;  // the batch from which sealing took it; 0: an ingester sent it
};

class HeaderRows {
 public:
  void add(const Header& header);
  [[nodiscard]] std::uint64_t size() const { return rows_; }
  [[nodiscard]] Block block() const;

 private:
  std::uint64_t rows_ = 0;
  Fixed identity_{16}, content_{32};
  Numbers<std::uint64_t> batch_, ingester_, version_, serial_, origin_, sealed_from_;
  Numbers<std::uint8_t> kind_, damaged_, authenticated_;
  Numbers<std::uint32_t> records_;
  Numbers<std::int64_t> first_seen_;
};

// Errors of add(): "cluster-word".
class ReportRows {
 public:
  model::Result<void> add(const store::ShippedReport& report, const Header& header);
  [[nodiscard]] std::uint64_t size() const { return rows_; }
  [[nodiscard]] Block block() const;

 private:
  void add_texts(const store::ShippedReport& report);
  void add_lists(const store::ShippedReport& report);
  void add_identity(Block& block) const;
  void add_words(Block& block) const;

  std::uint64_t rows_ = 0;
  Dictionary domain_, reporter_, p_, sp_, np_, adkim_, aspf_, discovery_, method_, list_, namespace_;
  Numbers<std::uint16_t> day_;
  Fixed identity_{16}, content_{32};
  Numbers<std::uint64_t> batch_, ingester_, version_;
  Texts report_id_, org_name_, email_;
  OptionalNumbers begin_, end_, pct_, testing_;
  OptionalTexts contact_, contact_lang_, generator_, xml_version_, fo_, as_, reason_;
  Numbers<std::int64_t> received_, messages_, hash_version_, unknown_elements_, first_seen_;
  Numbers<std::uint32_t> records_;
  Numbers<std::uint8_t> damaged_;
  Numbers<std::int8_t> authenticity_;
  Array<Texts> error_text_, error_lang_, defect_code_, defect_detail_;
  Array<Numbers<std::uint32_t>> defect_row_, defect_line_;
};

class RecordRows {
 public:
  model::Result<void> add(const store::ShippedReport& report, std::uint64_t batch, const store::ShippedRecord& record);
  [[nodiscard]] std::uint64_t size() const { return rows_; }
  [[nodiscard]] Block block() const;

 private:
  model::Result<void> add_verdict(const store::ShippedVerdict& verdict);
  model::Result<void> add_results(const store::ShippedVerdict& verdict);
  model::Result<void> add_overrides(const store::ShippedVerdict& verdict);
  void add_record(Block& block) const;
  void add_arrays(Block& block) const;

  std::uint64_t rows_ = 0;
  Dictionary domain_, reporter_, header_from_, method_, list_;
  Numbers<std::uint16_t> day_;
  Fixed identity_{16}, source_{16};
  Numbers<std::uint64_t> batch_;
  Numbers<std::uint32_t> row_number_;
  Texts report_id_;
  OptionalNumbers begin_, end_;
  Numbers<std::uint8_t> has_source_, overridden_, self_check_;
  Numbers<std::int64_t> count_, received_;
  Numbers<std::int8_t> disposition_, dkim_, spf_, dkim_auth_, spf_auth_, authenticity_;
  OptionalTexts envelope_from_, envelope_to_;
  Array<Numbers<std::int8_t>> mechanism_, scope_, result_, type_;
  Array<Texts> domain_of_result_, raw_type_;
  Array<OptionalTexts> selector_, human_, human_lang_, comment_, comment_lang_, arc_, arc_chain_, arc_remote_ip_;
};

// Days since 1970 of "YYYY-MM-DD"; of days after 2105, which no column holds, the last one. What a report with such a
// date says of its time stands beside it in seconds.
std::uint16_t day_number_of(const std::string& day);

}  // namespace ruaudit::cluster
