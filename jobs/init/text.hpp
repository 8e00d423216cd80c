// What `ruaudit init` makes from the answers: the text of a configuration file, the DNS records to publish, and how to
// have it run. Pure: answers in, texts out.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "config/configuration.hpp"
#include "verify/suffix/public_suffix_list.hpp"

namespace ruaudit::jobs {

// What the units of packaging/ read.
inline constexpr std::string_view system_configuration = "/etc/ruaudit/ruaudit.conf";

enum class Provider { other, microsoft365, google };
enum class Schedule { systemd, cron };

struct InitAnswers {
  std::vector<model::Domain> domains;  // that ask for reports
  std::string address;                 // where reports are sent
  std::string url;                     // imaps://... or empty
  std::string maildir;                 // path or empty
  Provider provider = Provider::other;
  std::string password_key = "password_file";  // or _command, _env, _credential
  std::string password_value;
  std::string database;  // empty: the default
  std::string done;      // as the key takes it
  Schedule schedule = Schedule::systemd;
  std::string config_path;
};

std::string configuration_text(const InitAnswers& answers);

// One record per line in the form of a zone file (RFC 1035 section 5.1): _dmarc of every domain, and for a mailbox
// under another organization's name the record by which it agrees (RFC 9990 section 4).
std::vector<std::string> dns_records(const InitAnswers& answers, const verify::suffix::PublicSuffixList* list);

// What remains to be done, one step per item.
std::vector<std::string> next_steps(const InitAnswers& answers);

// The part after '@', or nothing.
std::string_view address_domain(std::string_view address);

}  // namespace ruaudit::jobs
