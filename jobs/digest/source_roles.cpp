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

bool is_owners(assess::Role role) { return role == assess::Role::own_server || role == assess::Role::service; }

// Mail of an address that is proved to be somebody else's than most of it: a large provider's address carries the
// owner's mail, what others forward, and strangers'. What proves nothing goes with the rest.
bool stands_apart(const assess::SourceClass& c, assess::Role main) {
  const auto role = assess::role_of(c.is);
  if (is_owners(main)) return !is_owners(role) && c.is_of_others;
  const bool is_aligned = c.is == assess::Class::own_aligned || c.is == assess::Class::service_aligned;
  return is_aligned && c.confidence == assess::Confidence::certain;
}

}  // namespace

void add_source_roles(std::span<const assess::SourceClass> classes, std::vector<assess::ClassedSource>& roles) {
  auto main = assess::roles_of(classes);
  for (assess::SourceRole& role : main)
    roles.push_back({role.domain, role.source, class_of(role.is), std::move(role.name), std::move(role.host), {}});
  auto its = main.begin();
  for (const auto& c : classes) {
    while (its->domain != c.domain || its->source != c.source) ++its;  // they come in the same order
    if (stands_apart(c, its->is))
      roles.push_back({c.domain, c.source, class_of(assess::role_of(c.is)), c.name, c.host, c.patterns});
  }
}

}  // namespace ruaudit::jobs
