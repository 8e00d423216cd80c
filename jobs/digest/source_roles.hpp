// What every address is for every policy domain, in the form that findings want.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "assess/findings/situation.hpp"
#include "assess/source_class.hpp"
#include "model/facts/sender_facts.hpp"

namespace ruaudit::jobs {

// Adds the roles of the classes of whole domains.
void add_source_roles(std::span<const assess::SourceClass> classes, std::vector<assess::ClassedSource>& roles);

}  // namespace ruaudit::jobs
