// Whether what reads hostile octets is to be confined: RUAUDIT_CONFINEMENT of the environment. required (the default,
// and what any other word means): without confinement nothing is read; preferred: the program says so and reads on;
// off.
#pragma once
#include <cstdint>

namespace ruaudit::jobs {

enum class Confinement : std::uint8_t { required, preferred, off };

Confinement confinement_order();

}  // namespace ruaudit::jobs
