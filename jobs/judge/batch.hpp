// `ruaudit verify --batch`: JSON lines in, JSON lines out, in the same order, by several threads. A line that cannot be
// judged gives {"id", "error"} and the run continues. A line's own zone answers its questions; the shared resolver
// those of the others. Lines are read and judged in processes without rights; one that ends such a process is an error
// of that line ("reader-died").
#pragma once
#include <istream>

#include "jobs/judge/judging.hpp"
#include "jobs/judge/request.hpp"
#include "jobs/process/console.hpp"

namespace ruaudit::jobs {

struct BatchPlan {
  VerifyRequest defaults{};                   // of the command's options
  verify::dns::Resolver* resolver = nullptr;  // of lines without a zone
  unsigned threads = 2;
  Judging judging{};
};

inline constexpr std::size_t max_line = std::size_t{1} << 30U;

// The number of lines that gave an error. Errors are those that every line would meet.
model::Result<std::size_t> run_batch(std::istream& in, Console& console, const BatchPlan& plan);

}  // namespace ruaudit::jobs
