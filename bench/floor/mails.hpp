// The mails of a generated corpus and their attachments, with nothing but what the measurement needs: it trusts the
// packaging of bench/make-corpus and ends the program at anything else.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace floor_bench {

[[noreturn]] void give_up(std::string_view what);
std::vector<std::string> mails_below(const std::string& folder);

// Reads mail after mail, decodes the attachment and inflates it with its checksum. Buffers are kept between mails.
class Unpacker {
 public:
  Unpacker();
  ~Unpacker();
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;
  // The XML of the report; valid until the next call.
  std::string_view unpack(const std::string& path);

 private:
  void read(const std::string& path);
  void decode_attachment();
  std::string_view inflate_attachment();

  struct Inflater;
  Inflater* inflater_;
  std::string mail_, packed_, xml_;
};

}  // namespace floor_bench
