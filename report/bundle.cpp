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

tl::unexpected<model::Error> fail(const std::string& path, const std::string& what) {
  return model::failure("bundle", path + " cannot be written: " + what, "check the folder and its permissions");
}

model::Result<Archive> create(const std::string& path) {
  int code = 0;
  Archive archive(zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
  if (archive) return archive;
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  const std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return fail(path, text);
}

bool add(zip_t* archive, const BundleMember& member, std::int64_t time) {
  zip_source_t* source = zip_source_buffer(archive, member.octets.data(), member.octets.size(), 0);
  if (source == nullptr) return false;
  const zip_int64_t index = zip_file_add(archive, member.name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);  // stays ours when adding failed
    return false;
  }
  return zip_file_set_mtime(archive, static_cast<zip_uint64_t>(index), static_cast<time_t>(time), 0) == 0;
}

}  // namespace

model::Result<void> write_bundle(const std::string& path, const std::vector<BundleMember>& members, std::int64_t time) {
  TRY(auto archive, create(path));
  for (const auto& member : members)
    if (!add(archive.get(), member, time)) return fail(path, zip_strerror(archive.get()));
  const mode_t before = ::umask(S_IRWXG | S_IRWXO);
  const int code = zip_close(archive.get());
  ::umask(before);
  if (code != 0) return fail(path, zip_strerror(archive.get()));
  static_cast<void>(archive.release());  // closed
  return {};
}

}  // namespace ruaudit::report
