#include "assess/class_index.hpp"

#include <algorithm>

namespace ruaudit::assess {
namespace {

std::uint64_t index_key(std::uint32_t domain, std::uint32_t source) { return std::uint64_t{domain} << 32U | source; }

bool is_of_earlier_source(const ClassIndex::Entry& a, const ClassIndex::Entry& b) {
  return index_key(a.domain, a.source) < index_key(b.domain, b.source);
}

}  // namespace

void ClassIndex::reserve(std::size_t streams) {
  entries_.reserve(streams);
  patterns_.reserve(streams);
}

void ClassIndex::add(std::span<const SourceClass> classes) {
  for (const auto& one : classes) {
    entries_.push_back({.domain = one.domain,
                        .source = one.source,
                        .first = static_cast<std::uint32_t>(patterns_.size()),
                        .count = static_cast<std::uint32_t>(one.patterns.size()),
                        .name = place_of(one.name),
                        .host = place_of(one.host),
                        .is = one.is,
                        .messages = one.messages});
    patterns_.insert(patterns_.end(), one.patterns.begin(), one.patterns.end());
  }
}

std::uint32_t ClassIndex::place_of(const std::string& text) {
  const auto [at, is_new] = places_.try_emplace(text, static_cast<std::uint32_t>(texts_.size()));
  if (is_new) texts_.push_back(text);
  return at->second;
}

std::span<const ClassIndex::Entry> ClassIndex::entries_of(std::uint32_t domain, std::uint32_t source) const {
  const auto [first, last] = std::equal_range(entries_.begin(), entries_.end(),
                                              Entry{.domain = domain, .source = source}, is_of_earlier_source);
  return {first, last};
}

bool ClassIndex::has(const Entry& entry, std::uint32_t pattern) const {
  const auto its = std::span(patterns_).subspan(entry.first, entry.count);
  return std::find(its.begin(), its.end(), pattern) != its.end();
}

const ClassIndex::Entry* ClassIndex::find(std::uint32_t domain, std::uint32_t source, std::uint32_t pattern) const {
  for (const Entry& entry : entries_of(domain, source))
    if (has(entry, pattern)) return &entry;
  return nullptr;
}

Class ClassIndex::of(std::uint32_t domain, std::uint32_t source, std::optional<std::uint32_t> pattern) const {
  const auto entries = entries_of(domain, source);
  if (entries.empty()) return Class::stranger;
  for (const Entry& entry : entries)
    if (pattern && has(entry, *pattern)) return entry.is;
  return std::max_element(entries.begin(), entries.end(),
                          [](const Entry& a, const Entry& b) { return a.messages < b.messages; })
      ->is;
}

}  // namespace ruaudit::assess
