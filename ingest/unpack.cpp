#include "ingest/unpack.hpp"

#include <algorithm>

#include "ingest/gunzip.hpp"
#include "ingest/mbox.hpp"
#include "ingest/opener_detail.hpp"
#include "ingest/quoted_lines.hpp"
#include "ingest/sniff_detail.hpp"
#include "ingest/zip_archive.hpp"
#include "mail/header_field.hpp"
#include "mail/transfer_decode.hpp"

namespace ruaudit::ingest {

namespace {

constexpr std::size_t decode_window = 256UL * 1024;
constexpr std::size_t max_name = 500;
constexpr std::uint64_t bombs_per_item = 4;  // what an item may unpack to, in multiples of the ratio

std::string base_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return clean_text(slash == std::string_view::npos ? path : path.substr(slash + 1), max_name);
}

// Entries that hold nothing of the sender's: folders and the resource forks of one operating system.
bool is_side_entry(std::string_view name) {
  const auto slash = name.rfind('/');
  const auto last = slash == std::string_view::npos ? name : name.substr(slash + 1);
  return name.ends_with('/') || name.starts_with("__MACOSX/") || name.find("/__MACOSX/") != std::string_view::npos ||
         last.starts_with("._");
}

// By the entries that come first or must be there: ISO/IEC 29500-2 (docx, xlsx), OpenDocument 1.3 part 2 section 3.3.
bool is_office_document(const ZipArchive& archive) {
  constexpr std::uint64_t looked_at = 20;
  for (std::uint64_t i = 0; i < std::min(archive.entries(), looked_at); ++i)
    if (archive.name(i) == "[Content_Types].xml" || (i == 0 && archive.name(i) == "mimetype")) return true;
  return false;
}

// The file name a gzip header carries (RFC 1952 section 2.3.1), or the outer name without its ending.
std::string inner_name(std::string_view packed, const std::string& outer) {
  constexpr unsigned has_extra = 4, has_name = 8;
  const auto at = [&](std::size_t i) { return i < packed.size() ? static_cast<unsigned char>(packed[i]) : 0U; };
  std::size_t begin = 10;
  if ((at(3) & has_extra) != 0) begin += 2 + at(10) + 256U * at(11);
  if ((at(3) & has_name) != 0 && begin < packed.size()) {
    const auto raw = packed.substr(begin, max_name);
    if (const auto end = raw.find('\0'); end != std::string_view::npos && end > 0)
      return base_name(to_utf8(raw.substr(0, end), "ISO-8859-1"));
  }
  return outer.ends_with(".gz") ? outer.substr(0, outer.size() - 3) : outer;
}

}  // namespace

Place Place::below(const std::string& step) const {
  Place place;
  place.part = part.empty() ? step : step.empty() ? part : part + "/" + step;
  place.nesting = nesting + 1;
  place.is_document = is_document;
  place.is_returned = is_returned;
  place.defects = defects;
  return place;
}

void Opener::refuse(const Place& place, PayloadKind kind, model::Error error) {
  PayloadOutcome outcome;
  outcome.info = {place.part, kind, place.name};
  outcome.error = place.part.empty() ? std::move(error) : error.in(place.part);
  outcome.defects = place.defects;
  if (count_payload()) result_.payloads.push_back(std::move(outcome));
}

bool Opener::charge(std::uint64_t octets) {
  unpacked_ += octets;
  if (unpacked_ > limits_.item_bytes && !result_.error)
    result_.error = model::Error{
        "item-too-large", "more than " + std::to_string(limits_.item_bytes) + " octets were unpacked from one item",
        "raise the limit if you trust the sender"};
  // Many names for the same octets, or many small bombs: no single layer exceeds its ratio, the item does. One bomb
  // alone does not end the walk, so that it costs nothing of what lies beside it.
  if (unpacked_ > limits_.ratio_from && unpacked_ / (limits_.ratio * bombs_per_item) > packed_ && !result_.error)
    result_.error = model::Error{
        "ratio-exceeded",
        "the item unpacks to more than " + std::to_string(limits_.ratio * bombs_per_item) + " times its size",
        "raise the ratio limit if you trust the sender"};
  return !is_over();
}

bool Opener::count_payload() {
  if (result_.payloads.size() >= limits_.payloads && !result_.error)
    result_.error =
        model::Error{"too-many-payloads", "the item holds more than " + std::to_string(limits_.payloads) + " files",
                     "raise the limit if you trust the sender"};
  return !is_over();
}

void Opener::open(const Bytes& bytes, Place place) {
  if (is_over()) return;
  const auto text = bytes.view();
  const auto found = sniff(text.substr(0, sniff_bytes), text.size() <= sniff_bytes ? Prefix::whole : Prefix::partial);
  note_label(place, found.kind);
  const auto content = bytes.slice(found.skip, text.size());
  if (is_container(found.kind)) return open_container(found.kind, content, place);
  Leaf leaf(*this, place, found.kind);
  feed_all(content, leaf);
  leaf.end({});
}

