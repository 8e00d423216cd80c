#include "cli/steps/cluster_place.hpp"

namespace ruaudit::cli {

model::Result<cluster::Place> place_of(const config::Cluster& cluster, jobs::Console& console) {
  TRY(auto place, cluster::place_of(cluster));
  place.tell = [&console](const std::string& text) { console.err << "cluster: " << jobs::printable(text) << '\n'; };
  return place;
}

}  // namespace ruaudit::cli
