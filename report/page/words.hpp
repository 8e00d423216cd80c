// The words of a page: the reader's language (report/language), and days and spans as short as a chart wants them. The
// script writes the same from the same patterns (report/page/payload.cpp).
#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "model/facts/page_facts.hpp"
#include "report/language/language.hpp"

namespace ruaudit::report::page {

class Words {
 public:
  // `last_day`: days of other years than its year are written with their year.
  Words(const Language& language, std::int32_t last_day);

  [[nodiscard]] const Language& language() const { return language_; }
  [[nodiscard]] std::string translate(std::string_view text) const { return language_.translate(text); }
  [[nodiscard]] std::string translate_n(std::string_view one, std::string_view other, std::int64_t n) const {
    return language_.translate_n(one, other, n);
  }
  template <class... Texts>
  [[nodiscard]] std::string fill(std::string_view text, const Texts&... arguments) const {
    return language_.fill(text, {std::string(arguments)...});
  }
  [[nodiscard]] std::string number(std::int64_t value) const { return language_.number(value); }
  [[nodiscard]] std::string share(std::int64_t part, std::int64_t whole) const { return language_.share(part, whole); }

  [[nodiscard]] std::string day(std::int32_t day) const;  // 3 Sep, 3 Sep 2025
  [[nodiscard]] std::string span(std::int32_t first, std::int32_t last) const;
  [[nodiscard]] std::string group(model::SenderGroup group) const;     // of one sender: "own", "service"
  [[nodiscard]] std::string groups(model::SenderGroup group) const;    // of all: "Your own servers"
  [[nodiscard]] std::string nameless(model::SenderGroup group) const;  // a sender that nothing names
  [[nodiscard]] std::string disposition(model::Disposition disposition) const;
  [[nodiscard]] std::string conclusion(const std::string& token) const;  // of a failure report
  [[nodiscard]] const std::array<std::string, 12>& months() const { return months_; }

 private:
  const Language& language_;
  int last_year_ = 0;
  std::array<std::string, 12> months_;
};

}  // namespace ruaudit::report::page