void Opener::open_container(PayloadKind kind, const Bytes& bytes, const Place& place) {
  if (is_over()) return;
  if (place.nesting >= limits_.nesting)
    return refuse(place, kind,
                  {"nesting-too-deep", "more than " + std::to_string(limits_.nesting) + " layers of packaging",
                   "unpack the outer layers by hand"});
  switch (kind) {
    case PayloadKind::mail:
      return open_as_mail(bytes, place);
    case PayloadKind::mbox:
      return open_mbox(bytes, place);
    case PayloadKind::gzip:
      return open_gzip(bytes, place);
    case PayloadKind::zip:
      return open_zips(bytes, place);
    case PayloadKind::quoted_printable:
      return open_encoded<QuotedPrintableDecoder>(
          bytes, place, {"encoded-twice", "quoted-printable in the content was decoded", 0, 0});
    case PayloadKind::quoted_lines:
      return open_encoded<QuotedLinesDecoder>(
          bytes, place, {"quoted-lines", "the marks of a reply in front of its lines were taken away", 0, 0});
    default:
      return open_encoded<Base64Decoder>(bytes, place, {"encoded-twice", "base64 in the content was decoded", 0, 0});
  }
}

void Opener::open_gzip(const Bytes& bytes, const Place& place) {
  const auto form = deflate_form(bytes.view().substr(0, sniff_bytes));
  const auto name = inner_name(form == DeflateForm::gzip ? bytes.view() : std::string_view{}, place.name);
  auto inside = place.below(name);
  inside.name = name;
  inside.is_attachment = true;
  Router router(*this, std::move(inside));
  auto outcome = gunzip(bytes, limits_, router, form);
  router.finish(outcome.result, PayloadKind::gzip, std::move(outcome.defects));
}

// As files of several reports are put one after the other, archives are, too.
void Opener::open_zips(const Bytes& bytes, const Place& place) {
  std::size_t begin = 0;
  Place inside = place;
  for (std::uint64_t number = 1; !is_over(); ++number) {
    const auto size = next_archive(bytes.view().substr(begin));
    open_zip(begin == 0 && size == std::string_view::npos ? bytes : bytes.slice(begin, size), inside);
    if (size == std::string_view::npos) return;
    begin += size;
    const std::string step = "archive " + std::to_string(number + 1);
    inside.part = place.part.empty() ? step : place.part + "/" + step;
    if (number == limits_.gzip_members)
      return refuse(inside, PayloadKind::zip,
                    {"too-many-members", "more than " + std::to_string(number) + " archives one after the other", ""});
  }
}

void Opener::open_zip(const Bytes& bytes, const Place& place) {
  auto archive = ZipArchive::open(bytes, limits_);
  if (!archive) return refuse(place, PayloadKind::zip, archive.error());
  const auto entries = archive->entries();
  const bool is_document = is_office_document(*archive);
  std::uint64_t opened = 0;
  for (std::uint64_t i = 0; i < entries && !is_over(); ++i) {
    const auto raw = archive->name(i);
    if (is_side_entry(raw)) continue;
    if (++opened > limits_.archive_entries)
      return refuse(
          place, PayloadKind::zip,
          {"too-many-entries", "the archive holds " + std::to_string(entries) + " entries, more than the limit",
           "raise the limit if you trust the sender"});
    const auto shown = clean_text(raw, max_name);
    auto inside = place.below(shown.empty() ? "entry " + std::to_string(i + 1) : shown);
    inside.name = base_name(raw);
    inside.is_attachment = !is_document;
    inside.is_document = is_document;
    std::copy(archive->defects().begin(), archive->defects().end(), std::back_inserter(inside.defects));
    if (archive->is_encrypted(i)) {
      refuse(inside, PayloadKind::encrypted_zip,
             {"encrypted-zip", "the zip entry is encrypted", "ask the sender for an archive without a password"});
      continue;
    }
    Router router(*this, std::move(inside));
    const auto result = archive->read(i, router);
    router.finish(result, PayloadKind::zip);
  }
}

template <class Decoder>
void Opener::open_encoded(const Bytes& bytes, const Place& place, model::Defect odd) {
  auto inside = place.below("");
  inside.name = place.name;
  inside.is_attachment = place.is_attachment;
  inside.defects.push_back(std::move(odd));
  Router router(*this, std::move(inside));
  Decoder decoder;
  std::string block;
  bool more = true;
  const auto text = bytes.view();
  for (std::size_t at = 0; more && at < text.size(); at += decode_window) {
    block.clear();
    decoder.decode(text.substr(at, decode_window), block);
    more = router.chunk(block);
    bytes.drop_before(at);
  }
  block.clear();
  decoder.finish(block);
  if (more && !block.empty()) router.chunk(block);
  router.finish({}, PayloadKind::base64);
}

void Opener::open_mbox(const Bytes& bytes, const Place& place) {
  MboxReader reader(bytes, limits_.heap_bytes, limits_.spool_folder);
  while (!is_over()) {
    auto member = reader.next();
    if (!member) return;
    if (!*member) return refuse(place, PayloadKind::mbox, member->error());
    const auto& [offset, mail] = **member;
    open_as_mail(mail, place.below("offset " + std::to_string(offset)));
  }
}

UnpackResult unpack(const RawItem& item, const UnpackLimits& limits, PayloadSink& sink) {
  UnpackResult result;
  result.kind = item.kind;
  Opener opener(limits, sink, result, item.bytes.size());
  Place place;
  if (is_mail_item(item, limits)) {
    opener.open_as_mail(item.bytes, place);
  } else {
    place.name = base_name(item.locator.empty() ? item.source : item.locator);
    place.is_attachment = true;
    opener.open(item.bytes, std::move(place));
  }
  return result;
}

}  // namespace ruaudit::ingest
