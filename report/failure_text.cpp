#include "report/failure_text.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/failure_list.hpp"
#include "report/safe_text.hpp"
#include "report/verify_text.hpp"
#include "verify/explain/details.hpp"

namespace ruaudit::report {
namespace {

using nlohmann::json;
using Text = std::optional<std::string>;

constexpr std::size_t label_columns = 11;

std::string label(std::string_view text) { return fmt::format("{:<{}}", text, label_columns); }

std::string head(const model::FailureRow& row) {
  const std::string domain = row.header_from.value_or(row.reported_domain.value_or("domain not known"));
  std::string out = wrap(fmt::format("Failure report {} of {} for {}", row.failure_key, row.reporter, domain), "");
  out += wrap(fmt::format("{} from {}; {} {}; reported as {}", verify::explain::time_text(row.at),
                          row.source_ip.value_or("a source not known"), row.incidents,
                          row.incidents == 1 ? "incident" : "incidents", row.auth_failure.value_or(row.kind)),
              label("Sample"));
  out += wrap(fmt::format("{}, {} octets on arrival{}; --samples {}, {}", row.sample_extent, row.sample_size,
                          row.is_redacted ? ", redacted by the reporter" : "", row.sample_policy, row.sample_state),
              label(""));
  if (row.sample_hash) out += wrap("SHA-256 " + *row.sample_hash, label(""));
  if (model::is_elsewhere(row))
    out += wrap(fmt::format("the sample, its evidence and its DNS answers are kept at {}, where it is {}",
                            row.item_source, row.part),
                label("Kept"));
  return out;
}

std::string verdict(const model::FailureResult& result) {
  std::string name = result.conclusion;
  for (char& c : name) c = c == '_' ? ' ' : c;
  std::string out =
      "\n" + wrap(fmt::format("{} ({}), confidence {}", name, result.reason, result.confidence), label("Conclusion"));
  out += wrap(result.summary, label(""));
  if (result.advice) out += wrap(*result.advice, label("Advice"));
  out += wrap(fmt::format("with DNS of {}, verified {} by ruaudit {}", verify::explain::time_text(result.dns_time),
                          verify::explain::time_text(result.verified_at), result.tool_version),
              label("Basis"));
  return out;
}

Text claim_of(const FailureInFull& full, std::string_view name) {
  for (const auto& claim : full.claims)
    if (claim.name == name) return claim.value;
  return std::nullopt;
}

std::string with_domain(const Text& result, const Text& domain, std::optional<std::int64_t> is_aligned) {
  std::string out = result.value_or("not found");
  if (domain && !domain->empty())
    out += fmt::format(" for {}, {}", *domain, is_aligned == 1 ? "aligned" : "not aligned");
  return out;
}

std::string claims(const FailureInFull& full) {
  const auto& row = full.row;
  std::string out = "\n";
  bool is_first = true;
  const auto add = [&](std::string_view name, const Text& value) {
    if (!value) return;
    out += wrap(fmt::format("{}: {}", name, *value), label(is_first ? "Claimed" : ""));
    is_first = false;
  };
  add("auth-failure", row.auth_failure);
  add("authentication-results", claim_of(full, "authentication-results"));
  add("delivery-result", row.delivery_result);
  add("identity-alignment (its meaning differs between the RFCs)", row.identity_alignment);
  add("original-mail-from", row.original_mail_from);
  if (is_first) out += label("Claimed") + "nothing\n";
  if (!row.result) return out;
  const auto& r = *row.result;
  out += wrap(
      fmt::format("DMARC {}{}", r.dmarc.value_or("not found"), r.dmarc_7489 ? ", by RFC 7489 " + *r.dmarc_7489 : ""),
      label("Found"));
  out += wrap("SPF " + with_domain(r.spf, r.spf_domain, r.spf_aligned), label(""));
  out += wrap("DKIM " + with_domain(r.dkim, r.dkim_domain, r.dkim_aligned), label(""));
  if (r.arc && *r.arc != "none") out += wrap("ARC " + *r.arc, label(""));
  if (!r.disagreement) return out;
  std::string_view rest = *r.disagreement;
  for (bool first = true; !rest.empty(); first = false) {
    const auto end = rest.find('\n');
    out += wrap(rest.substr(0, end), label(first ? "Differs" : ""));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return out;
}

bool is_change(const model::KeptEvidenceLine& line) {
  return line.kind == "header-change" || line.kind == "body-change";
}

// A change has lines of its own: what and why, what it was, what it is.
std::string change(const std::string& text) {
  std::string out;
  std::string_view rest = text;
  for (bool first = true; !rest.empty(); first = false) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    out += first ? wrap(line, label("Change")) : label("") + "  " + harmless(line) + "\n";
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return out;
}

std::string evidence(const FailureInFull& full) {
  std::string out = "\n";
  bool is_first = true;
  for (const auto& line : full.evidence) {
    if (is_change(line)) continue;
    out += wrap(line.text, label(is_first ? "Evidence" : ""));
    is_first = false;
  }
  for (const auto& line : full.evidence)
    if (is_change(line)) out += change(line.text);
  return out;
}

std::string sections(const std::string& details) {
  const json parsed = json::parse(details, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("sections") || !parsed["sections"].is_array()) return "";
  std::string out;
  for (const auto& section : parsed["sections"]) {
    out += "\n";
    std::string title = section.value("title", "");
    for (const auto& line : section.value("lines", json::array())) {
      if (!line.is_string()) continue;
      const auto& text = line.get_ref<const std::string&>();
      out += wrap(text, label(title) + std::string(text.starts_with("  ") ? 2 : 0, ' '));
      title.clear();
    }
  }
  return out;
}

json full_json(const FailureInFull& full) {
  json out = failure_json(full.row);
  out["claims"] = json::array();
  for (const auto& claim : full.claims)
    out["claims"].push_back({{"name", harmless(claim.name)}, {"value", harmless(claim.value)}});
  out["identity_alignment"] = full.row.identity_alignment ? json(harmless(*full.row.identity_alignment)) : json();
  out["original_mail_from"] = full.row.original_mail_from ? json(harmless(*full.row.original_mail_from)) : json();
  out["evidence"] = json::array();
  for (const auto& line : full.evidence) {
    json item = {{"kind", line.kind}, {"text", harmless(line.text)}};
    if (is_change(line)) item["text"] = line.text;  // its line ends divide it; the pieces are harmless already
    out["evidence"].push_back(std::move(item));
  }
  if (full.row.result) out["details"] = json::parse(full.row.result->details, nullptr, false);
  if (out.contains("details") && out["details"].is_discarded()) out["details"] = nullptr;
  out["dns"] = json::array();
  for (const auto& answer : full.answers) {
    auto parsed = json::parse(answer, nullptr, false);
    if (!parsed.is_discarded()) out["dns"].push_back(std::move(parsed));
  }
  return out;
}

std::string dump(const json& value) { return value.dump(1, ' ', false, json::error_handler_t::replace) + "\n"; }

// As `ruaudit verify --evidence` reads it.
std::string evidence_file(const FailureInFull& full) {
  json out = {{"format", "ruaudit-evidence"}, {"version", 1}, {"suffix_list", ""}, {"answers", json::array()}};
  out["time"] = full.row.result ? full.row.result->judged_at : full.row.at;
  for (const auto& answer : full.answers) {
    auto parsed = json::parse(answer, nullptr, false);
    if (!parsed.is_discarded()) out["answers"].push_back(std::move(parsed));
  }
  return dump(out);
}

}  // namespace

std::string failure_text(const FailureInFull& full) {
  std::string out = head(full.row);
  if (full.row.result)
    out += verdict(*full.row.result);
  else if (full.row.is_judged())
    out += "\n" + wrap("not verified yet: run ruaudit reverify", label("Conclusion"));
  else
    out += "\n" + wrap(fmt::format("none: feedback of the kind {} is stored as it is, not judged", full.row.kind),
                       label("Conclusion"));
  out += claims(full);
  if (!full.evidence.empty()) out += evidence(full);
  if (full.row.result) out += sections(full.row.result->details);
  return out;
}

std::string failure_json_text(const FailureInFull& full) { return dump(full_json(full)); }

std::vector<BundleMember> bundle_members(const FailureInFull& full) {
  const auto& row = full.row;
  json result = full_json(full);
  result.erase("dns");
  std::vector<BundleMember> members;
  members.push_back({"summary.txt", failure_text(full)});
  members.push_back({"result.json", dump(result)});
  members.push_back({"dns.json", evidence_file(full)});
  members.push_back({"tool-version.txt", fmt::format("ruaudit {}\n", RUAUDIT_VERSION)});
  if (row.sample_hash)
    members.push_back(
        {"sample.sha256", fmt::format("{}  the sample as it arrived, {} octets\n", *row.sample_hash, row.sample_size)});
  if (!full.sample.empty()) members.push_back({"sample.eml", full.sample});
  return members;
}

}  // namespace ruaudit::report
