// Whether what reads hostile octets is to be confined: as the configuration says (general.confinement), unless
// RUAUDIT_CONFINEMENT of the environment says otherwise. required: without confinement nothing is read; preferred: the
// program says so and reads on; off. A word of the environment that is none of these means required.
#pragma once
#include "config/configuration.hpp"

namespace ruaudit::jobs {

using Confinement = config::Confinement;

Confinement confinement_order(Confinement configured);

}  // namespace ruaudit::jobs
