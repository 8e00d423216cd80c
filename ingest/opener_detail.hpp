// The machinery behind unpack(): an Opener walks one item, a Leaf streams one payload into the sink, a Router receives
// the output of one unpacking layer, finds out what it is and either streams it to a Leaf or collects it for the next
// layer. Nesting is bounded by UnpackLimits::nesting, so the recursion between these is too.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ingest/mime_split.hpp"
#include "ingest/octet_receiver.hpp"
#include "ingest/sniff.hpp"
#include "ingest/unpack.hpp"

namespace ruaudit::ingest {

// Where in the item a payload lies and what was learnt on the way there.
struct Place {
  std::string part;
  std::string name;   // declared file name, clean
  std::string label;  // declared media type of this very part
  unsigned nesting = 0;
  bool is_attachment = false;  // named, or inside an archive: being empty is worth an error
  bool is_document = false;    // inside an office document: XML there that is no report claims to be none
  bool is_returned = false;    // inside a bounce: a failure report there was not sent to us
  std::vector<model::Defect> defects;

  [[nodiscard]] Place below(const std::string& step) const;
};

class Opener {
 public:
  // packed: octets of the item, against which the ratio of all that is unpacked from it is held.
  Opener(const UnpackLimits& limits, PayloadSink& sink, UnpackResult& result, std::uint64_t packed)
      : limits_(limits), sink_(sink), result_(result), packed_(packed) {}

  void open(const Bytes& bytes, Place place);
  void open_as_mail(const Bytes& mail, const Place& place);
  // A container that was recognised in bytes; too deep nesting is refused here.
  void open_container(PayloadKind kind, const Bytes& bytes, const Place& place);
  void refuse(const Place& place, PayloadKind kind, model::Error error);
  // Counts unpacked octets of the item; false when the item is over its limit.
  bool charge(std::uint64_t octets);
  bool count_payload();
  [[nodiscard]] bool is_over() const { return result_.error.has_value(); }

  [[nodiscard]] const UnpackLimits& limits() const { return limits_; }
  PayloadSink& sink() { return sink_; }
  UnpackResult& result() { return result_; }

 private:
  void open_gzip(const Bytes& bytes, const Place& place);
  void open_zips(const Bytes& bytes, const Place& place);
  void open_zip(const Bytes& bytes, const Place& place);
  template <class Decoder>
  void open_encoded(const Bytes& bytes, const Place& place, model::Defect odd);
  void open_mbox(const Bytes& bytes, const Place& place);

  const UnpackLimits& limits_;
  PayloadSink& sink_;
  UnpackResult& result_;
  std::uint64_t packed_;
  std::uint64_t unpacked_ = 0;
};

class Leaf {
 public:
  Leaf(Opener& opener, const Place& place, PayloadKind kind);
  bool feed(std::string_view octets);
  void end(const model::Result<void>& result, std::vector<model::Defect> more = {});

 private:
  Opener& opener_;
  PayloadOutcome outcome_;
  bool stopped_ = false;
};

// Feeds a whole view to a leaf in windows, dropping mapped pages behind.
void feed_all(const Bytes& bytes, Leaf& leaf);

class Router : public OctetReceiver {
 public:
  Router(Opener& opener, Place place) : opener_(opener), place_(std::move(place)) {}
  bool chunk(std::string_view octets) override;
  void member() override { at_member_ = true; }
  // parent: the kind whose output this was, named when nothing came out of it.
  void finish(const model::Result<void>& result, PayloadKind parent, std::vector<model::Defect> more = {});

 private:
  bool start(const Sniffed& found, std::string_view octets);
  bool collect(std::string_view octets);
  [[nodiscard]] bool holds_xml() const;
  void next_member();

  Opener& opener_;
  Place place_;
  std::string prefix_;
  std::optional<Leaf> leaf_;
  std::optional<Spool> spool_;
  PayloadKind kind_ = PayloadKind::not_a_report;
  std::optional<model::Error> error_;
  bool at_member_ = false;
  unsigned members_ = 1;
};

// True for items that are opened as a mail without looking further.
bool is_mail_item(const RawItem& item, const UnpackLimits& limits);
// The values of a header block, decoded.
MailHeader header_values(std::string_view block);
bool is_container(PayloadKind kind);
// The code and words for a kind that is recognised but not opened.
model::Error unsupported_error(PayloadKind kind);
// Adds "label-mismatch" when the declared type or the file name promises another kind.
void note_label(Place& place, PayloadKind kind);

}  // namespace ruaudit::ingest
