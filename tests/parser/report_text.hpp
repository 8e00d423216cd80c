// Small reports of our own making for tests: a text built from parts, any of which a test may replace.
#pragma once
#include <string>
#include <string_view>

namespace ruaudit::test {

inline std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  if (at != std::string::npos) text.replace(at, what.size(), with);
  return text;
}

inline const std::string metadata_text =
    "  <report_metadata>\n"
    "    <org_name>reporter.example</org_name>\n"
    "    <email>dmarc@reporter.example</email>\n"
    "    <report_id>2025.1</report_id>\n"
    "    <date_range><begin>1735689600</begin><end>1735776000</end></date_range>\n"
    "  </report_metadata>\n";
inline const std::string policy_text =
    "  <policy_published>\n"
    "    <domain>example.com</domain><adkim>r</adkim><aspf>s</aspf>\n"
    "    <p>reject</p><sp>none</sp><pct>100</pct>\n"
    "  </policy_published>\n";

// One record, ten lines long.
inline std::string record_text(int count, std::string_view ip = "192.0.2.1") {
  return "  <record>\n    <row><source_ip>" + std::string(ip) + "</source_ip><count>" + std::to_string(count) +
         "</count>\n"
         "      <policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf>\n"
         "      </policy_evaluated></row>\n"
         "    <identifiers><header_from>example.com</header_from>\n"
         "      <envelope_from>bounce.example.com</envelope_from></identifiers>\n"
         "    <auth_results><dkim><domain>example.com</domain><selector>s1</selector>\n"
         "      <result>pass</result></dkim>\n"
         "      <spf><domain>example.com</domain><scope>mfrom</scope><result>fail</result></spf></auth_results>\n"
         "  </record>\n";
}

inline std::string report_text(std::string_view metadata, std::string_view policy, std::string_view records) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feedback>\n" + std::string(metadata) + std::string(policy) +
         std::string(records) + "</feedback>\n";
}
inline std::string report_text(std::string_view records) { return report_text(metadata_text, policy_text, records); }

}  // namespace ruaudit::test
