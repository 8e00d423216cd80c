// Errors as values. Malformed input is our normal case, so every function that can meet it returns Result<T>.
// Error carries a stable code (kebab-case, kept in the ledger), a message that says where (file, part, line), and a
// hint: the remedy. Context is added on the way up with in(). Only this header names tl::expected.
#pragma once
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace ruaudit::model {

struct Error {
  std::string code;     // stable token, e.g. "gzip-truncated"
  std::string message;  // what was seen, and where
  std::string hint;     // what the reader can do; may be empty
  bool operator==(const Error&) const = default;

  // The same error with `place` in front of its message: "mail 42: part 2: ...".
  [[nodiscard]] Error in(std::string_view place) const& { return {code, std::string(place) + ": " + message, hint}; }
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

inline tl::unexpected<Error> failure(std::string code, std::string message, std::string hint = {}) {
  return tl::unexpected<Error>(Error{std::move(code), std::move(message), std::move(hint)});
}
inline tl::unexpected<Error> failure(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace ruaudit::model

// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot stand in parentheses
#define RUAUDIT_CONCAT_(a, b) a##b
#define RUAUDIT_CONCAT(a, b) RUAUDIT_CONCAT_(a, b)
#define RUAUDIT_TRY_(result, declaration, expression)                                    \
  auto result = (expression);                                                            \
  if (!result) return ::ruaudit::model::failure(std::move(result).error()); /* NOLINT */ \
  declaration = std::move(*result)
// TRY(auto x, f()): x = value of f(), or return f()'s error.
#define TRY(declaration, expression) RUAUDIT_TRY_(RUAUDIT_CONCAT(try_result_, __LINE__), declaration, expression)
// TRY_VOID(f()): the same for Result<void>.
#define TRY_VOID(expression) RUAUDIT_TRY_VOID_(RUAUDIT_CONCAT(try_void_result_, __LINE__), expression)
#define RUAUDIT_TRY_VOID_(result, expression)           \
  if (auto result = (expression); !result) /* NOLINT */ \
  return ::ruaudit::model::failure(std::move(result).error())
// NOLINTEND(bugprone-macro-parentheses)
