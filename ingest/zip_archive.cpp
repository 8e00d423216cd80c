#include "ingest/zip_archive.hpp"
#include "ingest/whole_inflate.hpp"
#include "model/planted_bug.hpp"

#include <zip.h>

#include <algorithm>
#include <new>

namespace ruaudit::ingest {

namespace {

constexpr std::size_t output_block = 128UL * 1024;
constexpr std::uint64_t drop_window = 4U << 20U;

struct DiscardArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using ArchiveHandle = std::unique_ptr<zip_t, DiscardArchive>;
struct CloseFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

// libzip also says that memory is out where an archive claims more than there can be. Only where there is none indeed
// is it the machine's matter.
void check_memory(zip_error_t* error) {
  constexpr std::size_t little = std::size_t{1} << 20U;
  if (zip_error_code_zip(error) == ZIP_ER_MEMORY) ::operator delete(::operator new(little));
}

struct OpenAttempt {
  ArchiveHandle archive;
  std::string message;
};

OpenAttempt try_open(std::string_view octets, int flags) {
  zip_error_t error;
  zip_error_init(&error);
  OpenAttempt attempt;
  zip_source_t* source = zip_source_buffer_create(octets.data(), octets.size(), 0, &error);
  if (source != nullptr) attempt.archive.reset(zip_open_from_source(source, flags, &error));
  if (attempt.archive == nullptr) {
    if (source != nullptr) zip_source_free(source);  // stays ours when opening failed
    check_memory(&error);
    attempt.message = zip_error_strerror(&error);
  }
  zip_error_fini(&error);
  return attempt;
}

model::Error open_error(std::string_view octets, const std::string& message) {
  const bool has_end = octets.substr(octets.size() - std::min<std::size_t>(octets.size(), 66'000)).find("PK\x05\x06") !=
                       std::string_view::npos;
  if (!has_end)
    return {"zip-truncated",
            "the zip archive ends without a directory after " + std::to_string(octets.size()) + " octets",
            "ask the sender for the complete file"};
  return {"zip-corrupt", "damaged zip archive: " + message, "ask the sender for the file again"};
}

std::uint64_t little_endian(std::string_view octets) {
  std::uint64_t value = 0;
  for (std::size_t i = octets.size(); i-- > 0;) value = value << 8U | static_cast<unsigned char>(octets[i]);
  return value;
}

}  // namespace

std::size_t next_archive(std::string_view octets) {
  using namespace std::string_view_literals;
  constexpr auto entry_mark = "PK\x03\x04"sv, end_mark = "PK\x05\x06"sv;
  constexpr std::size_t end_size = 22, size_at = 12, offset_at = 16, comment_at = 20;
  if (!octets.starts_with(entry_mark)) return std::string_view::npos;
  for (auto at = octets.find(end_mark); at != std::string_view::npos; at = octets.find(end_mark, at + 1)) {
    const auto record = octets.substr(at, end_size);
    if (record.size() < end_size) break;
    // Of an archive that lies inside, not packed, the directory is elsewhere than it says.
    if (little_endian(record.substr(offset_at, 4)) + little_endian(record.substr(size_at, 4)) != at) continue;
    const auto end = at + end_size + little_endian(record.substr(comment_at, 2));
    const auto next = octets.find_first_not_of("\0\r\n\t "sv, end);
    return next != std::string_view::npos && octets.substr(next).starts_with(entry_mark) ? next
                                                                                         : std::string_view::npos;
  }
  return std::string_view::npos;
}

struct ZipArchive::State {
  Bytes packed;
  UnpackLimits limits;
  ArchiveHandle archive;
  std::vector<model::Defect> defects;
  WholeInflater whole;

  // The fast path, for an entry that is what it claims to be.
  [[nodiscard]] std::optional<WholeInflater::Unpacked> read_whole(std::uint64_t entry) const {
    zip_stat_t stat;
    zip_stat_init(&stat);
    constexpr zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_CRC | ZIP_STAT_COMP_METHOD;
    if (zip_stat_index(archive.get(), entry, 0, &stat) != 0 || (stat.valid & needed) != needed) return std::nullopt;
    if (stat.comp_method != ZIP_CM_DEFLATE || stat.comp_size > WholeInflater::max_octets) return std::nullopt;
    if (stat.size > WholeInflater::max_octets || stat.size > limits.ratio_from) return std::nullopt;
    const std::unique_ptr<zip_file_t, CloseFile> file(zip_fopen_index(archive.get(), entry, ZIP_FL_COMPRESSED));
    if (file == nullptr) return std::nullopt;
    std::string deflated(stat.comp_size, '\0');
    if (zip_fread(file.get(), deflated.data(), deflated.size()) != static_cast<zip_int64_t>(deflated.size()))
      return std::nullopt;
    return whole.deflated(deflated, stat.size, stat.crc);
  }
};

ZipArchive::ZipArchive(std::unique_ptr<State> state) : state_(std::move(state)) {}
ZipArchive::ZipArchive(ZipArchive&&) noexcept = default;
ZipArchive& ZipArchive::operator=(ZipArchive&&) noexcept = default;
ZipArchive::~ZipArchive() = default;

model::Result<ZipArchive> ZipArchive::open(Bytes packed, const UnpackLimits& limits) {
  auto state = std::make_unique<State>();
  auto attempt = try_open(packed.view(), ZIP_RDONLY | ZIP_CHECKCONS);
  if (attempt.archive == nullptr) {
    const auto complaint = attempt.message;
    attempt = try_open(packed.view(), ZIP_RDONLY);
    if (attempt.archive == nullptr) return model::failure(open_error(packed.view(), attempt.message));
    state->defects.push_back({"zip-inconsistent", "the archive contradicts itself, read anyway: " + complaint, 0, 0});
  }
  state->archive = std::move(attempt.archive);
  state->packed = std::move(packed);
  state->limits = limits;
  return ZipArchive(std::move(state));
}

std::uint64_t ZipArchive::entries() const {
  return static_cast<std::uint64_t>(std::max<zip_int64_t>(zip_get_num_entries(state_->archive.get(), 0), 0));
}

std::string ZipArchive::name(std::uint64_t entry) const {
  const char* text = zip_get_name(state_->archive.get(), entry, ZIP_FL_ENC_GUESS);
  return text == nullptr ? std::string() : std::string(text);
}

bool ZipArchive::is_encrypted(std::uint64_t entry) const {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_stat_index(state_->archive.get(), entry, 0, &stat) != 0) return false;
  return (stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE;
}

model::Result<void> ZipArchive::read(std::uint64_t entry, OctetReceiver& receiver) const {
  if (is_encrypted(entry))
    return model::failure("encrypted-zip", "the zip entry needs a password",
                          "ask the sender for an archive without one");
  if (const auto unpacked = state_->read_whole(entry)) {
    auto rest = unpacked->view();
    while (!rest.empty() && receiver.chunk(rest.substr(0, output_block)))
      rest.remove_prefix(std::min(output_block, rest.size()));
    return {};
  }
  const std::unique_ptr<zip_file_t, CloseFile> file(zip_fopen_index(state_->archive.get(), entry, 0));
  if (file == nullptr) {
    auto* error = zip_get_error(state_->archive.get());
    check_memory(error);
    const bool method = zip_error_code_zip(error) == ZIP_ER_COMPNOTSUPP;
    return model::failure(method ? "zip-method" : "zip-corrupt", std::string("zip entry: ") + zip_error_strerror(error),
                          method ? "repack it with deflate" : "ask the sender for the file again");
  }
  const std::unique_ptr<char[]> block(new char[output_block]);
  const auto& limits = state_->limits;
  for (std::uint64_t produced = 0;;) {
    const auto got = zip_fread(file.get(), block.get(), output_block);
    if (got < 0) check_memory(zip_file_get_error(file.get()));
    if (got < 0)
      return model::failure("zip-corrupt", std::string("damaged zip entry: ") + zip_file_strerror(file.get()),
                            "ask the sender for the file again");
    RUAUDIT_PLANT(got == 0 && produced > 0 && !state_->defects.empty());
    if (got == 0) return {};
    const auto before = produced;
    produced += static_cast<std::uint64_t>(got);
    if (!receiver.chunk({block.get(), static_cast<std::size_t>(got)})) return {};
    // The claimed sizes are the sender's; the archive's own size is a fact.
    if (produced > limits.ratio_from && produced / limits.ratio > state_->packed.size())
      return model::failure("ratio-exceeded",
                            "a zip entry unpacks to more than " + std::to_string(limits.ratio) + " times the archive",
                            "raise the ratio limit if you trust the sender");
    if (produced / drop_window != before / drop_window) state_->packed.drop_all();
  }
}

const std::vector<model::Defect>& ZipArchive::defects() const { return state_->defects; }

}  // namespace ruaudit::ingest
