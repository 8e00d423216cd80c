// SMTP TLS reports and other JSON: texts alone change. What RFC 8460 section 4.4 defines keeps its words, with the
// local parts of addresses hashed; any other text is people's.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "jobs/anonymise/anonymiser.hpp"
#include "mail/header_field.hpp"

namespace ruaudit::jobs {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 18> kept_members = {"organization-name",
                                                           "start-datetime",
                                                           "end-datetime",
                                                           "contact-info",
                                                           "report-id",
                                                           "policy-type",
                                                           "policy-string",
                                                           "policy-domain",
                                                           "mx-host",
                                                           "mx-host-pattern",
                                                           "result-type",
                                                           "sending-mta-ip",
                                                           "receiving-ip",
                                                           "receiving-mx-hostname",
                                                           "receiving-mx-helo",
                                                           "total-successful-session-count",
                                                           "total-failure-session-count",
                                                           "failed-session-count"};

bool is_kept(std::string_view name) {
  return std::any_of(kept_members.begin(), kept_members.end(),
                     [&](std::string_view one) { return ingest::equals_folded(one, name); });
}

void clean(Json& value, bool is_member_kept, const store::Redactor& redactor) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    value = is_member_kept ? redactor.addresses(text) : redactor.words(text);
  } else if (value.is_object()) {
    for (auto& [name, member] : value.items()) clean(member, is_kept(name), redactor);
  } else if (value.is_array()) {
    for (auto& member : value) clean(member, is_member_kept, redactor);
  }
}

// Recursion below is as deep as the text: it is bounded here.
bool is_flat_enough(std::string_view text) {
  constexpr int most = 200;
  int depth = 0;
  bool is_in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_in_string && c == '\\') ++i;
    if (c == '"') is_in_string = !is_in_string;
    if (is_in_string) continue;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth > most) return false;
  }
  return true;
}

}  // namespace

std::string Anonymiser::json(std::string_view text) {
  ++counts_.texts;
  const auto begin = std::min(text.find_first_of("{["), text.size());
  auto value = is_flat_enough(text) ? Json::parse(text.substr(begin), nullptr, false) : Json(Json::value_t::discarded);
  if (value.is_discarded()) return redactor_.words(text);
  clean(value, false, redactor_);
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ruaudit::jobs
