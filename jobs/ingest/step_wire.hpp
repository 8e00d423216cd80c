// What crosses the border between the program and its confined reader: the order how to read and items one way, steps
// for the writer the other. Steps that come from the reader are held against their own figures: an index that leads
// nowhere or a length beyond its text makes the whole message unusable.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "jobs/ingest/item_reader.hpp"
#include "jobs/ingest/work.hpp"

namespace ruaudit::jobs {

// The kinds of frames.
namespace frame_kind {
inline constexpr char setup = 'S', item = 'I', file_item = 'F';  // to the reader
inline constexpr char steps = 'P', end_of_item = 'E', postponed = 'L';
}  // namespace frame_kind

struct ReaderSetup {
  ReadingOptions reading;
  std::uint64_t memory_octets = std::uint64_t{1} << 30U;
  std::uint64_t cpu_seconds = 120;  // of one item, and one more for each 256 KiB of it
  bool may_go_unconfined = false;
};
std::string encode(const ReaderSetup& setup);
std::optional<ReaderSetup> decode_setup(std::string_view octets);

// An item without its octets.
struct ItemOrder {
  std::string source, locator;
  ingest::ItemKind kind = ingest::ItemKind::file;
  std::int64_t modified = 0;
  std::int64_t seen = 0;  // when the item was there last
  bool is_read_again = false;
  std::uint64_t offset = 0, size = 0;  // of a file_item, in its file
};
std::string encode(const ItemOrder& order);
// Of an item, the octets follow the order: `used` is where they begin.
std::optional<ItemOrder> decode_order(std::string_view octets, std::size_t& used);

// BeginItem keeps of its item the kind and the date alone, AddFailure nothing of its order: the rest is the program's.
std::string encode(const Parcel& steps);
std::optional<Parcel> decode_steps(std::string_view octets);

std::string encode(const model::Error& error);
std::optional<model::Error> decode_error(std::string_view octets);

}  // namespace ruaudit::jobs
