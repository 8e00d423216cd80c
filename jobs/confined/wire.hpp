// Plain values as octets and back, for the socket between the program and its confined reader. Both ends are one
// executable, so that there is no version and no byte order; but what comes from the reader is hostile: every length is
// held against what is there, every enumerator against its table, and the first fault makes the whole input unusable.
//
// A struct takes part when `fields<T>` says how many members it has. The compiler refuses a number that is wrong, so
// that a new member cannot be forgotten.
#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "jobs/confined/members_detail.hpp"
#include "model/domain.hpp"
#include "model/enum_text.hpp"
#include "model/ip_address.hpp"

namespace ruaudit::jobs::wire {

// Of an enumeration without a table of words: the number of its enumerators, which count from 0.
template <class E>
inline constexpr int enumerators = 0;

class Output {
 public:
  void put(const std::string& text) {
    number<std::uint64_t>(text.size());
    octets_ += text;
  }
  void put(const model::IpAddress& address) { put(address.key()); }
  void put(const model::Domain& domain) { put(domain.text()); }
  template <std::size_t n>
  void put(const std::array<std::uint8_t, n>& value) {
    octets_.append(reinterpret_cast<const char*>(value.data()), n);  // NOLINT: octets
  }
  template <class T>
  void put(const std::vector<T>& values) {
    number<std::uint64_t>(values.size());
    for (const T& value : values) put(value);
  }
  template <class T>
  void put(const std::optional<T>& value) {
    number<std::uint8_t>(value ? 1 : 0);
    if (value) put(*value);
  }
  template <class T>
  void put(const T& value) {
    if constexpr (std::is_enum_v<T>)
      number(static_cast<std::underlying_type_t<T>>(value));
    else if constexpr (std::is_arithmetic_v<T>)
      number(value);
    else
      with_members(value, [this](const auto&... members) { (put(members), ...); });
  }
  [[nodiscard]] const std::string& octets() const { return octets_; }
  [[nodiscard]] std::string take() { return std::move(octets_); }

 private:
  template <class N>
  void number(N value) {
    octets_.append(reinterpret_cast<const char*>(&value), sizeof(value));  // NOLINT: octets
  }
  std::string octets_;
};

class Input {
 public:
  explicit Input(std::string_view octets) : rest_(octets) {}
  // False from the first fault on; what was read then means nothing.
  [[nodiscard]] bool is_good() const { return is_good_; }
  [[nodiscard]] bool is_at_end() const { return rest_.empty(); }

  void get(std::string& text) { text = take(length(1)); }
  void get(std::optional<model::IpAddress>& value) {
    model::IpAddress::Key key{};
    value.reset();
    if (!flag()) return;
    get(key);
    value = model::IpAddress::from_key(key);
  }
  void get(std::vector<model::IpAddress>& values) {
    values.clear();
    model::IpAddress::Key key{};
    for (std::size_t left = length(sizeof(key)); left > 0 && is_good_; --left) {
      get(key);
      values.push_back(model::IpAddress::from_key(key));
    }
  }
  void get(std::vector<model::Domain>& values) {
    values.clear();
    for (std::size_t left = length(8); left > 0 && is_good_; --left) {
      std::string text;
      get(text);
      if (auto domain = model::Domain::parse(text))
        values.push_back(std::move(*domain));
      else
        is_good_ = false;
    }
  }
  template <std::size_t n>
  void get(std::array<std::uint8_t, n>& value) {
    const auto octets = take(n);
    if (octets.size() == n) std::memcpy(value.data(), octets.data(), n);
  }
  template <class T>
  void get(std::vector<T>& values) {
    values.clear();
    for (std::size_t left = length(1); left > 0 && is_good_; --left) get(values.emplace_back());
  }
  template <class T>
  void get(std::optional<T>& value) {
    value.reset();
    if (flag()) get(value.emplace());
  }
  void get(bool& value) { value = flag(); }
  template <class T>
  void get(T& value) {
    if constexpr (std::is_enum_v<T>)
      get_enumerator(value);
    else if constexpr (std::is_arithmetic_v<T>)
      number(value);
    else
      with_members(value, [this](auto&... members) { (get(members), ...); });
  }

 private:
  std::string_view take(std::size_t size) {
    is_good_ = is_good_ && size <= rest_.size();
    if (!is_good_) return {};
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  template <class N>
  void number(N& value) {
    const auto octets = take(sizeof(value));
    value = {};
    if (octets.size() == sizeof(value)) std::memcpy(&value, octets.data(), sizeof(value));
  }
  bool flag() {
    std::uint8_t value = 0;
    number(value);
    is_good_ = is_good_ && value <= 1;
    return is_good_ && value == 1;
  }
  // Of what follows: no more elements than there are octets for.
  std::size_t length(std::size_t least_octets_each) {
    std::uint64_t value = 0;
    number(value);
    is_good_ = is_good_ && value <= rest_.size() / least_octets_each;
    return is_good_ ? static_cast<std::size_t>(value) : 0;
  }
  template <class E>
  void get_enumerator(E& value) {
    std::underlying_type_t<E> found{};
    number(found);
    value = {};
    if (is_enumerator<E>(found))
      value = static_cast<E>(found);
    else
      is_good_ = false;
  }
  template <class E>
  static bool is_enumerator(std::underlying_type_t<E> found) {
    if constexpr (enumerators < E >> 0) {
      return static_cast<std::int64_t>(found) >= 0 && static_cast<std::int64_t>(found) < enumerators<E>;
    } else {
      for (const auto& row : model::enum_table<E>)
        if (static_cast<std::underlying_type_t<E>>(row.value) == found) return true;
      return false;
    }
  }

  std::string_view rest_;
  bool is_good_ = true;
};

}  // namespace ruaudit::jobs::wire
