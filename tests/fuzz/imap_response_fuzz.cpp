// Octets of an IMAP server: read whole and in small pieces, which must give the same; every response into its value;
// names and sets of UIDs there and back.
#include <cstdint>
#include <cstdlib>

#include "ingest/mailbox/imap/modified_utf7.hpp"
#include "ingest/mailbox/imap/response.hpp"
#include "ingest/mailbox/imap/uid_set.hpp"
#include "ingest/mailbox/imap/value.hpp"

using namespace ruaudit;
using namespace ruaudit::ingest::mailbox;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

struct Kept : ImapEvents {
  model::Result<void> line(const ImapLine& one) override {
    lines.push_back(one);
    return {};
  }
  model::Result<void> body_begin(std::uint64_t octets) override {
    bodies += "<" + std::to_string(octets) + ">";
    return {};
  }
  model::Result<void> body_chunk(std::string_view octets) override {
    bodies.append(octets);
    return {};
  }
  std::vector<ImapLine> lines;
  std::string bodies;
};

AnswerLimits small_limits() {
  AnswerLimits limits;
  limits.line_octets = 4096;
  limits.literal_octets = 4096;
  limits.mail_octets = 1'000'000;
  return limits;
}

std::string read(std::string_view octets, std::size_t step, Kept& kept) {
  ImapReader reader(small_limits());
  for (; !octets.empty(); octets.remove_prefix(std::min(step, octets.size())))
    if (const auto fed = reader.feed(octets.substr(0, step), kept); !fed) return fed.error().code;
  return "";
}

void check_value(const ImapLine& line) {
  require(line.text.size() <= small_limits().line_octets + 2);
  const auto parsed = parse_response(line, 8);
  if (!parsed) {
    require(!parsed.error().code.empty() && parsed.error().message.size() < 2000);
    return;
  }
  if (const auto* list = std::get_if<ImapList>(&*parsed)) {
    const auto name = from_modified_utf7(list->name);
    if (const auto wire = to_modified_utf7(name)) require(from_modified_utf7(*wire) == name);
  }
  if (const auto* tagged = std::get_if<ImapTagged>(&*parsed))
    if (const auto uids = parse_uid_set(tagged->status.arguments, 500)) require(uids->size() <= 500);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  Kept whole;
  Kept pieces;
  const auto error = read(octets, size + 1, whole);
  require(read(octets, 3, pieces) == error);
  require(whole.lines == pieces.lines && whole.bodies == pieces.bodies);
  for (const auto& line : whole.lines) check_value(line);
  return 0;
}
