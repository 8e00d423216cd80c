#include "assess/services.hpp"

#include <algorithm>
#include <charconv>

#include "assess/domain_text.hpp"
#include "model/ascii.hpp"

namespace ruaudit::assess {
namespace {

constexpr std::size_t column_count = 16;
constexpr std::string_view header =
    "name\tother_names\ttype\tdkim_domains\treturn_paths\thosts\tspf_includes\tselectors\tasn\tcarriers\taligns_by\t"
    "setup\trecords\tforwards\tconfidence\tsource";
constexpr std::string_view types[] = {"mailbox_provider",
                                      "esp_marketing",
                                      "esp_transactional",
                                      "crm",
                                      "ticketing",
                                      "ecommerce",
                                      "hosting",
                                      "security_gateway",
                                      "mailing_list",
                                      "forwarder",
                                      "hr",
                                      "survey",
                                      "invoicing",
                                      "erp",
                                      "saas_other",
                                      "isp",
                                      "cloud"};

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::vector<std::string> values(std::string_view cell) {
  std::vector<std::string> out;
  for (const auto part : split(cell, '|'))
    if (!part.empty()) out.emplace_back(part);
  return out;
}

bool is_domain(std::string_view text) {
  if (text.starts_with("*.")) text.remove_prefix(2);
  bool has_dot = false;
  char former = '.';
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (c == '.' ? former == '.' : !is_plain) return false;
    has_dot = has_dot || c == '.';
    former = c;
  }
  return has_dot && former != '.';
}

model::Result<std::vector<std::string>> domains(std::string_view cell, std::string_view column) {
  auto names = values(cell);
  for (const auto& name : names)
    if (!is_domain(name))
      return model::failure("services", std::string(column) + ": '" + name + "' is not a domain",
                            "lower case, no trailing dot, at most '*.' at the start");
  return names;
}

model::Result<std::vector<std::int64_t>> numbers(std::string_view cell) {
  std::vector<std::int64_t> out;
  for (const auto& text : values(cell)) {
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc{} || end != text.data() + text.size() || number < 1)
      return model::failure("services", "asn: '" + text + "' is not an AS number", "digits only");
    out.push_back(number);
  }
  return out;
}

model::Result<Service> service_of(const std::vector<std::string_view>& cells) {
  Service row{.name = std::string(cells[0]), .other_names = values(cells[1]), .type = std::string(cells[2])};
  if (row.name.empty()) return model::failure("services", "the name is empty");
  if (std::find(std::begin(types), std::end(types), row.type) == std::end(types))
    return model::failure("services", "type: '" + row.type + "' is not known", "docs/services.md lists the types");
  TRY(row.dkim_domains, domains(cells[3], "dkim_domains"));
  TRY(row.return_paths, domains(cells[4], "return_paths"));
  TRY(row.hosts, domains(cells[5], "hosts"));
  TRY(row.spf_includes, domains(cells[6], "spf_includes"));
  row.selectors = values(cells[7]);
  TRY(row.asn, numbers(cells[8]));
  row.carriers = values(cells[9]);
  const auto aligns = model::parse_enum<AlignsBy>(cells[10]);
  if (!aligns)
    return model::failure("services", "aligns_by: '" + std::string(cells[10]) + "' is not known",
                          "one of both, dkim_custom, return_path_custom, spf_include_only, none");
  row.aligns_by = *aligns;
  row.setup = cells[11];
  row.records = values(cells[12]);
  row.forwards = cells[13] == "yes";
  row.confidence = cells[14];
  row.source = cells[15];
  return row;
}

// parsedmarc's base_reverse_dns_map.csv: base_reverse_dns,name,type. A name may stand in quotation marks.
std::vector<std::string> csv_cells(std::string_view line) {
  std::vector<std::string> cells(1);
  bool is_quoted = false;
  for (const char c : line) {
    if (c == '"')
      is_quoted = !is_quoted;
    else if (c == ',' && !is_quoted)
      cells.emplace_back();
    else
      cells.back() += c;
  }
  return cells;
}

model::Result<Service> service_of_map(std::string_view line) {
  const auto cells = csv_cells(line);
  if (cells.size() < 3 || cells[1].empty())
    return model::failure("services", "the line is not 'base_reverse_dns,name,type'");
  if (const auto host = ascii::lower(cells[0]); is_domain(host))
    return Service{
        .name = cells[1], .type = "saas_other", .hosts = {host}, .confidence = "seen", .source = "owner's map"};
  return model::failure("services", "base_reverse_dns: '" + cells[0] + "' is not a domain");
}

bool matches_pattern(std::string_view text, std::string_view pattern) {
  const auto open = pattern.find('<');
  if (open == std::string_view::npos) return text == pattern;
  const auto close = pattern.find('>', open);
  const auto tail = close == std::string_view::npos ? std::string_view() : pattern.substr(close + 1);
  return text.size() > open + tail.size() && text.substr(0, open) == pattern.substr(0, open) && text.ends_with(tail);
}

std::string_view without_star(std::string_view name) { return name.starts_with("*.") ? name.substr(2) : name; }

}  // namespace

bool Service::rides_on(const Service& carrier) const {
  return std::any_of(carriers.begin(), carriers.end(),
                     [&carrier](const auto& known) { return carrier.is_known_as(known); });
}

