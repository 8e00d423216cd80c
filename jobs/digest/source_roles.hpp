// What every address is for every policy domain, in the form that findings want.
#pragma once
#include <string>
#include <vector>

#include "assess/findings/situation.hpp"
#include "assess/source_class.hpp"
#include "model/sender_facts.hpp"

namespace ruaudit::jobs {

std::vector<assess::SourceClass> source_classes(const model::SenderFacts& facts,
                                                const std::vector<std::string>& own_domains);
std::vector<assess::ClassedSource> source_roles(const std::vector<assess::SourceClass>& classes);

}  // namespace ruaudit::jobs
