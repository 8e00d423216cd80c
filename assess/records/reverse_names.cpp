#include <algorithm>
#include <array>
#include <set>

#include "assess/records/hosts.hpp"
#include "assess/records/network.hpp"
#include "assess/records/text.hpp"
#include "model/ascii.hpp"
#include "verify/spf/macro.hpp"

namespace ruaudit::assess::records {
namespace {

std::string reverse_of(const model::IpAddress& address) { return verify::spf::reverse_name(address); }

class Check {
 public:
  explicit Check(Answers& answers) : answers_(answers) {}

  void host(const Host& host) {
    for (const auto& address : host.addresses)
      if (!is_private(network_of(address, 128)) && done_.insert(address.to_string()).second) one(address, host.name);
  }
  Findings take() { return std::move(findings_); }

 private:
  void add(std::string_view code, const model::IpAddress& address, const std::string& host, std::string detail) {
    auto finding = found(code, at_name(reverse_of(address)), std::move(detail));
    if (finding.severity != Severity::info) finding.fix = Fix{host, finding.place.name, FixType::PTR};
    findings_.push_back(std::move(finding));
  }

  void one(const model::IpAddress& address, const std::string& host) {
    const auto answer = answers_.query(reverse_of(address), dns::RecordType::PTR);
    if (answer.is_temporary_error())
      return findings_.push_back(found("dns-error", Severity::info, at_name(reverse_of(address)),
                                       "the reverse name of " + host + " was looked up"));
    if (answer.names.empty()) return add("ptr-missing", address, host, address.to_string() + " is " + host);
    std::vector<std::string> confirmed;
    bool is_unknown = false;
    for (const auto& name : answer.names) {
      const auto forward = answers_.query(name, address.is_v4() ? dns::RecordType::A : dns::RecordType::AAAA);
      is_unknown = is_unknown || forward.is_temporary_error();
      if (std::find(forward.addresses.begin(), forward.addresses.end(), address) != forward.addresses.end())
        confirmed.push_back(name);
    }
    if (confirmed.empty()) {
      if (!is_unknown)
        add("ptr-not-confirmed", address, host, answer.names.front() + " does not lead to " + address.to_string());
      return;
    }
    const bool is_generic = std::all_of(confirmed.begin(), confirmed.end(),
                                        [&](const std::string& name) { return is_generic_name(name, address); });
    if (is_generic) return add("ptr-generic", address, host, confirmed.front());
    if (std::find(confirmed.begin(), confirmed.end(), ascii::lower(host)) == confirmed.end())
      add("ptr-differs", address, host, confirmed.front() + ", not " + host);
  }

  Answers& answers_;
  Findings findings_;
  std::set<std::string> done_;
};

Host resolved(Answers& answers, const std::string& name) {
  Host host{.name = name};
  const dns::Question questions[] = {{name, dns::RecordType::A}, {name, dns::RecordType::AAAA}};
  for (const auto& answer : answers.query_all(questions))
    host.addresses.insert(host.addresses.end(), answer.addresses.begin(), answer.addresses.end());
  return host;
}

std::string hex(unsigned value) {
  constexpr std::string_view digits = "0123456789abcdef";
  return {digits[value >> 4U], digits[value & 15U]};
}

bool holds_v4(std::string_view name, std::array<unsigned, 4> octets) {
  std::string padded, hexadecimal;
  std::vector<std::string> numbers;
  for (const auto octet : octets) {
    const auto text = std::to_string(octet);
    padded += std::string(3 - text.size(), '0') + text;
    hexadecimal += hex(octet);
    numbers.push_back(text);
  }
  if (name.find(padded) != std::string_view::npos || name.find(hexadecimal) != std::string_view::npos) return true;
  // The four numbers with one separator between them: 192-0-2-25, 192.0.2.25, 192x0x2x25.
  std::vector<std::string> found_numbers;
  for (std::size_t begin = 0; (begin = name.find_first_of("0123456789", begin)) != std::string_view::npos;) {
    const auto end = std::min(name.size(), name.find_first_not_of("0123456789", begin));
    auto number = std::string(name.substr(begin, end - begin));
    number.erase(0, std::min(number.find_first_not_of('0'), number.size() - 1));
    found_numbers.push_back(std::move(number));
    begin = end;
  }
  return std::search(found_numbers.begin(), found_numbers.end(), numbers.begin(), numbers.end()) != found_numbers.end();
}

}  // namespace

bool is_generic_name(std::string_view raw, const model::IpAddress& address) {
  const auto name = ascii::lower(raw);
  if (address.is_v4()) {
    const auto bits = address.v4_bits();
    const std::array<unsigned, 4> octets = {bits >> 24U, (bits >> 16U) & 255U, (bits >> 8U) & 255U, bits & 255U};
    return holds_v4(name, octets) || holds_v4(name, {octets[3], octets[2], octets[1], octets[0]});
  }
  // All 32 digits, or the groups as they are written, without their separators.
  std::string digits;
  for (const auto octet : address.key()) digits += hex(octet);
  const auto bare = without(name, "-.:x");
  if (bare.find(digits) != std::string::npos) return true;
  auto written = replaced(replaced(address.to_string(), "::", "-"), ":", "-");
  return name.find(written) != std::string::npos || name.find(replaced(written, "-", ".")) != std::string::npos ||
         name.find(replaced(replaced(address.to_string(), "::", "--"), ":", "-")) != std::string::npos;
}

Findings check_reverse_names(const Inquiry& inquiry, const MxState& mx, Answers& answers) {
  Check check(answers);
  for (const auto& host : mx.hosts) check.host(host);
  for (const auto& name : inquiry.sending_hosts) check.host(resolved(answers, name));
  return check.take();
}

// RFC 5782 section 2.1: an A record at the reversed address in the zone, 127.0.0.0/8 but not 127.255.255.0/24 (which
// lists use to say that the question was refused).
Findings check_block_lists(const Inquiry& inquiry, const MxState& mx, Answers& answers) {
  Findings findings;
  const auto inside = parse_network("127.0.0.0/8"), refused = parse_network("127.255.255.0/24");
  for (const auto& zone : inquiry.dnsbl_zones)
    for (const auto& host : mx.hosts)
      for (const auto& address : host.addresses) {
        const auto reverse = reverse_of(address);
        const auto name = reverse.substr(0, reverse.rfind('.', reverse.rfind('.') - 1)) + "." + zone;
        const auto answer = answers.query(name, dns::RecordType::A);
        if (answer.is_temporary_error())
          findings.push_back(found("dns-error", Severity::info, at_name(name), "a block list was asked"));
        for (const auto& listed : answer.addresses) {
          const auto one = network_of(listed, 32);
          if (!is_inside(one, *inside) || is_inside(one, *refused)) continue;
          findings.push_back(found("dnsbl-listed", at_name(name),
                                   address.to_string() + " (" + host.name + "): " + listed.to_string()));
          break;
        }
      }
  return findings;
}

}  // namespace ruaudit::assess::records
