#include "sample_expectation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ruaudit::tests {
namespace {

using nlohmann::json;

template <class T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

template <class E>
json token(const std::optional<E>& value) {
  return value ? json(model::to_text(*value)) : json(nullptr);
}

json texts_of(const std::vector<model::Text>& texts) {
  json out = json::array();
  for (const auto& text : texts) out.push_back(text.text);
  return out;
}

json policy_of(const model::PolicyPublished& policy) {
  return {{"p", token(policy.p)},
          {"sp", token(policy.sp)},
          {"np", token(policy.np)},
          {"adkim", token(policy.adkim)},
          {"aspf", token(policy.aspf)},
          {"pct", or_null(policy.pct)},
          {"fo", or_null(policy.fo)},
          {"testing", or_null(policy.testing)},
          {"discovery_method", token(policy.discovery_method)}};
}

json reason_of(const model::PolicyOverrideReason& reason) {
  json out = {model::to_text(reason.type), reason.comment ? json(reason.comment->text) : json(nullptr)};
  if (reason.type == model::OverrideType::unknown) out.push_back(reason.raw_type);
  return out;
}

json row_of(const model::Record& record) {
  json row = {{"source_ip", record.source_ip ? json(record.source_ip->to_string()) : json(nullptr)},
              {"count", or_null(record.count)},
              {"disposition", model::to_text(record.policy_evaluated.disposition)},
              {"dkim", model::to_text(record.policy_evaluated.dkim)},
              {"spf", model::to_text(record.policy_evaluated.spf)},
              {"header_from", record.identifiers.header_from},
              {"envelope_from", or_null(record.identifiers.envelope_from)},
              {"envelope_to", or_null(record.identifiers.envelope_to)},
              {"auth_dkim", json::array()},
              {"auth_spf", json::array()},
              {"reasons", json::array()}};
  for (const auto& dkim : record.auth_results.dkim)
    row["auth_dkim"].push_back({dkim.domain, or_null(dkim.selector), model::to_text(dkim.result)});
  for (const auto& spf : record.auth_results.spf)
    row["auth_spf"].push_back({spf.domain, token(spf.scope), model::to_text(spf.result)});
  for (const auto& reason : record.policy_evaluated.reasons) row["reasons"].push_back(reason_of(reason));
  return row;
}

// Outcome and code of an item that yielded no report.
json without_report(const ReadItem& item) {
  if (!item.errors.empty()) return {{"outcome", "rejected"}, {"code", item.errors.front().code}};
  for (const auto& leaf : item.leaves) {
    const std::string kind(model::to_text(leaf.info.kind));
    if (kind == "failure_report" || kind == "tls_report") return {{"outcome", kind}, {"code", nullptr}};
  }
  return {{"outcome", "not_a_report"}, {"code", nullptr}};
}

// {code, row} pairs, each once; a line is compared only where it is wanted.
std::vector<std::string> defect_differences(const json& got, const json& want, const std::string& where) {
  std::vector<std::string> out;
  const auto key = [](const json& defect) {
    return fmt::format("{} row {}", defect.at("code").get<std::string>(), defect.at("row").get<int>());
  };
  const auto same = [&](const json& a, const json& b) {
    return key(a) == key(b) && (!b.contains("line") || a.at("line") == b.at("line"));
  };
  for (const auto& one : want)
    if (std::ranges::none_of(got, [&](const json& other) { return same(other, one); }))
      out.push_back(fmt::format("{}: missing {}", where, one.dump()));
  for (const auto& one : got)
    if (std::ranges::none_of(want, [&](const json& other) { return key(other) == key(one); }))
      out.push_back(fmt::format("{}: unexpected {}", where, one.dump()));
  return out;
}

void compare(const json& got, const json& want, const std::string& where, std::vector<std::string>& out);

void compare_fields(const json& got, const json& want, const std::string& where, std::vector<std::string>& out) {
  for (const auto& [name, value] : want.items()) {
    if (name == "shows" || name == "ledger" || name == "file") continue;
    const std::string place = where.empty() ? name : fmt::format("{}.{}", where, name);
    if (!got.contains(name)) {
      out.push_back(fmt::format("{}: got nothing, want {}", place, value.dump()));
    } else if (name == "defects") {
      for (auto& line : defect_differences(got[name], value, place)) out.push_back(std::move(line));
    } else {
      compare(got[name], value, place, out);
    }
  }
}

void compare(const json& got, const json& want, const std::string& where, std::vector<std::string>& out) {
  if (want.is_object() && got.is_object()) return compare_fields(got, want, where, out);
  const bool nested = want.is_array() && got.is_array() && got.size() == want.size() && !want.empty();
  if (nested && want.front().is_object()) {
    for (std::size_t i = 0; i < want.size(); ++i) compare(got[i], want[i], fmt::format("{}[{}]", where, i), out);
  } else if (got != want) {
    out.push_back(fmt::format("{}: got {}, want {}", where, got.dump().substr(0, 300), want.dump().substr(0, 300)));
  }
}

}  // namespace

json described(const ReadReport& read) {
  const auto& header = read.report.header;
  json out = {{"org_name", header.metadata.org_name},
              {"email", header.metadata.email},
              {"report_id", header.metadata.report_id},
              {"domain", header.policy_published.domain},
              {"begin", or_null(header.metadata.date_range.begin)},
              {"end", or_null(header.metadata.date_range.end)},
              {"records", read.report.records},
              {"messages", read.report.messages},
              {"damaged", read.report.is_damaged},
              {"policy", policy_of(header.policy_published)},
              {"version", or_null(header.version)},
              {"xml_namespace", header.xml_namespace},
              {"generator", or_null(header.metadata.generator)},
              {"errors", texts_of(header.metadata.errors)},
              {"unknown_elements", read.report.unknown_elements}};
  out["extra_contact_info"] =
      header.metadata.extra_contact_info ? json(header.metadata.extra_contact_info->text) : json(nullptr);
  out["rows"] = json::array();
  for (const auto& record : read.records) out["rows"].push_back(row_of(record));
  out["defects"] = json::array();
  for (const auto& defect : read.defects)
    out["defects"].push_back(
        {{"code", defect.code}, {"row", defect.row}, {"line", defect.line}, {"detail", defect.detail}});
  return out;
}

json described(const std::vector<ReadItem>& items) {
  json out = {
      {"outcome", "not_a_report"}, {"code", nullptr}, {"reports", json::array()}, {"rejected_parts", json::array()}};
  std::set<std::string> refused;
  for (const auto& item : items) {
    for (const auto& read : item.reports) out["reports"].push_back(described(read));
    for (const auto& error : item.errors) refused.insert(error.code);
    if (out["outcome"] == "not_a_report" && item.reports.empty()) out.update(without_report(item));
    if (!item.reports.empty()) out["outcome"] = "stored";
  }
  if (out["outcome"] != "stored") return out;
  out["code"] = nullptr;
  out["rejected_parts"] = refused;
  return out;
}

std::vector<std::string> differences(const json& got, const json& want) {
  std::vector<std::string> out;
  compare_fields(got, want, "", out);
  const json refused = got.value("rejected_parts", json::array());
  if (!want.contains("rejected_parts") && !refused.empty())
    out.push_back("rejected_parts: unexpected " + refused.dump());
  return out;
}

}  // namespace ruaudit::tests
