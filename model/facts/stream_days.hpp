// The days of all streams, in 16 octets each, since there are millions: what the days of a stream share is kept once.
// Read as StreamDay, whole or stream by stream, in the order in which they were added.
#pragma once
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <vector>

namespace ruaudit::model {

// Whether the reports that say it proved where they come from; numbers of report.authenticity.
enum class ReportTrust : std::uint8_t { unchecked, authenticated, unauthenticated, indeterminate };

// Messages of one day, source and pattern. The numbers are places in SenderFacts.
struct StreamDay {
  std::uint32_t domain = 0, source = 0, pattern = 0;
  std::int32_t day = 0;
  ReportTrust trust = ReportTrust::unchecked;
  std::int64_t messages = 0;
  std::uint64_t reporters = 0;  // a set of bits, one or more reporters each: at least so many reporters
};

class StreamDays {
 public:
  struct Stream {  // of one domain, source and pattern; it has a day at least
    std::uint32_t domain = 0, source = 0, pattern = 0;
    std::uint32_t count = 0;
    std::size_t first = 0;
  };

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = StreamDay;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = StreamDay;
    Iterator() = default;
    Iterator(const StreamDays& days, const Stream* stream, std::size_t row)
        : days_(&days), stream_(stream), row_(row) {}
    StreamDay operator*() const { return days_->day(*stream_, row_); }
    Iterator& operator++() {
      if (++row_ == stream_->first + stream_->count) ++stream_;  // NOLINT(*-pointer-arithmetic): streams are a vector
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return row_ == other.row_; }

   private:
    const StreamDays* days_ = nullptr;
    const Stream* stream_ = nullptr;
    std::size_t row_ = 0;
  };

  class Days {  // of one stream
   public:
    Days(const StreamDays& all, const Stream& stream) : all_(all), stream_(stream) {}
    [[nodiscard]] Iterator begin() const { return {all_, &stream_, stream_.first}; }
    [[nodiscard]] Iterator end() const { return {all_, &stream_, stream_.first + stream_.count}; }
    [[nodiscard]] StreamDay front() const { return *begin(); }
    [[nodiscard]] StreamDay back() const { return all_.day(stream_, stream_.first + stream_.count - 1); }

   private:
    const StreamDays& all_;
    const Stream& stream_;
  };

  // Days of one stream follow one another: another stream begins where domain, source or pattern change.
  void push_back(const StreamDay& day);
  // Gives up memory that was set aside for more.
  void shrink();

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] Iterator begin() const { return {*this, streams_.data(), 0}; }
  [[nodiscard]] Iterator end() const { return {*this, nullptr, size_}; }
  [[nodiscard]] const std::vector<Stream>& streams() const { return streams_; }
  [[nodiscard]] Days days(const Stream& stream) const { return {*this, stream}; }
  // Where streams are in the order of domains: those of one.
  [[nodiscard]] std::span<const Stream> streams_of(std::uint32_t domain) const;

 private:
  // A row: days beyond 2^29 and trust in one number; messages beyond 2^31 stand apart, and their place here.
  struct Row {
    std::uint64_t reporters;
    std::uint32_t messages;
    std::int32_t day_and_trust;
  };
  static constexpr std::uint32_t is_large = 0x80000000;
  static constexpr std::size_t block_bits = 16, block_rows = std::size_t{1} << block_bits;

  [[nodiscard]] StreamDay day(const Stream& stream, std::size_t place) const {
    const Row& row = blocks_[place >> block_bits][place & (block_rows - 1)];
    return {.domain = stream.domain,
            .source = stream.source,
            .pattern = stream.pattern,
            .day = row.day_and_trust >> 2,
            .trust = static_cast<ReportTrust>(row.day_and_trust & 3),
            .messages = (row.messages & is_large) == 0 ? row.messages : large_[row.messages & ~is_large],
            .reporters = row.reporters};
  }

  std::vector<Stream> streams_;
  std::vector<std::vector<Row>> blocks_;  // of block_rows, the last one of fewer
  std::vector<std::int64_t> large_;
  std::size_t size_ = 0;
};

}  // namespace ruaudit::model
