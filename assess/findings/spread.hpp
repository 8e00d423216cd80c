// How far a sender's days are from what is usual for them.
#pragma once
#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

namespace ruaudit::assess {

// How far the days of a sender usually are from the mean of their day of the week: the median of the logarithms, what
// chance explains in small numbers taken off; a holiday does not widen it.
class Spread {
 public:
  void add(double x, double mean) {
    ++days_;
    if (mean < enough_for_spread) return;
    const double residual = std::log((x + 1) / (mean + 1));
    squares_.push_back(std::max(0.0, residual * residual - 1 / (mean + 1)));
  }
  [[nodiscard]] int days() const { return days_; }
  // Of one more day of that weekday, of which `same` were seen.
  [[nodiscard]] double of_next(double mean, std::size_t same) const {
    double square = usual_spread * usual_spread;
    if (squares_.size() >= 5) {
      std::vector<double> sorted = squares_;
      const auto middle = sorted.begin() + std::ssize(sorted) / 2;
      std::nth_element(sorted.begin(), middle, sorted.end());
      // The means were made of the same days: seven of them are not free.
      const double all = static_cast<double>(sorted.size());
      square = *middle * median_to_deviation * median_to_deviation * all / std::max(all / 2, all - 7);
    }
    square = std::max(square, least_deviation * least_deviation);
    return std::sqrt((square + 1 / (mean + 1)) * (1 + 1.0 / static_cast<double>(std::max<std::size_t>(2, same))));
  }

 private:
  static constexpr double enough_for_spread = 5, usual_spread = 0.3, median_to_deviation = 1.4826,
                          least_deviation = 0.2;
  int days_ = 0;
  std::vector<double> squares_;
};

}  // namespace ruaudit::assess
