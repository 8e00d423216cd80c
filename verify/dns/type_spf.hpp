// The obsolete record type SPF (99; RFC 7208 section 3.1). No protocol asks for it any more, so it is no RecordType of
// resolver.hpp; `check` asks, to tell an owner that his policy stands where nobody looks. Answered as TXT is.
#pragma once
#include "verify/dns/resolver.hpp"

namespace ruaudit::verify::dns {

inline constexpr auto type_spf = static_cast<RecordType>(99);

// Records of this type hold strings.
[[nodiscard]] constexpr bool holds_text(RecordType type) { return type == RecordType::TXT || type == type_spf; }

}  // namespace ruaudit::verify::dns
