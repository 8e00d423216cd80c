#include "report/bundle.hpp"

#include <sys/stat.h>
#include <zip.h>

#include <memory>

namespace ruaudit::report {
namespace {

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using Source = std::unique_ptr<zip_source_t, FreeSource>;

tl::unexpected<model::Error> fail(const std::string& path, const std::string& what) {
  return model::failure("bundle", path + " cannot be written: " + what, "check the folder and its permissions");
}

tl::unexpected<model::Error> fail(const std::string& what) {
  return model::failure("bundle", "the zip archive cannot be made: " + what);
}

std::string text_of(zip_error_t& error) {
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

model::Result<Archive> create(const std::string& path) {
  int code = 0;
  Archive archive(zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
  if (archive) return archive;
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  return fail(path, text_of(error));
}

// The number of the member in the archive; negative: it was not added.
zip_int64_t add(zip_t* archive, const BundleMember& member) {
  zip_source_t* source = zip_source_buffer(archive, member.octets.data(), member.octets.size(), 0);
  if (source == nullptr) return -1;
  const zip_int64_t index = zip_file_add(archive, member.name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) zip_source_free(source);  // stays ours when adding failed
  return index;
}

bool add_dated(zip_t* archive, const BundleMember& member, std::int64_t time) {
  const zip_int64_t index = add(archive, member);
  return index >= 0 && zip_file_set_mtime(archive, static_cast<zip_uint64_t>(index), static_cast<time_t>(time), 0) == 0;
}

// In the format's own words, which know no time zone: a time in seconds would be made local.
bool add_undated(zip_t* archive, const BundleMember& member) {
  constexpr zip_uint16_t first_day = 1U << 5U | 1U;  // 1980-01-01
  const zip_int64_t index = add(archive, member);
  return index >= 0 && zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0, first_day, 0) == 0;
}

model::Result<std::string> octets_of(zip_source_t* source) {
  zip_stat_t facts;
  zip_stat_init(&facts);
  if (zip_source_stat(source, &facts) != 0 || zip_source_open(source) != 0)
    return fail(zip_error_strerror(zip_source_error(source)));
  std::string octets(static_cast<std::size_t>(facts.size), '\0');
  const zip_int64_t read = zip_source_read(source, octets.data(), octets.size());
  zip_source_close(source);
  if (read != static_cast<zip_int64_t>(octets.size())) return fail("it cannot be read back");
  return octets;
}

}  // namespace

model::Result<void> write_bundle(const std::string& path, const std::vector<BundleMember>& members, std::int64_t time) {
  TRY(auto archive, create(path));
  for (const auto& member : members)
    if (!add_dated(archive.get(), member, time)) return fail(path, zip_strerror(archive.get()));
  const mode_t before = ::umask(S_IRWXG | S_IRWXO);
  const int code = zip_close(archive.get());
  ::umask(before);
  if (code != 0) return fail(path, zip_strerror(archive.get()));
  static_cast<void>(archive.release());  // closed
  return {};
}

model::Result<std::string> bundle_octets(const std::vector<BundleMember>& members) {
  // libzip removes an archive without members; its end record alone is one. APPNOTE.TXT 6.3 section 4.3.16
  if (members.empty()) return "PK\x05\x06" + std::string(18, '\0');
  zip_error_t error;
  zip_error_init(&error);
  const Source source(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!source) return fail(text_of(error));
  Archive archive(zip_open_from_source(source.get(), ZIP_TRUNCATE, &error));
  if (!archive) return fail(text_of(error));
  zip_source_keep(source.get());  // the archive has one share of it, we the other
  for (const auto& member : members)
    if (!add_undated(archive.get(), member)) return fail(member.name + ": " + zip_strerror(archive.get()));
  if (zip_close(archive.get()) != 0) return fail(zip_strerror(archive.get()));
  static_cast<void>(archive.release());  // closed
  return octets_of(source.get());
}

}  // namespace ruaudit::report
