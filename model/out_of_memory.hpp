// Libraries in C return nothing where there is no memory. This does what operator new does then: the new handler first,
// as a process without rights has one that ends it and keeps its item unknown, then std::bad_alloc.
#pragma once
#include <new>

namespace ruaudit::model {

[[noreturn]] inline void throw_out_of_memory() {
  if (const auto handler = std::get_new_handler(); handler != nullptr) handler();
  throw std::bad_alloc();
}

}  // namespace ruaudit::model
