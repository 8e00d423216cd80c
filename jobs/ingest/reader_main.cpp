// The confined reader: items from the socket, steps into it. It has no other way to anywhere.
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <new>

#include "jobs/confined/charsets.hpp"
#include "jobs/confined/child.hpp"
#include "jobs/confined/confinement.hpp"
#include "jobs/confined/planted_fault.hpp"
#include "jobs/confined/readiness.hpp"
#include "jobs/ingest/item_reading.hpp"
#include "jobs/ingest/step_wire.hpp"

namespace ruaudit::jobs {
namespace {

class FrameSink final : public StepSink {
 public:
  explicit FrameSink(ParentSocket& parent) : parent_(parent) {}
  void send(Step step) override {
    octets_ += cost_of(step);
    parcel_.push_back(std::move(step));
    if (octets_ >= max_parcel_octets) flush();
  }
  void flush() {
    if (!parcel_.empty()) parent_.send(frame_kind::steps, encode(parcel_));
    drop();
  }
  void drop() {
    parcel_.clear();
    octets_ = 0;
  }

 private:
  ParentSocket& parent_;
  Parcel parcel_;
  std::size_t octets_ = 0;
};

ingest::RawItem raw_item(ItemOrder& order, ingest::Bytes bytes) {
  return {.source = std::move(order.source),
          .locator = std::move(order.locator),
          .kind = order.kind,
          .modified = order.modified,
          .bytes = std::move(bytes)};
}

model::Result<ingest::Bytes> octets_of(const Frame& frame, const ItemOrder& order, std::size_t used,
                                       ParentSocket& parent) {
  if (frame.kind == frame_kind::item) return ingest::Bytes::from_string(frame.octets.substr(used));
  const int file = parent.take_file();
  auto bytes = ingest::Bytes::from_file(file, order.offset + order.size, 0);
  ::close(file);
  if (bytes) return bytes->slice(order.offset, order.size);
  return bytes;
}

class ReaderLoop {
 public:
  ReaderLoop(ParentSocket& parent, ReaderSetup setup) : parent_(parent), sink_(parent), setup_(std::move(setup)) {}

  int run() {
    ReadingOptions& reading = setup_.reading;
    reading.unpack.spool_folder.clear();  // into memory: no file can be made
    const auto list = reading.suffix_list_file.empty()
                          ? verify::suffix::PublicSuffixList::system()
                          : verify::suffix::PublicSuffixList::load(reading.suffix_list_file);
    if (!list) return refuse(list.error());
    auto reader = ItemReader::create(*list, reading, sink_);
    if (!reader) return refuse(reader.error());
    open_charsets();
    if (const auto done = confine({.memory_octets = setup_.memory_octets}); !done) {
      parent_.send(start_frame::unconfined, encode(done.error()));
      if (!setup_.may_go_unconfined) {
        parent_.flush();
        return EXIT_FAILURE;
      }
    }
    end_without_memory();
    parent_.send(start_frame::ready, {});
    parent_.flush();
    while (const auto frame = parent_.receive()) {
      if (!read(*reader, *frame)) return EXIT_FAILURE;
      if (!parent_.has_more()) parent_.flush();
    }
    return EXIT_SUCCESS;
  }

 private:
  int refuse(const model::Error& error) {
    parent_.send(start_frame::failed, encode(error));
    parent_.flush();
    return EXIT_FAILURE;
  }

  bool read(ItemReader& reader, const Frame& frame) {
    std::size_t used = 0;
    auto order = decode_order(frame.octets, used);
    if (!order) return false;
    allow_cpu_seconds(setup_.cpu_seconds + order->size / (std::uint64_t{256} * 1024));
    auto bytes = octets_of(frame, *order, used, parent_);
    auto error = bytes ? std::nullopt : std::optional(bytes.error());
    if (bytes) {
      pass_planted_fault(bytes->view().substr(0, 4096));
      ItemRole role;
      if (order->is_read_again) role.reprocessed_ledger_key = 0;
      role.seen = order->seen;
      error = reader.read(raw_item(*order, std::move(*bytes)), {}, role);
    }
    if (error) {
      sink_.drop();
      parent_.send(frame_kind::postponed, encode(*error));
    } else {
      sink_.flush();
    }
    return true;
  }

  ParentSocket& parent_;
  FrameSink sink_;
  ReaderSetup setup_;
};

int run_from_the_start() {
  prepare_confinement();
  ParentSocket parent;
  const auto frame = parent.receive();
  if (!frame || frame->kind != frame_kind::setup) return EXIT_FAILURE;
  auto setup = decode_setup(frame->octets);
  if (!setup) return EXIT_FAILURE;
  return ReaderLoop(parent, std::move(*setup)).run();
}

}  // namespace

int run_reader() {
  try {
    const int code = run_from_the_start();
    std::_Exit(code);  // what is left to be freed or written at an end is not this process's
  } catch (const std::bad_alloc&) {
    std::_Exit(ENOMEM);
  } catch (...) {
    std::_Exit(EXIT_FAILURE);
  }
}

}  // namespace ruaudit::jobs
