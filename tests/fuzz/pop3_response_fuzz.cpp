// Octets of a POP3 server after a fixed row of commands: read whole and in small pieces, which must give the same. A
// mail is never longer than the octets it came in.
#include <cstdint>
#include <cstdlib>

#include "ingest/mailbox/pop3/response.hpp"

using namespace ruaudit;
using namespace ruaudit::ingest::mailbox;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

struct Kept : Pop3Events {
  model::Result<void> status(const Pop3Status& one) override {
    said.append(one.code + "|" + one.text + "\n");
    return {};
  }
  model::Result<void> line(std::string_view one) override {
    said.append(std::string(one) + "\n");
    return {};
  }
  model::Result<void> mail_chunk(std::string_view octets) override {
    mail.append(octets);
    return {};
  }
  model::Result<void> end() override {
    said.append("end\n");
    return {};
  }
  std::string said;
  std::string mail;
};

std::string read(std::string_view octets, std::size_t step, Kept& kept) {
  AnswerLimits limits;
  limits.line_octets = 4096;
  limits.mail_octets = 1'000'000;
  Pop3Reader reader(limits);
  for (const auto kind : {ReplyKind::status, ReplyKind::lines, ReplyKind::mail, ReplyKind::mail, ReplyKind::lines,
                          ReplyKind::status, ReplyKind::mail, ReplyKind::status})
    reader.expect(kind);
  for (; !octets.empty(); octets.remove_prefix(std::min(step, octets.size())))
    if (const auto fed = reader.feed(octets.substr(0, step), kept); !fed) return fed.error().code;
  return "";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  Kept whole;
  Kept pieces;
  const auto error = read(octets, size + 1, whole);
  require(read(octets, 3, pieces) == error);
  require(whole.said == pieces.said && whole.mail == pieces.mail);
  require(whole.mail.size() <= size);
  return 0;
}
