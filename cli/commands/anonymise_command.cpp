// ruaudit anonymise: makes a fixture that is safe to share from any report or mail.
#include <fmt/format.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/commands.hpp"
#include "cli/steps/confinement.hpp"
#include "jobs/anonymise/confined.hpp"
#include "jobs/process/new_file.hpp"
#include "verify/suffix/public_suffix_list.hpp"

namespace ruaudit::cli {
namespace {

constexpr OptionSpec options_table[] = {
    {"output,o", OptionKind::value, "FILE", "write there instead of standard output; an existing file is refused"},
    {"key", OptionKind::value, "FILE",
     "secret of at least 16 octets, with which equal words stay equal in several runs"},
};
constexpr CommandSpec spec = {"anonymise",
                              "FILE [-o OUT] [--key FILE]",
                              "Makes a report or mail safe to share: what people wrote is replaced.",
                              options_table,
                              1,
                              1};

constexpr std::size_t max_octets = std::size_t{256} << 20U;

model::Result<std::string> read_all(const std::string& path) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  if (!in) return model::failure("source-not-found", path + " cannot be read", "check the name and the permissions");
  std::string text;
  std::string piece(std::size_t{1} << 16U, '\0');
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
    text.append(piece, 0, static_cast<std::size_t>(in.gcount()));
    if (text.size() > max_octets)
      return model::failure("file-too-large", path + " has more than 256 MiB", "take a part of it");
  }
  return text;
}

model::Result<std::string> key_of(const Options& options) {
  if (const auto path = options.value("key")) return read_all(*path);
  std::string key(32, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(key.size())) != 1)
    return model::failure("random", "the system provides no random octets", "give a key with --key FILE");
  return key;
}

// RFC 2606, RFC 6761, RFC 6762, RFC 7686, RFC 8375, ICANN SAC 113, and what hosts of private networks are named below.
bool is_reserved(std::string_view label) {
  constexpr std::array<std::string_view, 12> labels = {"example", "test",        "invalid", "localhost",
                                                       "local",   "onion",       "arpa",    "internal",
                                                       "lan",     "localdomain", "corp",    "intranet"};
  return std::find(labels.begin(), labels.end(), label) != labels.end();
}

void tell(const jobs::AnonymiserCounts& counts, jobs::Console& console) {
  console.err << fmt::format(
      "changed: {} fields of headers and feedback reports, {} texts, {} parts of unknown kinds replaced as a whole; {} "
      "XML texts read\nkept: domains, addresses of hosts, dates, results, counts and the structure; check the result "
      "before you share it\n",
      counts.fields, counts.texts, counts.replaced, counts.xml);
}

model::Result<ExitCode> run(const Options& options, jobs::Console& console) {
  TRY(const auto octets, read_all(options.arguments()[0]));
  TRY(auto key, key_of(options));
  TRY(auto redactor, store::Redactor::create(std::move(key)));
  TRY(const auto list, verify::suffix::PublicSuffixList::system());
  redactor.know_top_levels(
      [&list](std::string_view label) { return is_reserved(label) || list.is_top_level(std::string(label)); });
  const auto cleaned = jobs::anonymise_confined(redactor, octets, confined_work(options, console));
  if (!cleaned) return model::failure(cleaned.error().in(options.arguments()[0]));
  if (const auto path = options.value("output")) {
    TRY_VOID(jobs::write_new_file(*path, cleaned->octets));
  } else {
    console.out << cleaned->octets;
  }
  tell(cleaned->counts, console);
  return ExitCode::success;
}

}  // namespace

const Command anonymise_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
