#include "cluster/rows/batch_rows.hpp"

namespace ruaudit::cluster {

void BatchRows::add(const BatchRow& row) {
  batch_.add(row.batch);
  month_.add(row.month);
  state_.add(static_cast<std::uint8_t>(row.state));
  ingester_.add(row.ingester);
  reports_.add(static_cast<std::uint32_t>(row.reports));
  records_.add(row.records);
  ++rows_;
}

Block BatchRows::block() const {
  Block block(rows_);
  block.add("batch", "UInt64", batch_.octets());
  block.add("month", "UInt32", month_.octets());
  block.add("state", "UInt8", state_.octets());
  block.add("ingester", "UInt64", ingester_.octets());
  block.add("reports", "UInt32", reports_.octets());
  block.add("records", "UInt64", records_.octets());
  return block;
}

}  // namespace ruaudit::cluster
