// The Public Suffix List, as RFC 7489 section 3.2 uses it to find an Organizational Domain: a name enters, the name of
// its Organizational Domain leaves, without any look-up in the network. Either the list built into libpsl or a newer
// file (text or DAFSA). The list is immutable after opening and may be used by several threads at once.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace ruaudit::verify::consistency {

// Which rules of the list count. The RFC does not say whether private rules (github.io) do, so both occur.
enum class SuffixRules { all, icann };

class PublicSuffixList {
 public:
  // The list of `file`, or the built-in one without a file. Error code "public-suffix-list".
  static model::Result<PublicSuffixList> open(const std::optional<std::string>& file);

  PublicSuffixList(PublicSuffixList&&) noexcept;
  PublicSuffixList& operator=(PublicSuffixList&&) noexcept;
  PublicSuffixList(const PublicSuffixList&) = delete;
  PublicSuffixList& operator=(const PublicSuffixList&) = delete;
  ~PublicSuffixList();

  // The Organizational Domain of `domain` (A-labels; case and a trailing dot do not matter), lower-case; nothing when
  // domain is empty, longer than 253 octets, a single label or itself a public suffix.
  [[nodiscard]] std::optional<std::string> organizational_domain(std::string_view domain,
                                                                 SuffixRules rules = SuffixRules::all) const;

  // Which list this is, for storing beside what it decided: "libpsl built-in 2023-02-09 (sha1 ...)" or
  // "NAME 2023-02-09 (fnv64 ...)".
  [[nodiscard]] const std::string& version() const { return version_; }

 private:
  struct Handle;
  PublicSuffixList(std::unique_ptr<Handle> handle, std::string version);
  std::unique_ptr<Handle> handle_;
  std::string version_;
};

}  // namespace ruaudit::verify::consistency
