// A digest as it is delivered: on standard output in any format, and as a mail.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "model/digest.hpp"
#include "report/language/language.hpp"

namespace ruaudit::jobs {

inline constexpr std::string_view digest_formats[] = {"text", "json", "markdown", "html", "mail"};

struct Readers {
  std::string digest_name;      // of the group; may be empty
  std::string from;             // empty: this machine's
  std::vector<std::string> to;  // empty: nobody is named
};

struct Rendering {
  const report::Language& language;
  const Readers& readers;
  std::string message_id;
};

std::string rendered(const model::Digest& digest, const std::string& format, const Rendering& how);

// Says the same of the same news after the same digest: a digest that is made again keeps it, so that a reader's server
// can tell a repetition.
std::string message_id_of(const model::Digest& digest, const Readers& readers);

}  // namespace ruaudit::jobs
