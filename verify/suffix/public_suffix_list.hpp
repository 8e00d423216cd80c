// The public suffix list, for RFC 7489 section 3.2: a domain enters, the organizational domain (one label below the
// longest public suffix, ICANN and private sections both) leaves. Wraps libpsl, which neither folds case nor converts
// U-labels; model::Domain has done both. Immutable once loaded, so one list serves all threads. RFC 9989 does not use
// it.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/domain.hpp"
#include "model/result.hpp"

struct psl_ctx_st;

namespace ruaudit::verify::suffix {

// Which rules of the list count. RFC 7489 does not say whether private ones (github.io) do, so that both occur.
enum class Sections { all, icann };

class PublicSuffixList {
 public:
  // A list file, as published or compiled (DAFSA). Error code "public-suffix-list".
  static model::Result<PublicSuffixList> load(const std::string& path);
  // The system's file, else the newest list that libpsl knows.
  static model::Result<PublicSuffixList> system();
  // A list as text, for tests.
  static model::Result<PublicSuffixList> parse(std::string_view text);

  // Nothing when the domain is itself a public suffix or a single label. A TLD that is not listed counts as "*".
  [[nodiscard]] std::optional<model::Domain> registrable_domain(const model::Domain& domain,
                                                                Sections sections = Sections::all) const;
  // The registrable domain, or the domain itself where there is none.
  [[nodiscard]] model::Domain organizational_domain(const model::Domain& domain) const;
  [[nodiscard]] bool is_public_suffix(const model::Domain& domain) const;
  // Of a label in lower case: a rule of the list names it.
  [[nodiscard]] bool is_top_level(const std::string& label) const;

  // Names the list in evidence: its VERSION line or date, the number of rules and a digest of the file.
  [[nodiscard]] const std::string& version() const { return version_; }

 private:
  struct Free {
    void operator()(psl_ctx_st* list) const noexcept;
  };
  using Handle = std::unique_ptr<psl_ctx_st, Free>;
  PublicSuffixList(Handle list, std::string version) : list_(std::move(list)), version_(std::move(version)) {}

  Handle list_;
  std::string version_;
};

}  // namespace ruaudit::verify::suffix
