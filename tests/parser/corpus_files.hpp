// The manifest of the corpus and its files, unpacked in the simplest way (one gzip stream inside another, the only
// file of a zip archive), so that the parser can be tested without the stage that unpacks.
#pragma once
#include <zip.h>
#include <zlib.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace ruaudit::test {

struct ManifestRow {
  std::string path, container, well_formed, org, report_id, domain, begin, end, records, messages, flags;
};

inline std::vector<ManifestRow> read_manifest(const std::string& corpus) {
  std::vector<ManifestRow> rows;
  std::ifstream file(corpus + "/MANIFEST-aggregate.tsv");
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> c;
    std::stringstream cells(line);
    for (std::string cell; std::getline(cells, cell, '\t');) c.push_back(cell);
    c.resize(15);
    rows.push_back({c[0], c[3], c[6], c[7], c[8], c[9], c[10], c[11], c[12], c[13], c[14]});
  }
  return rows;
}

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string gunzip(const std::string& packed) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return {};
  std::string out;
  std::string buffer(65536, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  for (int rc = Z_OK; rc == Z_OK;) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    rc = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer, 0, buffer.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return out;
}

inline std::string unzip(const std::string& path) {
  int error = 0;
  const std::unique_ptr<zip_t, int (*)(zip_t*)> archive(zip_open(path.c_str(), ZIP_RDONLY, &error), zip_close);
  if (!archive) return {};
  std::string out;
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(zip_get_num_entries(archive.get(), 0)) && out.empty(); ++i) {
    const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> entry(zip_fopen_index(archive.get(), i, 0), zip_fclose);
    std::string buffer(65536, '\0');
    if (!entry) continue;
    for (zip_int64_t n = 0; (n = zip_fread(entry.get(), buffer.data(), buffer.size())) > 0;)
      out.append(buffer, 0, static_cast<std::size_t>(n));
  }
  return out;
}

// The XML of one entry, or nothing where another stage must open it (mails).
inline std::optional<std::string> unpacked(const std::string& corpus, const ManifestRow& row) {
  const std::string path = corpus + "/" + row.path;
  if (row.container.starts_with("eml")) return std::nullopt;
  if (row.container.starts_with("zip")) return unzip(path);
  if (row.container == "gz>gz") return gunzip(gunzip(read_file(path)));
  if (row.container.starts_with("gz")) return gunzip(read_file(path));
  return read_file(path);
}

}  // namespace ruaudit::test
