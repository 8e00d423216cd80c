// Which messages that the ledger knows are fetched once more, because a server may have given their ids to other mails.
// RFC 1939 section 7 forbids it; there are POP3 servers that give the numbers of the mails as their ids. In: what a
// server lists, with the rows of the same names. Out: those whose name may be another mail's. A mail that is the same
// after all touches its row; another one takes the name over.
#pragma once
#include <span>
#include <vector>

#include "jobs/mailbox/mail_source.hpp"

namespace ruaudit::jobs {

struct ListedAgain {
  ListedMail mail;
  store::NamedMessage row;
};

struct ListedAgainFacts {
  bool has_estimated_sizes = false;  // the sizes that the server tells say nothing
  bool has_lost_pending = false;     // messages that were to be deleted are not listed any more
  std::int64_t failed_before = 0;    // epoch seconds: an action that failed before is due again
};

// A mail that is to be deleted needs its name proven, by its size at least. A mail that is deleted, and listed again,
// is fetched until it was found to be the same once. As soon as one name is another mail's, none is trusted.
std::vector<ListedAgain> to_fetch_again(std::span<const ListedAgain> known, const ListedAgainFacts& facts);

}  // namespace ruaudit::jobs
