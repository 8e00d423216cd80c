#include "verify/dns/zone.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>
#include <set>

#include "verify/dns/name.hpp"
#include "verify/dns/zone_detail.hpp"

namespace ruaudit::verify::dns {
namespace {

constexpr int rcode_servfail = 2;
constexpr int rcode_nxdomain = 3;

std::string_view parent_of(std::string_view name) {
  const auto dot = name.find('.');
  return dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
}

void fill(Answer& answer, const RecordSet& records) {
  answer.status = records.status;
  answer.txt = records.txt;
  answer.addresses = records.addresses;
  answer.mx = records.mx;
  answer.names = records.names;
  answer.tlsa = records.tlsa;
}

int rcode_of(Status status) {
  if (status == Status::servfail) return rcode_servfail;
  return status == Status::nxdomain ? rcode_nxdomain : 0;
}

}  // namespace

tl::unexpected<model::Error> zone_failure(std::size_t line, std::string_view what) {
  return model::failure("zone-file", "line " + std::to_string(line) + ": " + std::string(what),
                        "fix this line of the zone file");
}

std::optional<TlsaRecord> tlsa_of(const std::vector<std::string>& fields) {
  if (fields.size() < 4) return std::nullopt;
  TlsaRecord record;
  std::uint8_t* const numbers[] = {&record.usage, &record.selector, &record.matching_type};
  for (std::size_t i = 0; i < std::size(numbers); ++i) {
    const auto& text = fields[i];
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), *numbers[i]);
    if (error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
  }
  std::string hex;
  for (std::size_t i = 3; i < fields.size(); ++i) hex += fields[i];
  if (hex.size() % 2 != 0) return std::nullopt;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    std::uint8_t octet = 0;
    const auto [rest, error] = std::from_chars(hex.data() + i, hex.data() + i + 2, octet, 16);
    if (error != std::errc{} || rest != hex.data() + i + 2) return std::nullopt;
    record.data += static_cast<char>(octet);
  }
  return record;
}

bool ZoneBuilder::add_name(const std::string& name) {
  for (std::string_view at = name; !at.empty(); at = parent_of(at)) {
    if (!zone_.nodes_.try_emplace(std::string(at)).second) return true;
    if (zone_.nodes_.size() > limits_.max_names) return false;
  }
  return true;
}

RecordSet& ZoneBuilder::set(const std::string& name, RecordType type, std::uint32_t ttl) {
  auto [entry, is_new] = zone_.nodes_[name].sets.try_emplace(type);
  entry->second.ttl = is_new ? ttl : std::min(ttl, entry->second.ttl);
  return entry->second;
}

bool ZoneBuilder::has_set(const std::string& name, RecordType type) const {
  const auto node = zone_.nodes_.find(name);
  return node != zone_.nodes_.end() && node->second.sets.contains(type);
}

void ZoneBuilder::set_otherwise(const std::string& name, Status status) { zone_.nodes_[name].otherwise = status; }

model::Result<Zone> Zone::parse(std::string_view text, const ZoneLimits& limits) {
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string_view::npos && text[first] == '{';
  return is_json ? parse_json(text, limits) : parse_master(text, limits);
}

// The node of the name itself, or the wildcard below its closest encloser. RFC 4592 section 3.3.1
const Zone::Node* Zone::find(const std::string& name) const {
  if (const auto exact = nodes_.find(name); exact != nodes_.end()) return &exact->second;
  std::string_view encloser = parent_of(name);
  while (!encloser.empty() && !nodes_.contains(std::string(encloser))) encloser = parent_of(encloser);
  const auto wildcard = nodes_.find(encloser.empty() ? "*" : "*." + std::string(encloser));
  return wildcard == nodes_.end() ? nullptr : &wildcard->second;
}

// RFC 2308 section 5: the lesser of the SOA's own TTL and its minimum field, computed when it was read.
std::uint32_t Zone::negative_ttl(std::string_view name) const {
  for (; !name.empty(); name = parent_of(name))
    if (const auto apex = negative_ttls_.find(std::string(name)); apex != negative_ttls_.end()) return apex->second;
  return default_negative_ttl;
}

// What the node says about the type: a set, an alias (status noerror without records) or a negative answer.
Zone::Found Zone::look_up(const std::string& name, RecordType type) const {
  const Node* node = find(name);
  if (node == nullptr) return {.status = Status::nxdomain, .ttl = negative_ttl(name)};
  if (const auto set = node->sets.find(type); set != node->sets.end())
    return {.status = set->second.status, .ttl = set->second.ttl, .records = &set->second};
  const auto alias = node->sets.find(RecordType::CNAME);
  if (alias == node->sets.end()) return {.status = node->otherwise.value_or(Status::nodata), .ttl = negative_ttl(name)};
  if (alias->second.status != Status::noerror) return {.status = alias->second.status, .ttl = alias->second.ttl};
  return {.status = Status::noerror, .ttl = alias->second.ttl, .alias = alias->second.names.front()};
}

// RFC 1034 section 4.3.2 step 3a: an alias is followed unless CNAME itself was asked for.
void Zone::walk(std::string name, Answer& answer) const {
  std::set<std::string> passed{name};
  answer.ttl = std::numeric_limits<std::uint32_t>::max();
  for (;;) {
    const auto found = look_up(name, answer.question.type);
    answer.ttl = std::min(answer.ttl, found.ttl);
    answer.status = found.status;
    if (found.records != nullptr) return fill(answer, *found.records);
    if (!found.alias) return;
    name = *found.alias;
    answer.cname_chain.push_back(name);
    answer.status = Status::servfail;
    if (!passed.insert(name).second) return void(answer.detail = "CNAME loop at " + name);
    if (answer.cname_chain.size() > max_cname_chain) return void(answer.detail = "CNAME chain too long");
  }
}

Answer Zone::answer(const Question& question) const {
  Answer answer;
  answer.question = question;
  answer.status = Status::bad_name;
  if (const auto name = canonical_name(question.name)) walk(*name, answer);
  answer.rcode = rcode_of(answer.status);
  return answer;
}

std::vector<Answer> ZoneResolver::query_all(std::span<const Question> questions) {
  std::vector<Answer> answers;
  answers.reserve(questions.size());
  for (const auto& question : questions) {
    answers.push_back(zone_.answer(question));
    answers.back().resolver = id_;
    answers.back().time = clock_();
  }
  return answers;
}

}  // namespace ruaudit::verify::dns
