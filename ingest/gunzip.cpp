#include "ingest/gunzip.hpp"
#include "ingest/sniff_detail.hpp"
#include "ingest/whole_inflate.hpp"
#include "model/out_of_memory.hpp"
#include "model/planted_bug.hpp"

#include <zlib.h>

#include <algorithm>
#include <memory>
#include <string>

namespace ruaudit::ingest {

namespace {

constexpr std::size_t output_block = 128UL * 1024;
constexpr std::size_t input_block = 1024UL * 1024;
constexpr std::string_view member_magic = "\x1f\x8b";

class Inflater {
 public:
  explicit Inflater(DeflateForm form) {
    constexpr int window = 15;
    const int bits = form == DeflateForm::gzip ? window + 16 : form == DeflateForm::zlib ? window : -window;
    // With these arguments nothing fails but for want of memory: no fault of the data.
    if (inflateInit2(&stream_, bits) != Z_OK) model::throw_out_of_memory();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
};

class Gunzip {
 public:
  Gunzip(const Bytes& packed, const UnpackLimits& limits, OctetReceiver& receiver, DeflateForm form)
      : packed_(packed),
        text_(packed.view()),
        limits_(limits),
        receiver_(receiver),
        form_(form),
        inflater_(form),
        block_(new char[output_block]) {}

  GunzipOutcome run() {
    GunzipOutcome outcome;
    for (std::uint64_t members = 1;; ++members) {
      if (!whole_member()) outcome.result = one_member();
      if (!outcome.result || stopped_ || at_ == text_.size()) return outcome;
      const std::size_t next = next_member();
      if (next == std::string_view::npos) break;
      if (next > at_) note_ignored(next - at_, "between members of the ", outcome.defects);
      at_ = next;
      if (members == limits_.gzip_members) {
        outcome.result = model::failure("too-many-members", "more than " + std::to_string(members) + " gzip members");
        return outcome;
      }
      inflateReset(&inflater_.stream());
      receiver_.member();
    }
    RUAUDIT_PLANT(text_.size() - at_ == 5);
    note_ignored(text_.size() - at_, "after the end of the ", outcome.defects);
    return outcome;
  }

 private:
  void note_ignored(std::size_t octets, const char* where, std::vector<model::Defect>& defects) const {
    constexpr std::size_t enough = 20;
    if (defects.size() < enough)
      defects.push_back(
          {"gzip-trailing-garbage", std::to_string(octets) + " octets " + where + name() + " data are ignored", 0, 0});
  }

  // Behind padding, where files of several reports were put one after the other. A zlib stream has no magic and has to
  // begin a report; behind raw deflate data nothing tells what is there.
  [[nodiscard]] std::size_t next_member() const {
    using namespace std::string_view_literals;
    const auto begin = text_.find_first_not_of("\0\r\n\t "sv, at_);
    if (begin == std::string_view::npos || form_ == DeflateForm::raw) return std::string_view::npos;
    const auto rest = text_.substr(begin);
    const bool is_member = form_ == DeflateForm::gzip
                               ? rest.starts_with(begin == at_ ? member_magic : "\x1f\x8b\x08"sv)
                               : !rest.starts_with(member_magic) && deflate_form(rest) == DeflateForm::zlib;
    return is_member ? begin : std::string_view::npos;
  }

  // One call of inflate with at most one block in and out; delivers what came out.
  int step() {
    auto& z = inflater_.stream();
    const auto in = text_.substr(at_, input_block);
    // zlib does not write to next_in; its interface predates const.
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));  // NOLINT
    z.avail_in = static_cast<uInt>(in.size());
    z.next_out = reinterpret_cast<Bytef*>(block_.get());  // NOLINT
    z.avail_out = output_block;
    const int rc = inflate(&z, Z_NO_FLUSH);
    if (rc == Z_MEM_ERROR) model::throw_out_of_memory();
    at_ += in.size() - z.avail_in;
    const auto made = output_block - z.avail_out;
    produced_ += made;
    if (made > 0 && !receiver_.chunk({block_.get(), made})) stopped_ = true;
    if (at_ / input_block != (at_ - (in.size() - z.avail_in)) / input_block) packed_.drop_before(at_);
    return rc;
  }

  // The fast path. False: nothing was taken.
  bool whole_member() {
    if (form_ != DeflateForm::gzip || produced_ >= limits_.ratio_from) return false;
    const auto member = whole_.gzip_member(text_.substr(at_), limits_.ratio_from - produced_);
    if (!member) return false;
    at_ += member->packed_size;
    produced_ += member->size;
    for (auto rest = member->view(); !rest.empty() && !stopped_;
         rest.remove_prefix(std::min(output_block, rest.size())))
      stopped_ = !receiver_.chunk(rest.substr(0, output_block));
    return true;
  }

  model::Result<void> one_member() {
    while (true) {
      const int rc = step();
      if (stopped_ || rc == Z_STREAM_END) return {};
      if (produced_ > limits_.ratio_from && produced_ / limits_.ratio > at_) return ratio_error();
      if (rc == Z_BUF_ERROR || (rc == Z_OK && at_ == text_.size() && inflater_.stream().avail_out > 0))
        return model::failure(
            name() + "-truncated",
            "the " + name() + " data ends after " + std::to_string(text_.size()) + " octets, before its end",
            "ask the sender for the complete file");
      if (rc != Z_OK) return data_error();
    }
  }

  model::Result<void> ratio_error() const {
    return model::failure("ratio-exceeded",
                          name() + " data unpacks to more than " + std::to_string(limits_.ratio) + " times its size",
                          "raise the ratio limit if you trust the sender");
  }

  model::Result<void> data_error() {
    const char* what = inflater_.stream().msg;
    return model::failure(name() + "-corrupt",
                          "damaged " + name() + " data near octet " + std::to_string(at_) +
                              (what == nullptr ? "" : std::string(": ") + what),
                          "ask the sender for the file again");
  }

  [[nodiscard]] std::string name() const { return form_ == DeflateForm::gzip ? "gzip" : "deflate"; }

  const Bytes& packed_;
  std::string_view text_;
  const UnpackLimits& limits_;
  OctetReceiver& receiver_;
  DeflateForm form_;
  WholeInflater whole_;
  Inflater inflater_;
  std::unique_ptr<char[]> block_;
  std::size_t at_ = 0;
  std::uint64_t produced_ = 0;
  bool stopped_ = false;
};

}  // namespace

std::string inflate_head(std::string_view packed, DeflateForm form) {
  constexpr std::size_t head_octets = 512;
  Inflater inflater(form);
  if (packed.size() < 2) return {};
  if (form == DeflateForm::gzip && !packed.starts_with(member_magic)) return {};
  std::string head(head_octets, '\0');
  auto& z = inflater.stream();
  const auto in = packed.substr(0, 64UL * 1024);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));  // NOLINT
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = reinterpret_cast<Bytef*>(head.data());  // NOLINT
  z.avail_out = head_octets;
  const int rc = inflate(&z, Z_SYNC_FLUSH);
  head.resize(head_octets - z.avail_out);
  return form == DeflateForm::gzip || rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR ? head : std::string();
}

GunzipOutcome gunzip(const Bytes& packed, const UnpackLimits& limits, OctetReceiver& receiver, DeflateForm form) {
  return Gunzip(packed, limits, receiver, form).run();
}

}  // namespace ruaudit::ingest
