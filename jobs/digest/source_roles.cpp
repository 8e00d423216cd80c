#include "jobs/digest/source_roles.hpp"

#include <utility>

namespace ruaudit::jobs {
namespace {

assess::SenderClass class_of(assess::Role role) {
  switch (role) {
    case assess::Role::own_server:
      return assess::SenderClass::own_server;
    case assess::Role::service:
      return assess::SenderClass::service;
    case assess::Role::forwarder:
      return assess::SenderClass::forwarder;
    case assess::Role::mailing_list:
      return assess::SenderClass::mailing_list;
    case assess::Role::stranger:
      break;
  }
  return assess::SenderClass::stranger;
}

}  // namespace

std::vector<assess::SourceClass> source_classes(const model::SenderFacts& facts,
                                                const std::vector<std::string>& own_domains) {
  return assess::classify(facts, assess::ServiceTable::built_in(), {.domains = own_domains});
}

std::vector<assess::ClassedSource> source_roles(const std::vector<assess::SourceClass>& classes) {
  std::vector<assess::ClassedSource> out;
  for (assess::SourceRole& role : assess::roles_of(classes))
    out.push_back({role.domain, role.source, class_of(role.is), std::move(role.name), std::move(role.host)});
  return out;
}

}  // namespace ruaudit::jobs
