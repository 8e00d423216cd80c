#include "jobs/anonymise/report_schema.hpp"

#include <algorithm>
#include <array>

#include "jobs/anonymise/harmless.hpp"
#include "model/ascii.hpp"

namespace ruaudit::jobs {
namespace {

// RFC 7489 appendix C, RFC 9990 appendix A.
constexpr std::array elements = {ElementRule{"feedback", Content::structure},
                                 ElementRule{"version", Content::machine},
                                 ElementRule{"report_metadata", Content::structure},
                                 ElementRule{"org_name", Content::name},
                                 ElementRule{"email", Content::contact},
                                 ElementRule{"extra_contact_info", Content::sentence},
                                 ElementRule{"report_id", Content::id},
                                 ElementRule{"date_range", Content::structure},
                                 ElementRule{"begin", Content::machine},
                                 ElementRule{"end", Content::machine},
                                 ElementRule{"error", Content::sentence},
                                 ElementRule{"generator", Content::sentence},
                                 ElementRule{"policy_published", Content::structure},
                                 ElementRule{"domain", Content::domain},
                                 ElementRule{"version_published", Content::machine},
                                 ElementRule{"adkim", Content::machine},
                                 ElementRule{"aspf", Content::machine},
                                 ElementRule{"p", Content::machine},
                                 ElementRule{"sp", Content::machine},
                                 ElementRule{"np", Content::machine},
                                 ElementRule{"pct", Content::machine},
                                 ElementRule{"fo", Content::token},
                                 ElementRule{"testing", Content::machine},
                                 ElementRule{"discovery_method", Content::token},
                                 ElementRule{"extension", Content::structure},
                                 ElementRule{"record", Content::structure},
                                 ElementRule{"row", Content::structure},
                                 ElementRule{"source_ip", Content::machine},
                                 ElementRule{"count", Content::machine},
                                 ElementRule{"policy_evaluated", Content::structure},
                                 ElementRule{"disposition", Content::machine},
                                 ElementRule{"dkim", Content::machine},
                                 ElementRule{"spf", Content::machine},
                                 ElementRule{"reason", Content::structure},
                                 ElementRule{"type", Content::machine},
                                 ElementRule{"comment", Content::sentence},
                                 ElementRule{"identifiers", Content::structure},
                                 ElementRule{"header_from", Content::domain},
                                 ElementRule{"envelope_from", Content::domain},
                                 ElementRule{"envelope_to", Content::domain},
                                 ElementRule{"auth_results", Content::structure},
                                 ElementRule{"selector", Content::token},
                                 ElementRule{"result", Content::machine},
                                 ElementRule{"human_result", Content::sentence},
                                 ElementRule{"scope", Content::machine},
                                 ElementRule{"rf", Content::token},
                                 ElementRule{"ri", Content::machine},
                                 ElementRule{"identities", Content::structure},
                                 ElementRule{"schema", Content::structure}};

// Words of the schemas that Redactor::masked() does not keep.
constexpr std::array<std::string_view, 24> schema_words = {"invalid",
                                                           "soft_fail",
                                                           "temp_error",
                                                           "perm_error",
                                                           "forwarded",
                                                           "sampled_out",
                                                           "trusted_forwarder",
                                                           "mailing_list",
                                                           "local_policy",
                                                           "policy_test_mode",
                                                           "mfrom",
                                                           "helo",
                                                           "psl",
                                                           "treewalk",
                                                           "hardfail",
                                                           "error",
                                                           "r",
                                                           "s",
                                                           "y",
                                                           "n",
                                                           "yes",
                                                           "on",
                                                           "off",
                                                           "softfail"};
constexpr std::array<std::string_view, 5> namespaces = {
    "http://www.w3.org/2001/XMLSchema", "http://dmarc.org/dmarc-xml/0.1", "http://dmarc.org/dmarc-xml/0.2",
    "urn:ietf:params:xml:ns:dmarc-2.0", "http://www.w3.org/2001/XMLSchema-instance"};
constexpr std::array<std::string_view, 26> html_tags = {
    "html", "head",  "title", "style", "script", "body", "div", "span", "p",  "a",  "b",   "i",    "br",
    "img",  "table", "tr",    "td",    "th",     "ul",   "ol",  "li",   "h1", "h2", "pre", "meta", "font"};

// One octet too many, too few or wrong, or two exchanged: a known name that is spelt wrong, which is a fault of its
// own.
bool is_nearly(std::string_view one, std::string_view other) {
  if (one.size() > other.size()) std::swap(one, other);
  if (other.size() - one.size() > 1 || one.size() < 2) return false;
  const auto [a, b] = std::mismatch(one.begin(), one.end(), other.begin());
  const auto i = static_cast<std::size_t>(a - one.begin());
  const auto same = [&](std::size_t from_one, std::size_t from_other) {
    return ascii::equal_folded(one.substr(std::min(from_one, one.size())),
                               other.substr(std::min(from_other, other.size())));
  };
  if (one.size() != other.size()) return same(i, i + 1);
  return same(i + 1, i + 1) ||
         (i + 1 < one.size() && one[i] == other[i + 1] && one[i + 1] == other[i] && same(i + 2, i + 2));
}

}  // namespace

std::string_view local_name(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

const ElementRule* element_of(std::string_view name) {
  const auto local = local_name(name);
  const auto* const found = std::find_if(elements.begin(), elements.end(),
                                         [&](const ElementRule& one) { return ascii::equal_folded(one.name, local); });
  return found == elements.end() ? nullptr : found;
}

bool is_harmless_name(std::string_view name) {
  constexpr std::size_t least_known = 5;  // a shorter one is one letter from names of people
  return element_of(name) != nullptr || is_html_tag(local_name(name)) ||
         std::any_of(elements.begin(), elements.end(), [&](const ElementRule& one) {
           return one.name.size() >= least_known && is_nearly(one.name, local_name(name));
         });
}

bool is_schema_word(std::string_view value) { return is_listed(value, schema_words); }
bool is_schema_namespace(std::string_view value) { return is_listed(value, namespaces); }
bool is_html_tag(std::string_view name) { return is_listed(name, html_tags); }

}  // namespace ruaudit::jobs
