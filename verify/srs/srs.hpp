// Envelope senders that forwarders and list servers rewrote: SRS0 and SRS1 (the Sender Rewriting Scheme), BATV
// (prvs=), VERP and Google's "+caf_=". The text of a MAIL FROM and a time enter, a Rewrite leaves: which scheme, the
// address inside, who rewrote, a sentence for people. No DNS, no secret: the hash of SRS and BATV can only be checked
// by who made it. An address of no known scheme is `none`; one that looks like SRS without its parts keeps its kind and
// has no address. Linear in the text, of which at most max_address octets are looked at.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/enum_text.hpp"

namespace ruaudit::verify::srs {

inline constexpr std::size_t max_address = 2048;

enum class Scheme : std::uint8_t { none, srs0, srs1, batv, verp, google_caf };

struct Rewrite {
  Scheme scheme = Scheme::none;
  std::string
      address{};  // inside: the original sender (srs0, srs1, batv), the recipient (verp), the mailbox (google_caf)
  std::string domain{};           // of address; lower case
  std::string forwarder{};        // domain of the envelope sender: who rewrote (batv: who sent); lower case
  std::string first_forwarder{};  // srs1: who wrote the SRS0 address
  std::string destination{};      // google_caf: where the mailbox forwards to
  std::string previous{};         // srs1: the SRS0 address as it was, one step back
  std::string hash{};
  std::string timestamp{};                  // as written
  std::optional<std::int64_t> day_start{};  // of the timestamp, seconds since the epoch, by the time given
  std::string text{};                       // for people; empty when scheme is none
  bool operator==(const Rewrite&) const = default;
};

// `now` (seconds since the epoch) places the timestamps: SRS counts days modulo 1024, BATV modulo 1000.
Rewrite recognise(std::string_view mail_from, std::int64_t now);

}  // namespace ruaudit::verify::srs

namespace ruaudit::model {

template <>
inline constexpr EnumText<verify::srs::Scheme> enum_table<verify::srs::Scheme>[] = {
    {verify::srs::Scheme::none, "none"}, {verify::srs::Scheme::srs0, "srs0"},
    {verify::srs::Scheme::srs1, "srs1"}, {verify::srs::Scheme::batv, "batv"},
    {verify::srs::Scheme::verp, "verp"}, {verify::srs::Scheme::google_caf, "google-caf"}};

}  // namespace ruaudit::model
