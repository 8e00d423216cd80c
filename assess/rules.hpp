// The rules of docs/conclusions.md that decide what one stream is, in their order: the first that applies decides. Pure
// functions of a Case; the table is the document's.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assess/selector_homes.hpp"
#include "assess/source_class.hpp"

namespace ruaudit::assess {

struct Case {
  const Scene& scene;
  const Stream& stream;
  const PatternView& view;
  const Identity& identity;
  const Home* home = nullptr;            // of a key that passed
  const Service* key_service = nullptr;  // that the key leads into
  bool is_at_home = false;
  SelectorHomes::Beside beside_home{};  // where it may be a second host; else not asked for
  bool has_known_failure = false;       // a failing signature with a key of the owner's that passes elsewhere
  std::string foreign{};                // domain of somebody else that passed SPF or DKIM; "" where none did
  bool source_is_marked_list = false;   // a receiver called some of its mail list mail, and none more often forwarded
  bool source_forwards = false;         // most of the source's mail was signed by holders elsewhere
  bool source_is_own = false;           // aligned SPF, or the only holder of a key
};

struct Decision {
  Class is = Class::stranger;
  Confidence confidence = Confidence::likely;
  std::string name{};
  const Service* service = nullptr;
  std::vector<std::string> evidence{};
  bool is_of_others = false;  // somebody else is proved: he passes, or passes on what the owner's senders signed
};

struct Rule {
  std::string_view name;
  std::optional<Decision> (*decide)(const Case&);
};
std::span<const Rule> rules();

// Whoever carries so much of a key's mail beside its home, without any trace that it was passed on, holds the key too:
// a server that SPF does not list yet.
bool is_second_host(const Case& c);
// What it needs beside its share.
bool may_be_second_host(const Case& c);

}  // namespace ruaudit::assess
