// A value that lies apart from what holds it. Steps lie side by side in parcels: were a failure report part of its
// step, each step would be as large as that one.
#pragma once
#include <memory>
#include <utility>

namespace ruaudit::jobs {

template <class T>
class Apart {
 public:
  Apart() : value_(std::make_unique<T>()) {}
  Apart(T value) : value_(std::make_unique<T>(std::move(value))) {}  // NOLINT(google-explicit-constructor): it is a T
  Apart(const Apart& other) : value_(std::make_unique<T>(*other)) {}
  Apart(Apart&&) noexcept = default;
  Apart& operator=(Apart other) noexcept {
    value_.swap(other.value_);
    return *this;
  }
  ~Apart() = default;

  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace ruaudit::jobs
