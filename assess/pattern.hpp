// An authentication pattern as judgement sees it: what in it proves the owner, what fails that is the owner's, and what
// proves somebody else. Made from model::AuthPattern and the owner's domains.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "model/facts/sender_facts.hpp"

namespace ruaudit::assess {

struct Service;

struct KeyName {  // of a DKIM key
  std::string domain, selector;
  auto operator<=>(const KeyName&) const = default;
};

struct PatternView {
  std::vector<KeyName> own_pass;          // signatures of the owner's domains that passed
  std::vector<KeyName> own_fail;          // and those that did not
  bool has_clear_failure = false;         // one of them `fail`: a key was found, the message was changed
  std::vector<std::string> foreign_pass;  // signing domains of others that passed
  std::string envelope;                   // domain; "" for the null sender or where it is not known
  bool is_envelope_own = false;
  bool has_foreign_path = false;  // a MAIL FROM that SPF was asked about, whatever it found, is somebody else's
  std::string spf_pass;           // domain of others that passed SPF as MAIL FROM; "" otherwise
  bool dkim_aligned = false, spf_aligned = false;
  bool is_marked_list = false, is_marked_forwarded = false;  // a receiver's override reason
  // Services that the names belong to, of each where there are several; nullptr where none does. Of own keys: the one
  // that the owner's DNS points the key into. Filled in by scene_of().
  const Service* spf_pass_service = nullptr;
  std::vector<const Service*> foreign_pass_services, own_pass_services;
  std::string text;  // "dkim example.org/s1 pass, envelope example.net pass": streams of the same text are one
};

PatternView view_of(const model::AuthPattern& pattern, std::span<const std::string> owner_domains);

}  // namespace ruaudit::assess
