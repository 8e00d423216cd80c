// What every stream is, for those who sum up: the classes of millions of streams without their evidence. By domain,
// source and pattern.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "assess/source_class.hpp"

namespace ruaudit::assess {

class ClassIndex {
 public:
  struct Entry {
    std::uint32_t domain = 0, source = 0;
    std::uint32_t first = 0, count = 0;  // of its patterns
    std::uint32_t name = 0, host = 0;    // texts
    Class is = Class::stranger;
    std::int64_t messages = 0;
  };
  ClassIndex() : texts_{""}, places_{{"", 0}} {}
  explicit ClassIndex(std::span<const SourceClass> classes) : ClassIndex() { add(classes); }
  void reserve(std::size_t streams);  // as many as there will be
  // Domains come one after the other, sources of one in their order.
  void add(std::span<const SourceClass> classes);

  // The entry that names the pattern; nullptr where none does.
  [[nodiscard]] const Entry* find(std::uint32_t domain, std::uint32_t source, std::uint32_t pattern) const;
  // The class of a stream: that of most of the source's mail where the pattern has none.
  [[nodiscard]] Class of(std::uint32_t domain, std::uint32_t source, std::optional<std::uint32_t> pattern) const;
  [[nodiscard]] const std::string& text(std::uint32_t place) const { return texts_[place]; }

 private:
  [[nodiscard]] std::span<const Entry> entries_of(std::uint32_t domain, std::uint32_t source) const;
  [[nodiscard]] bool has(const Entry& entry, std::uint32_t pattern) const;
  std::uint32_t place_of(const std::string& text);
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> patterns_;
  std::vector<std::string> texts_;
  std::unordered_map<std::string, std::uint32_t> places_;
};

}  // namespace ruaudit::assess
