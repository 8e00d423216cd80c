#include "cluster/server/native.hpp"

#include <algorithm>

namespace ruaudit::cluster {
namespace {

// Of LowCardinality: the version of its keys, and what follows: indices of 32 bits, keys of this block's own.
constexpr std::uint64_t dictionary_version = 1;
constexpr std::uint64_t dictionary_kind = 2 | 1ULL << 9U | 1ULL << 10U;

}  // namespace

void add_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80U));
    value >>= 7U;
  }
  out.push_back(static_cast<char>(value));
}

void add_text(std::string& out, std::string_view text) {
  add_varint(out, text.size());
  out.append(text);
}

void Fixed::add(std::span<const std::uint8_t> octets) {
  const auto end = octets_.size() + size_;
  octets_.append(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(std::min(octets.size(), size_)));
  octets_.resize(end, '\0');
}

void Dictionary::add(std::string_view text) {
  const auto [place, is_new] = places_.try_emplace(std::string(text), static_cast<std::uint32_t>(places_.size()));
  if (is_new) add_text(keys_, text);
  add_number(indices_, place->second);
  ++rows_;
}

std::string Dictionary::octets() const {
  std::string out;
  add_number(out, dictionary_version);
  if (rows_ == 0) return out;
  add_number(out, dictionary_kind);
  add_number(out, static_cast<std::uint64_t>(places_.size()));
  out += keys_;
  add_number(out, rows_);
  return out + indices_;
}

void Block::add(std::string_view name, std::string_view type, std::string_view octets) {
  add_text(body_, name);
  add_text(body_, type);
  body_ += octets;
  const std::string quoted = (columns_++ > 0 ? ", `" : "`") + std::string(name) + "`";
  names_ += quoted;
  definitions_ += quoted + " " + std::string(type);
}

std::string Block::octets() const {
  std::string out;
  add_varint(out, columns_);
  add_varint(out, rows_);
  return out + body_;
}

}  // namespace ruaudit::cluster
