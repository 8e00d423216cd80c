#include "bench/floor/mails.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace floor_bench {
namespace {

constexpr std::uint8_t no_digit = 255;

constexpr std::array<std::uint8_t, 256> make_digits() {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(no_digit);
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return digits;
}
constexpr auto digits = make_digits();

// Lines of whole groups, as every mailer writes them; padding at the very end.
std::size_t decode_base64(std::string_view text, char* out) {
  const auto digit = [&](std::size_t i) { return std::uint32_t{digits[static_cast<unsigned char>(text[i])]}; };
  char* to = out;
  for (std::size_t i = 0; i + 4 <= text.size();) {
    if (text[i] == '\n') {
      ++i;
      continue;
    }
    const std::uint32_t third = digit(i + 2), fourth = digit(i + 3);
    const std::uint32_t group = digit(i) << 18 | digit(i + 1) << 12 | (third & 63) << 6 | (fourth & 63);
    *to++ = static_cast<char>(group >> 16);
    if (third != no_digit) *to++ = static_cast<char>(group >> 8);
    if (fourth != no_digit) *to++ = static_cast<char>(group);
    i += 4;
  }
  return static_cast<std::size_t>(to - out);
}

std::uint32_t little_endian(std::string_view octets, std::size_t at, int size) {
  std::uint32_t value = 0;
  for (int i = size - 1; i >= 0; --i)
    value = value << 8 | static_cast<unsigned char>(octets[at + static_cast<std::size_t>(i)]);
  return value;
}

struct Deflated {
  std::string_view stream;
  std::uint32_t size, crc;
};

// RFC 1952 without options; of a zip the one entry of its central directory.
Deflated find_stream(std::string_view packed) {
  if (packed.starts_with("\x1f\x8b"))
    return {packed.substr(10, packed.size() - 18), little_endian(packed, packed.size() - 4, 4),
            little_endian(packed, packed.size() - 8, 4)};
  const std::size_t central = little_endian(packed, packed.size() - 6, 4);
  const std::size_t begin = 30 + little_endian(packed, 26, 2) + little_endian(packed, 28, 2);
  return {packed.substr(begin, little_endian(packed, central + 20, 4)), little_endian(packed, central + 24, 4),
          little_endian(packed, central + 16, 4)};
}

}  // namespace

void give_up(std::string_view what) {
  std::fprintf(stderr, "floor_bench: %.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(1);
}

std::vector<std::string> mails_below(const std::string& folder) {
  std::vector<std::string> mails;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "/mail/new"))
    mails.push_back(entry.path().string());
  std::sort(mails.begin(), mails.end());
  return mails;
}

struct Unpacker::Inflater {
  z_stream stream{};
};

Unpacker::Unpacker() : inflater_(new Inflater) {
  if (inflateInit2(&inflater_->stream, -15) != Z_OK) give_up("zlib does not start");
}
Unpacker::~Unpacker() {
  inflateEnd(&inflater_->stream);
  delete inflater_;
}

std::string_view Unpacker::unpack(const std::string& path) {
  read(path);
  decode_attachment();
  return inflate_attachment();
}

void Unpacker::read(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (file < 0 || ::fstat(file, &status) != 0) give_up(path);
  mail_.resize(static_cast<std::size_t>(status.st_size));
  for (std::size_t done = 0; done < mail_.size();) {
    const auto got = ::read(file, mail_.data() + done, mail_.size() - done);
    if (got <= 0) give_up(path);
    done += static_cast<std::size_t>(got);
  }
  ::close(file);
}

void Unpacker::decode_attachment() {
  const auto encoding = mail_.find("Content-Transfer-Encoding: base64");
  const auto begin = mail_.find("\n\n", encoding);
  if (encoding == std::string::npos || begin == std::string::npos) give_up("a mail without attachment");
  auto body = std::string_view(mail_).substr(begin + 2);
  body = body.substr(0, body.find("\n--"));
  packed_.resize(std::max(packed_.size(), body.size()));
  packed_.resize(decode_base64(body, packed_.data()));
}

std::string_view Unpacker::inflate_attachment() {
  const Deflated found = find_stream(packed_);
  if (xml_.size() < found.size) xml_.resize(found.size);
  z_stream& stream = inflater_->stream;
  inflateReset(&stream);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(found.stream.data()));
  stream.avail_in = static_cast<uInt>(found.stream.size());
  stream.next_out = reinterpret_cast<Bytef*>(xml_.data());
  stream.avail_out = found.size;
  if (inflate(&stream, Z_FINISH) != Z_STREAM_END || stream.total_out != found.size) give_up("damaged attachment");
  if (crc32_z(0, reinterpret_cast<const Bytef*>(xml_.data()), found.size) != found.crc) give_up("wrong checksum");
  return {xml_.data(), found.size};
}

}  // namespace floor_bench
