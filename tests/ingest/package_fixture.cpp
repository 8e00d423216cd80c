#include "tests/ingest/package_fixture.hpp"

#include <zip.h>
#include <zlib.h>

#include <algorithm>
#include <stdexcept>

namespace ruaudit::ingest::test {

namespace {

std::string deflated(std::string_view text, int window_bits, const std::string& name = {}) {
  z_stream z{};
  if (deflateInit2(&z, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::runtime_error("deflate");
  gz_header header{};
  std::string name_copy = name;
  header.name = reinterpret_cast<Bytef*>(name_copy.data());
  if (!name.empty()) deflateSetHeader(&z, &header);
  std::string out(deflateBound(&z, text.size()) + 64 + name.size(), '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  if (deflate(&z, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("deflate");
  out.resize(out.size() - z.avail_out);
  deflateEnd(&z);
  return out;
}

}  // namespace

std::string gzip_of(std::string_view text, const std::string& name) { return deflated(text, 15 + 16, name); }
std::string zlib_of(std::string_view text) { return deflated(text, 15); }
std::string deflate_of(std::string_view text) { return deflated(text, -15); }
std::string stored_of(std::string_view text) {
  const auto size = static_cast<unsigned>(text.size());
  std::string out(1, '\x01');
  for (const unsigned value : {size, ~size})
    (out += static_cast<char>(value & 0xffU)) += static_cast<char>(value >> 8U & 0xffU);
  return out.append(text);
}

std::string base64_of(std::string_view octets, std::size_t line, std::string_view eol) {
  static constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    const auto at = [&](std::size_t k) { return k < octets.size() ? static_cast<unsigned char>(octets[k]) : 0U; };
    const unsigned bits = at(i) << 16U | at(i + 1) << 8U | at(i + 2);
    for (unsigned k = 0; k < 4; ++k) {
      out += i + k > octets.size() ? '=' : alphabet[bits >> (18 - 6 * k) & 63U];
      if (++column == line) {
        out += eol;
        column = 0;
      }
    }
  }
  return out;
}

std::string zip_of(const std::vector<ZipEntry>& entries) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_t* archive = zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, &error);
  if (archive == nullptr) throw std::runtime_error("zip");
  zip_source_keep(target);
  for (const auto& entry : entries) {
    const std::string name = entry.name.empty() ? "empty-name-later" : entry.name;
    if (name.ends_with('/')) {
      zip_dir_add(archive, name.c_str(), ZIP_FL_ENC_UTF_8);
      continue;
    }
    zip_source_t* content = zip_source_buffer(archive, entry.content.data(), entry.content.size(), 0);
    const auto index = zip_file_add(archive, name.c_str(), content, ZIP_FL_ENC_UTF_8);
    if (index < 0) throw std::runtime_error("zip_file_add");
    if (entry.encrypt) zip_file_set_encryption(archive, static_cast<zip_uint64_t>(index), ZIP_EM_TRAD_PKWARE, "secret");
  }
  if (zip_close(archive) != 0) throw std::runtime_error(zip_strerror(archive));
  zip_stat_t about;
  zip_source_stat(target, &about);
  std::string out(about.size, '\0');
  zip_source_open(target);
  zip_source_read(target, out.data(), out.size());
  zip_source_close(target);
  zip_source_free(target);
  return out;
}

std::string part_of(std::string_view header, std::string_view body) {
  return std::string(header) + "\r\n\r\n" + std::string(body);
}

std::string attachment(std::string_view octets, std::string_view name, std::string_view type) {
  return part_of("Content-Type: " + std::string(type) +
                     "\r\nContent-Transfer-Encoding: base64\r\n"
                     "Content-Disposition: attachment; filename=\"" +
                     std::string(name) + "\"",
                 base64_of(octets));
}

std::string mail_of(const std::vector<std::string>& parts, std::string_view type, std::string_view boundary) {
  const std::string edge(boundary);
  std::string mail =
      "From: noreply@reporter.example\r\nTo: rua@example.com\r\nSubject: Report domain: example.com\r\n"
      "Date: Tue, 3 Jun 2025 10:00:00 +0200\r\nMessage-ID: <1@reporter.example>\r\nMIME-Version: 1.0\r\n"
      "Content-Type: multipart/" +
      std::string(type) + "; boundary=\"" + edge + "\"\r\n\r\nPreamble.\r\n";
  for (const auto& part : parts) mail += "--" + edge + "\r\n" + part + "\r\n";
  return mail + "--" + edge + "--\r\n";
}

bool CollectingSink::begin(const PayloadInfo& info) {
  const bool is_report = info.kind <= PayloadKind::other_feedback;
  if (!is_report && !take_text) return false;
  ++open;
  delivered.push_back({info, "", std::nullopt});
  return true;
}

bool CollectingSink::chunk(std::string_view octets) {
  delivered.back().text += octets;
  return delivered.back().text.size() < stop_after;
}

void CollectingSink::end(const model::Result<void>& r) {
  --open;
  if (!r) delivered.back().error = r.error();
}

std::vector<std::string> Unpacked::texts(PayloadKind kind) const {
  std::vector<std::string> found;
  for (const auto& one : delivered)
    if (one.info.kind == kind) found.push_back(one.text);
  return found;
}

std::vector<std::string> Unpacked::errors() const {
  std::vector<std::string> found;
  for (const auto& one : result.payloads)
    if (one.error) found.push_back(one.error->code);
  return found;
}

std::vector<std::string> Unpacked::defects() const {
  std::vector<std::string> found;
  for (const auto& one : result.payloads)
    for (const auto& defect : one.defects) found.push_back(defect.code);
  return found;
}

std::vector<PayloadKind> Unpacked::kinds() const {
  std::vector<PayloadKind> found;
  for (const auto& one : result.payloads) found.push_back(one.info.kind);
  return found;
}

Unpacked unpack_text(std::string bytes, const UnpackLimits& limits, ItemKind kind) {
  CollectingSink sink;
  const RawItem item{"test", "", kind, 0, Bytes::from_string(std::move(bytes))};
  Unpacked unpacked;
  unpacked.result = unpack(item, limits, sink);
  unpacked.delivered = std::move(sink.delivered);
  return unpacked;
}

}  // namespace ruaudit::ingest::test
