// Collects the defects of one failure report up to a limit; what is beyond it is counted in one last defect. Details
// become clean UTF-8 of at most 500 octets.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/defect.hpp"
#include "parser/field_block.hpp"

namespace ruaudit::parser {

class FailureNotes {
 public:
  explicit FailureNotes(std::size_t limit) : limit_(limit) {}

  void add(std::string_view code, std::string_view detail = {}, std::uint32_t line = 0) {
    add({std::string(code), field_text(detail, 500).text, 0, line});
  }
  void add(model::Defect defect) {
    if (defects_.size() < limit_)
      defects_.push_back(std::move(defect));
    else
      ++omitted_;
  }
  std::vector<model::Defect> take() {
    if (omitted_ > 0) defects_.push_back({"defects-omitted", std::to_string(omitted_), 0, 0});
    return std::move(defects_);
  }

 private:
  std::size_t limit_;
  std::size_t omitted_ = 0;
  std::vector<model::Defect> defects_;
};

}  // namespace ruaudit::parser
