// One report address of a rua or ruf tag (DMARC, TLS-RPT) as an owner writes it: what is wrong with it, and the address
// that was meant where it can be read out of the text (RFC 9989 section 4.8, RFC 6068, RFC 8460 section 3).
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace ruaudit::assess::records {

enum class UriFault { none, empty, no_scheme, blank, syntax, other_scheme, size_suffix };

struct UriVerdict {
  UriFault fault = UriFault::none;
  std::string why{};
  std::string host{};  // of a usable mailto: address
};

[[nodiscard]] UriVerdict judge_uri(std::string_view text);

// "mailto:user@host" as it was meant, or nothing. `domain` helps where the "@" was typed as a dot.
[[nodiscard]] std::optional<std::string> repaired_mailto(std::string_view text, std::string_view domain);

}  // namespace ruaudit::assess::records
