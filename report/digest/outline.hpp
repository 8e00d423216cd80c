// A digest in the words of its reader, before it is laid out: what text, markdown, HTML and mail say alike. Pure. The
// texts hold names from reports: whoever writes them out makes them harmless or escapes them.
#pragma once
#include <string>
#include <vector>

#include "model/digest.hpp"
#include "report/language/language.hpp"

namespace ruaudit::report {

struct OutlineEntry {
  model::Severity severity = model::Severity::info;
  std::string weight;    // "to fix"
  std::string headline;  // "Zendesk: DKIM no longer passes, 312 messages since 3 September 2026"
  std::string domain;    // empty where the digest is about this one alone
  std::string note;      // "open for 4 nights", "it was over or marked as fixed before, and is back"; or empty
  std::vector<std::string> evidence{};
  std::string action{};  // may be empty
  std::string id;
};

struct OutlineSection {
  model::FindingState state = model::FindingState::fresh;
  std::string title;
  bool is_folded = false;  // headlines alone
  std::vector<OutlineEntry> entries{};
};

struct OutlineStranger {
  std::string address, host, domain, messages;
};

struct DigestOutline {
  std::string verdict;                // one line; the subject of a mail
  std::vector<std::string> health{};  // of the tool itself: what is wrong with it
  std::vector<OutlineSection> sections{};
  std::string strangers_title{};  // of the first digest: who sends and is not known
  std::vector<OutlineStranger> strangers{};
  std::string strangers_advice{};
  std::string totals;
  bool has_news = false;
};

DigestOutline outline_of(const model::Digest& digest, const Language& language);

// Something is new, worse or over.
bool has_news(const model::Digest& digest);
// "lune-shop.example: 2 to fix, 1 new".
std::string digest_verdict(const model::Digest& digest, const Language& language);
std::string finding_headline(const model::Finding& finding, const Language& language);
std::string severity_words(model::Severity severity, const Language& language);

}  // namespace ruaudit::report
