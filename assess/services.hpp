// What is publicly known about services that send mail for other domains (data/services.tsv, docs/services.md), and the
// search for the service a name belongs to. Names are compared on label boundaries; the longest wins. A table is made
// from text once and then only read; matches point into it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/enum_text.hpp"
#include "model/result.hpp"

namespace ruaudit::assess {

// By which mechanism mail can pass aligned once it is set up.
enum class AlignsBy : std::uint8_t { both, dkim_custom, return_path_custom, spf_include_only, none };

struct Service {
  std::string name{};
  std::vector<std::string> other_names{};
  std::string type{};                       // mailbox_provider, esp_marketing, ... cloud: names a network, not a sender
  std::vector<std::string> dkim_domains{};  // d= before a customer has their own, or where their CNAME leads
  std::vector<std::string> return_paths{};  // envelope domains
  std::vector<std::string> hosts{};         // suffixes of reverse names
  std::vector<std::string> spf_includes{};
  std::vector<std::string> selectors{};  // usual ones; <...> is a variable part
  std::vector<std::int64_t> asn{};
  std::vector<std::string> carriers{};  // names of services that may deliver for it
  AlignsBy aligns_by = AlignsBy::none;
  std::string setup{};                 // where in its console, e.g. "Settings > Domains"
  std::vector<std::string> records{};  // what is published, e.g. "CNAME s1._domainkey", "include:_spf.example.net"
  bool forwards = false;               // known to forward mail
  std::string confidence{};            // documented, seen, inferred
  std::string source{};                // page that shows it

  [[nodiscard]] bool is_network_only() const { return type == "cloud"; }
  [[nodiscard]] bool is_forwarder() const { return type == "forwarder"; }
  [[nodiscard]] bool is_list() const { return type == "mailing_list"; }
  // Any of its customers may send anything: what another customer proves says nothing about the owner.
  [[nodiscard]] bool is_known_as(std::string_view text) const;  // name or other name, case ignored
  [[nodiscard]] bool rides_on(const Service& carrier) const;    // the carrier may deliver for it
};

class ServiceTable {
 public:
  // The built-in rows.
  static const ServiceTable& built_in();
  // Rows of a file in the format of docs/services.md, or parsedmarc's map of reverse names (CSV: base_reverse_dns,
  // name, type). Error "services": line and column, and what would be right.
  static model::Result<ServiceTable> parse(std::string_view text);
  // The rows of both; where they disagree about a name, those of `other` win.
  [[nodiscard]] ServiceTable joined_with(const ServiceTable& other) const;

  [[nodiscard]] const std::vector<Service>& services() const { return services_; }
  // The service whose domain (of DKIM, envelope, reverse name or SPF include) is `name` or above it. `matched` is that
  // domain.
  struct Match {
    const Service* service = nullptr;
    std::string_view matched;
  };
  [[nodiscard]] Match by_domain(std::string_view name) const;
  [[nodiscard]] const Service* by_name(std::string_view name) const;
  // Services whose usual selectors include this one; supports a decision, never names a service.
  [[nodiscard]] std::vector<const Service*> by_selector(std::string_view selector) const;

 private:
  void index();
  void index_publishers();
  std::vector<Service> services_;
  std::unordered_map<std::string, std::size_t> by_domain_;
};

extern const char* const services_text;

// "Publish CNAME k2._domainkey ..., which you find in Mailchimp under ...": one sentence from the row's facts.
std::string how_to_align(const Service& service);

}  // namespace ruaudit::assess

namespace ruaudit::model {
template <>
inline constexpr EnumText<assess::AlignsBy> enum_table<assess::AlignsBy>[] = {
    {assess::AlignsBy::both, "both"},
    {assess::AlignsBy::dkim_custom, "dkim_custom"},
    {assess::AlignsBy::return_path_custom, "return_path_custom"},
    {assess::AlignsBy::spf_include_only, "spf_include_only"},
    {assess::AlignsBy::none, "none"}};
}  // namespace ruaudit::model
