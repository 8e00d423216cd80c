// A complete and clean domain, example.org, with one thing changed: what check() says of it.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "jobs/check/check_domain.hpp"
#include "verify/dns/zone.hpp"

namespace ruaudit::test {

namespace records = model::records;

inline constexpr std::string_view key_2048 =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsFHpHGK5n4PLjBe9R+EP1nXC+hY7pn5c7HtxicmeCpLQlw3T4GKyeG6V2hmKUgR922kAlk"
    "Q4y2BKw1KOAq7Bi3y5YDx/9ZKL0uKFYgT9y19AOic6/InVz1ka0ZgM9BCEtcmAUCIDKYIM3nO/v/3EqV9AeX8TzBkp0slw7yR03q92WJityTDEiZgC"
    "mFUzBCNKJ4K4WYTJDTa4gESlAgZRTjjyD6yq2LNg1ddqwc8ClXMFidS/8isE52o03q/RF5yiO9o1Rm/+aKYGfzSshN0hD7NEFxahtSaatK+eN4rWX8"
    "9HszozQYS4ojOQmkMSkIVvQs4jkKxU6uzVVoRJjComtwIDAQAB";

struct Domain {  // the records of example.org; empty: none
  std::string spf = "v=spf1 mx -all";
  std::string dmarc = "v=DMARC1; p=reject; rua=mailto:dmarc@example.org";
  std::string dkim = "v=DKIM1; k=rsa; p=" + std::string(key_2048);
  std::string sts = "v=STSv1; id=20260901T060000;";
  std::string tlsrpt = "v=TLSRPTv1; rua=mailto:tls@example.org";
  std::string bimi{};
  std::map<std::string, std::string> more{};                                             // name -> JSON list of entries
  std::optional<std::vector<std::string>> public_suffixes = std::vector<std::string>{};  // absent: no list
};

records::CheckReport check(const Domain& domain);
// The codes of errors and warnings, sorted, once each.
std::vector<std::string> faults(const records::CheckReport& report);
const records::Finding* find(const records::CheckReport& report, std::string_view code);

}  // namespace ruaudit::test
