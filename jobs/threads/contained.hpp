// The wall around what a thread does: an exception that left it would end the program, so that it ends as an error
// here. Memory that runs out is a matter of the machine ("machine"): what was under way stays unknown and is read
// again. Anything else that is thrown is a bug ("internal").
#pragma once
#include <exception>
#include <new>
#include <string>
#include <utility>

#include "model/result.hpp"

namespace ruaudit::jobs {

inline model::Error out_of_memory() {
  return {"machine", "out of memory", "make sure that limits on memory leave room for the program"};
}

// What `work` returns, a model::Result.
template <class Work>
auto contained(const Work& work) -> decltype(work()) {
  // Made beforehand: when they are needed there may be no memory for their words.
  model::Error no_memory = out_of_memory();
  model::Error bug{"internal", "an internal error", "please report it"};
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return model::failure(std::move(no_memory));
  } catch (const std::exception& thrown) {
    try {
      bug.message += std::string(": ") + thrown.what();
    } catch (const std::bad_alloc&) {
      return model::failure(std::move(no_memory));
    }
    return model::failure(std::move(bug));
  }
}

}  // namespace ruaudit::jobs
