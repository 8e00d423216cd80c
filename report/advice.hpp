// What a domain owner can do, in one to three plain sentences per domain: which service to have sign, whether the rest
// is forwarding or forgery, and which policy the figures allow. Rules, in order, over facts; no lookups.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/facts/summary_facts.hpp"
#include "report/figures.hpp"

namespace ruaudit::report {

// What stands where reports name no policy domain.
inline constexpr std::string_view no_domain = "(no domain)";

// What the rows of a source that fails DMARC say about it.
enum class SourceKind : std::uint8_t {
  service,    // authenticates as a domain of its own: a mailing service, not aligned
  forwarder,  // reporters named forwarding or a list, or a chain of ARC seals passed, or your signature broke on the
              // way
  misconfigured,  // an identifier of your own domain passed, but alignment is strict, or your signatures fail there
  unknown,        // authenticates as nobody
};
std::string_view text_of(SourceKind kind);
SourceKind kind_of(const model::SourceFacts& source, std::string_view domain);
// The same for people, who are also told where forwarding is only the likelier of two causes.
std::string_view words_of(const model::SourceFacts& source, std::string_view domain);

// The domain that most of the source's messages authenticate as, DKIM before SPF; empty when none does.
std::string authenticated_as(const model::SourceFacts& source);

inline constexpr std::size_t max_advice = 3;
std::vector<std::string> advise(const model::DomainFacts& domain, const Figures& figures, std::size_t missing_days);

}  // namespace ruaudit::report
