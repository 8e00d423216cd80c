// What `ruaudit doctor` looks at beside mailboxes: database, disk, resolver, clock.
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "jobs/doctor/doctor.hpp"
#include "jobs/process/clock.hpp"
#include "store/ledger/mailbox_state.hpp"
#include "verify/dns/live_resolver.hpp"

namespace ruaudit::jobs {
namespace {

namespace dns = verify::dns;
namespace fs = std::filesystem;

// The folder, or the nearest above it that exists.
fs::path existing_folder(const std::string& path) {
  std::error_code fault;
  fs::path folder = fs::absolute(path, fault).parent_path();
  while (!folder.empty() && folder != folder.root_path() && !fs::exists(folder, fault)) folder = folder.parent_path();
  return folder;
}

void examine_new_database(const std::string& path, Findings& findings) {
  const fs::path folder = existing_folder(path);
  if (::access(folder.c_str(), W_OK | X_OK) == 0)
    return findings.ok("file", path + " does not exist yet; the first run creates it");
  findings.fail("file", fmt::format("{} does not exist, and {} cannot be written to", path, folder.string()),
                "create the folder for the user who runs ruaudit, or set database");
}

void examine_writability(const std::string& path, Findings& findings) {
  const fs::path folder = existing_folder(path);
  const bool is_writable = ::access(path.c_str(), W_OK) == 0 && ::access(folder.c_str(), W_OK) == 0;
  if (is_writable) return findings.ok("file", path + " can be written");
  findings.fail("file", fmt::format("{} or its folder cannot be written by this user", path),
                fmt::format("chown it to the user who runs ruaudit, with {}", folder.string()));
}

void examine_acknowledgements(store::Database& database, Findings& findings) {
  const auto counts = store::count_acknowledgements(database);
  if (!counts) return findings.fail("mails", counts.error());
  const std::string text =
      fmt::format("{} stored mails are waiting to be moved, flagged or deleted, {} could not be; {} not fetched",
                  counts->pending, counts->failed, counts->unfetched);
  if (counts->failed > 0 || counts->unfetched > 0)
    return findings.warn("mails", text, "`ruaudit fetch --verbose` shows which and why");
  findings.ok("mails", text);
}

bool asks_for_reports(const dns::TxtRecord& record) {
  const std::string text = record.text();
  return text.starts_with("v=DMARC1") && text.find("rua") != std::string::npos;
}

void judge_record(const dns::Answer& answer, Findings& findings) {
  const std::string name = answer.question.name;
  const std::string remedy = "publish a TXT record there: `ruaudit init --dry-run` shows one";
  if (answer.is_void()) return findings.fail("record", name + " has no TXT record, so nobody sends reports", remedy);
  if (!answer.is_found())
    return findings.fail("record", fmt::format("{}: {} {}", name, model::to_text(answer.status), answer.detail),
                         "check resolver in the configuration, or /etc/resolv.conf");
  for (const auto& record : answer.txt)
    if (asks_for_reports(record)) return findings.ok("record", name + " asks for reports");
  findings.fail("record", name + " has no DMARC record with rua", remedy);
}

std::string octets_text(std::uint64_t octets) {
  return octets >= (1ULL << 30U) ? fmt::format("{:.1f} GiB", static_cast<double>(octets) / (1ULL << 30U))
                                 : fmt::format("{} MiB", octets >> 20U);
}

}  // namespace

std::optional<store::Database> examine_database(const std::string& path, Findings& findings) {
  std::error_code fault;
  if (!fs::exists(path, fault)) {
    examine_new_database(path, findings);
    return std::nullopt;
  }
  auto database = store::Database::open({.path = path, .access = store::Access::read_only});
  if (!database) {
    findings.fail("file", database.error());
    return std::nullopt;
  }
  examine_writability(path, findings);
  examine_acknowledgements(*database, findings);
  return std::move(*database);
}

void examine_disk(const std::string& database_path, Findings& findings) {
  const fs::path folder = existing_folder(database_path);
  struct statvfs facts {};
  if (::statvfs(folder.c_str(), &facts) != 0)
    return findings.fail("space", fmt::format("{}: {}", folder.string(), std::strerror(errno)), "");
  const std::uint64_t free = static_cast<std::uint64_t>(facts.f_bavail) * facts.f_frsize;
  const std::string text = fmt::format("{} free in {}", octets_text(free), folder.string());
  const auto least = static_cast<std::uint64_t>(store::DatabaseOptions{}.min_free_octets);
  if (free < least)
    return findings.fail("space", text + fmt::format("; nothing is stored if less than {} is free", octets_text(least)),
                         "free some space, or move the database");
  if (free < (1ULL << 30U))
    return findings.warn("space", text, "free some space, or run `ruaudit db prune --keep 27-months`");
  findings.ok("space", text);
}

void examine_resolver(const config::General& general, Findings& findings) {
  dns::LiveOptions options;
  if (!general.resolver.empty()) {
    const auto server = dns::ServerAddress::parse(general.resolver);
    if (!server) return findings.fail("server", server.error());
    options.server = *server;
  }
  const auto resolver = dns::LiveResolver::open(options, epoch_now);
  if (!resolver) return findings.fail("server", resolver.error());
  findings.ok("server", (*resolver)->id());
  if (general.domains.empty())
    return findings.note("record", "no domains are configured, so no DMARC record is looked up");
  std::vector<dns::Question> questions;
  for (const model::Domain& domain : general.domains)
    questions.push_back({"_dmarc." + domain.text(), dns::RecordType::TXT});
  for (const dns::Answer& answer : (*resolver)->query_all(questions)) judge_record(answer, findings);
}

void examine_clock(std::int64_t now, Findings& findings) {
  constexpr std::int64_t written = 1'795'000'000;  // 2026-11-18: no clock is right before that
  const std::string remedy = "set the clock: certificates, tokens and DKIM signatures depend on it (timedatectl)";
  if (now < written) return findings.fail("time", fmt::format("the clock is at {} seconds, years ago", now), remedy);
  timex facts{};
  const int state = ::adjtimex(&facts);
  if (state == -1) return findings.note("time", "the kernel does not tell whether the clock is synchronised");
  if (state == TIME_ERROR || (facts.status & STA_UNSYNC) != 0)
    return findings.warn("time", "the clock is not synchronised", remedy);
  findings.ok("time", "the clock is synchronised");
}

}  // namespace ruaudit::jobs