bool Service::is_known_as(std::string_view text) const {
  const auto wanted = ascii::lower(text);
  return ascii::lower(name) == wanted ||
         std::any_of(other_names.begin(), other_names.end(),
                     [&wanted](const auto& other) { return ascii::lower(other) == wanted; });
}

const ServiceTable& ServiceTable::built_in() {
  static const ServiceTable table = [] {
    auto parsed = parse(services_text);
    return parsed ? std::move(*parsed) : ServiceTable();  // a test reads every row
  }();
  return table;
}

model::Result<ServiceTable> ServiceTable::parse(std::string_view text) {
  ServiceTable table;
  enum class Form : std::uint8_t { unknown, rows, map } form = Form::unknown;
  std::size_t number = 0;
  for (auto line : split(text, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    if (form == Form::unknown) {
      form = line == header ? Form::rows : Form::map;
      if (form == Form::rows || line.starts_with("base_reverse_dns,")) continue;
      return model::failure(
          "services", "line " + std::to_string(number) + ": neither the header of a list of services nor of a map",
          "docs/services.md shows the header");
    }
    const auto cells = split(line, '\t');
    if (form == Form::rows && cells.size() != column_count)
      return model::failure("services", "line " + std::to_string(number) + ": " + std::to_string(cells.size()) +
                                            " columns, not " + std::to_string(column_count));
    auto row = form == Form::rows ? service_of(cells) : service_of_map(line);
    if (!row) return model::failure(row.error().in("line " + std::to_string(number)));
    table.services_.push_back(std::move(*row));
  }
  table.index();
  return table;
}

ServiceTable ServiceTable::joined_with(const ServiceTable& other) const {
  ServiceTable joined = *this;
  for (const Service& service : other.services_) {
    const auto same = std::find_if(joined.services_.begin(), joined.services_.end(),
                                   [&service](const Service& s) { return s.name == service.name; });
    // A map names one host per line: its rows add to what is known.
    if (same == joined.services_.end())
      joined.services_.push_back(service);
    else if (service.source == "owner's map")
      same->hosts.insert(same->hosts.end(), service.hosts.begin(), service.hosts.end());
    else
      *same = service;
  }
  joined.index();
  return joined;
}

void ServiceTable::index() {
  by_domain_.clear();
  for (std::size_t i = 0; i < services_.size(); ++i)
    for (const auto* list :
         {&services_[i].dkim_domains, &services_[i].return_paths, &services_[i].hosts, &services_[i].spf_includes})
      for (const auto& name : *list) by_domain_[std::string(without_star(name))] = i;
  index_publishers();
}

// "spf.example.net" is published by example.net: hosts and envelopes below it are the same service's, unless several
// services or a row of its own claim it.
void ServiceTable::index_publishers() {
  std::unordered_map<std::string, std::size_t> publishers;
  constexpr auto contested = static_cast<std::size_t>(-1);
  for (std::size_t i = 0; i < services_.size(); ++i)
    for (const auto& include : services_[i].spf_includes) {
      const auto name = without_star(include);
      const auto dot = name.find('.');
      const auto label = name.substr(0, dot);
      const bool is_list = label.starts_with('_') || label.find("spf") != std::string_view::npos;
      if (!is_list || name.find('.', dot + 1) == std::string_view::npos) continue;
      const auto [at, is_new] = publishers.try_emplace(std::string(name.substr(dot + 1)), i);
      if (!is_new && at->second != i) at->second = contested;
    }
  for (const auto& [name, i] : publishers)
    if (i != contested) by_domain_.try_emplace(name, i);
}

ServiceTable::Match ServiceTable::by_domain(std::string_view name) const {
  while (true) {
    if (const auto found = by_domain_.find(std::string(name)); found != by_domain_.end())
      return {&services_[found->second], found->first};
    const auto dot = name.find('.');
    if (dot == std::string_view::npos) return {};
    name.remove_prefix(dot + 1);
  }
}

const Service* ServiceTable::by_name(std::string_view name) const {
  for (const Service& service : services_)
    if (service.is_known_as(name)) return &service;
  return nullptr;
}

std::vector<const Service*> ServiceTable::by_selector(std::string_view selector) const {
  std::vector<const Service*> found;
  for (const Service& service : services_)
    if (std::any_of(service.selectors.begin(), service.selectors.end(),
                    [selector](const auto& pattern) { return matches_pattern(selector, pattern); }))
      found.push_back(&service);
  return found;
}

std::string how_to_align(const Service& service) {
  const std::string where =
      service.setup.empty() ? "In " + service.name + "'s settings" : "In " + service.name + ", " + service.setup;
  std::string records;
  for (const auto& record : service.records) records += (records.empty() ? "" : ", ") + record;
  const std::string publish = records.empty() ? "publish the records shown there" : "publish " + records;
  switch (service.aligns_by) {
    case AlignsBy::both:
    case AlignsBy::dkim_custom:
      return where + ": enable DKIM for your domain and " + publish + ".";
    case AlignsBy::return_path_custom:
      return where + ": set a return path in your own domain and " + publish + ".";
    case AlignsBy::spf_include_only:
      return "Add " + (records.empty() ? "the SPF include of " + service.name : records) +
             " to the SPF record, and have " + service.name + " use your domain in the envelope.";
    case AlignsBy::none:
      break;
  }
  return service.is_network_only() ? "Find out who runs this server at " + service.name +
                                         ": list its address in SPF and sign DKIM on it, or stop it."
                                   : "Nothing to set up at " + service.name + ": it passes mail on.";
}

}  // namespace ruaudit::assess
