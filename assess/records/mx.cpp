#include <algorithm>

#include "assess/records/hosts.hpp"
#include "assess/records/network.hpp"

namespace ruaudit::assess::records {
namespace {

struct Line {
  std::uint16_t preference = 0;
  std::string host{};
};

class Check {
 public:
  Check(const Inquiry& inquiry, bool is_parked, Answers& answers)
      : domain_(inquiry.domain.text()), is_parked_(is_parked), answers_(answers) {}

  MxState run() {
    const auto answer = answers_.query(domain_, dns::RecordType::MX);
    if (answer.is_temporary_error()) {
      add(found("dns-error", at_name(domain_),
                "the MX records were looked up here: " + std::string(model::to_text(answer.status))));
      return std::move(state_);
    }
    if (!answer.is_found()) {
      none();
      return std::move(state_);
    }
    const auto is_root = [](const dns::MxRecord& mx) { return mx.exchange.empty(); };
    const bool has_null = std::any_of(answer.mx.begin(), answer.mx.end(), is_root);
    state_.is_null = has_null && answer.mx.size() == 1;
    if (state_.is_null) add(found("mx-null", at_name(domain_)));
    if (has_null && !state_.is_null) add(found("mx-null-with-others", at_name(domain_)));
    for (const auto& mx : answer.mx)
      if (!is_root(mx)) host(mx);
    offer_fix();
    return std::move(state_);
  }

 private:
  void add(Finding finding) { state_.findings.push_back(std::move(finding)); }

  void none() {
    if (is_parked_) return;
    const dns::Question questions[] = {{domain_, dns::RecordType::A}, {domain_, dns::RecordType::AAAA}};
    const auto found_addresses = answers_.query_all(questions);
    const bool has_address = std::any_of(found_addresses.begin(), found_addresses.end(),
                                         [](const dns::Answer& each) { return each.is_found(); });
    const bool is_unknown = std::any_of(found_addresses.begin(), found_addresses.end(),
                                        [](const dns::Answer& each) { return each.is_temporary_error(); });
    if (!has_address && is_unknown)
      return add(found("dns-error", at_name(domain_), "the address used in place of an MX was looked up"));
    if (has_address)
      add(found("mx-missing", Severity::warning, at_name(domain_), "the domain's own address is used instead"));
    else
      add(found("mx-missing", at_name(domain_),
                found_addresses[0].status == dns::Status::nxdomain ? "the name does not exist"
                                                                   : "there is no address to use instead"));
  }

  void host(const dns::MxRecord& mx) {
    const bool is_known =
        std::any_of(lines_.begin(), lines_.end(), [&](const Line& line) { return line.host == mx.exchange; });
    if (is_known) {
      has_fault_ = true;
      return add(found("mx-duplicate", {.name = domain_, .text = mx.exchange}));
    }
    if (model::IpAddress::parse(mx.exchange)) {
      has_fault_ = true;
      return add(found("mx-ip-literal", {.name = domain_, .text = mx.exchange},
                       "an MX must name a host, and the host has the address"));
    }
    const dns::Question questions[] = {{mx.exchange, dns::RecordType::A}, {mx.exchange, dns::RecordType::AAAA}};
    const auto answers = answers_.query_all(questions);
    Host host{.name = mx.exchange};
    bool is_failed = false;
    for (const auto& answer : answers) {
      is_failed = is_failed || answer.is_temporary_error();
      host.addresses.insert(host.addresses.end(), answer.addresses.begin(), answer.addresses.end());
    }
    const auto& chain = answers[0].cname_chain;
    if (is_failed) {
      add(found("dns-error", at_name(mx.exchange), "the address of this mail host was looked up"));
    } else if (host.addresses.empty()) {
      has_fault_ = true;
      add(found("mx-no-address", at_name(mx.exchange)));
      if (const auto meant = meant_host(mx.exchange); !meant.empty()) lines_.push_back({mx.preference, meant});
      return;
    }
    if (!chain.empty() && !is_failed) {
      has_fault_ = true;
      add(found("mx-cname", at_name(mx.exchange), "an alias of " + chain.back()));
    }
    private_only(host);
    lines_.push_back({mx.preference, chain.empty() ? mx.exchange : chain.back()});
    state_.hosts.push_back(std::move(host));
  }
  // A panel or zone file that adds the domain, or does not, where the other was meant.
  std::string meant_host(const std::string& name) {
    const auto tail = "." + domain_;
    const auto other = name.ends_with(tail) ? name.substr(0, name.size() - tail.size()) : name + tail;
    const dns::Question questions[] = {{other, dns::RecordType::A}, {other, dns::RecordType::AAAA}};
    for (const auto& answer : answers_.query_all(questions))
      if (answer.is_found() && answer.cname_chain.empty() && other.find('.') != std::string::npos) return other;
    return {};
  }
  void private_only(const Host& host) {
    const bool is_inner = !host.addresses.empty() &&
                          std::all_of(host.addresses.begin(), host.addresses.end(),
                                      [](const auto& address) { return is_private(network_of(address, 128)); });
    if (is_inner) add(found("mx-private-address", at_name(host.name), host.addresses.front().to_string()));
  }

  // The lines that are right, aliases replaced by what they stand for.
  void offer_fix() {
    std::string text;
    for (const auto& line : lines_)
      text += (text.empty() ? "" : "\n") + std::to_string(line.preference) + " " + line.host;
    for (auto& finding : state_.findings) {
      const bool is_curable = finding.code == "mx-null-with-others" || finding.code == "mx-duplicate" ||
                              finding.code == "mx-no-address" || finding.code == "mx-ip-literal" ||
                              finding.code == "mx-cname";
      if (is_curable && !text.empty()) finding.fix = Fix{text, domain_, FixType::MX};
    }
  }

  const std::string& domain_;
  bool is_parked_, has_fault_ = false;
  Answers& answers_;
  std::vector<Line> lines_;
  MxState state_;
};

}  // namespace

MxState check_mx(const Inquiry& inquiry, bool is_parked, Answers& answers) {
  return Check(inquiry, is_parked, answers).run();
}

}  // namespace ruaudit::assess::records
