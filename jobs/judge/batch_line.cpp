#include "jobs/judge/batch_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "jobs/process/console.hpp"

namespace ruaudit::jobs {
namespace {

using nlohmann::json;

constexpr std::size_t max_depth = 32;

bool is_too_deep(std::string_view line) {
  std::size_t depth = 0;
  bool is_in_text = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (is_in_text && c == '\\') {
      ++i;
    } else if (c == '"') {
      is_in_text = !is_in_text;
    } else if (!is_in_text && (c == '{' || c == '[')) {
      if (++depth > max_depth) return true;
    } else if (!is_in_text && (c == '}' || c == ']')) {
      depth -= depth > 0 ? 1 : 0;
    }
  }
  return false;
}

model::Result<json> parse_json(std::string_view line) {
  if (is_too_deep(line)) return model::failure("batch-line", fmt::format("more than {} levels deep", max_depth));
  try {
    auto value = json::parse(with_octet_escapes(line));
    if (!value.is_object()) return model::failure("batch-line", "the line is not a JSON object");
    return value;
  } catch (const json::parse_error& e) {
    return model::failure("batch-line", fmt::format("the line is not JSON: octet {} is not allowed there", e.byte),
                          "write one JSON object per line, with strings in UTF-8");
  } catch (const json::exception&) {
    return model::failure("batch-line", "the line cannot be read as JSON", "a number may be too large");
  }
}

bool has(const json& line, const char* name) {
  const auto found = line.find(name);
  return found != line.end() && !found->is_null();
}

model::Result<std::optional<std::string>> text(const json& line, const char* name) {
  if (!has(line, name)) return std::optional<std::string>{};
  if (!line[name].is_string()) return model::failure("batch-line", fmt::format("{} is not a string", name));
  return std::optional<std::string>(octets_of_text(line[name].get<std::string>(), false).front());
}

model::Result<void> read_envelope(const json& line, verify::evaluate::Envelope& envelope) {
  TRY(const auto ip, text(line, "ip"));
  TRY(auto helo, text(line, "helo"));
  TRY(auto mail_from, text(line, "mail_from"));
  if (ip) {
    const auto address = model::IpAddress::parse(*ip);
    if (!address) return model::failure(address.error().in("ip"));
    envelope.ip = *address;
  }
  if (helo) envelope.helo = std::move(helo);
  if (mail_from) envelope.mail_from = std::move(mail_from);
  return {};
}

model::Result<std::int64_t> instant(const json& value) {
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number_float()) {
    const double seconds = value.get<double>();
    if (seconds > -1e15 && seconds < 1e15) return static_cast<std::int64_t>(seconds);
  }
  if (value.is_string()) return parse_instant(value.get<std::string>());
  return model::failure("batch-line", "at is not a time",
                        "give seconds since the epoch or e.g. \"2024-02-29T12:00:00Z\"");
}

model::Result<verify::evaluate::Checks> checks(const json& value) {
  std::vector<std::string> names;
  if (value.is_string())
    names = split_at_commas(value.get<std::string>());
  else if (!value.is_array())
    return model::failure("batch-line", "only is not a list");
  else
    for (const auto& name : value) names.push_back(name.is_string() ? name.get<std::string>() : name.dump());
  return parse_checks(names);
}

model::Result<void> read_options(const json& line, verify::evaluate::Options& options) {
  if (has(line, "at")) {
    TRY(options.at, instant(line["at"]));
  }
  TRY(const auto policy, text(line, "policy"));
  if (policy) {
    TRY(options.rules, parse_rules(*policy));
  }
  if (has(line, "legacy")) {
    if (!line["legacy"].is_boolean()) return model::failure("batch-line", "legacy is neither true nor false");
    options.legacy = line["legacy"].get<bool>() ? verify::dkim::Legacy::verify : verify::dkim::Legacy::refuse;
  }
  if (has(line, "only")) {
    TRY(options.checks, checks(line["only"]));
  }
  return {};
}

model::Result<std::vector<std::string>> names(const json& value, const char* member) {
  std::vector<std::string> out;
  const bool is_list =
      value.is_array() && std::all_of(value.begin(), value.end(), [](const json& one) { return one.is_string(); });
  if (!value.is_string() && !is_list)
    return model::failure("batch-line", fmt::format("{} is neither a string nor a list of strings", member));
  if (value.is_string()) out.push_back(value.get<std::string>());
  if (is_list) out = value.get<std::vector<std::string>>();
  return out;
}

model::Result<void> read_trust(const json& line, verify::evaluate::Options& options) {
  TRY(auto receiver, text(line, "receiver"));
  if (receiver) options.receiver = std::move(*receiver);
  if (has(line, "trusted_host")) {
    TRY(options.trust.hosts, names(line["trusted_host"], "trusted_host"));
  }
  return {};
}

// What the line says beyond its members: a mistyped name must not go unnoticed. "expect" and the like are reported,
// too.
std::vector<std::string> unknown_members(const json& line) {
  constexpr std::array known = {"id",   "message", "message_file", "ip",   "helo",     "mail_from",   "at",
                                "zone", "policy",  "legacy",       "only", "receiver", "trusted_host"};
  constexpr std::size_t enough = 20;
  std::vector<std::string> names;
  for (const auto& [name, value] : line.items())
    if (std::find(known.begin(), known.end(), name) == known.end() && names.size() < enough) names.push_back(name);
  return names;
}

model::Result<void> read_zone(const json& line, std::optional<verify::dns::Zone>& zone) {
  if (!has(line, "zone")) return {};
  const json& value = line["zone"];
  auto parsed = value.is_string() ? verify::dns::Zone::parse(value.get<std::string>())
                                  : verify::dns::Zone::parse_json(value.dump());
  if (!parsed) return model::failure(parsed.error().in("zone"));
  zone = std::move(*parsed);
  return {};
}

model::Result<void> read_message(const json& line, bool is_escaped, const ReadFile& read_file,
                                 std::vector<std::string>& messages) {
  const bool is_inline = has(line, "message"), is_file = has(line, "message_file");
  if (is_inline && is_file) return model::failure("batch-line", "both message and message_file are given");
  if (is_inline && !line["message"].is_string()) return model::failure("batch-line", "message is not a string");
  if (is_inline) messages = octets_of_text(line["message"].get_ref<const std::string&>(), is_escaped);
  if (!is_file) return {};
  TRY(const auto path, text(line, "message_file"));
  TRY(auto octets, read_file(*path));
  messages.push_back(std::move(octets));
  return {};
}

model::Result<void> read_members(const json& line, bool is_escaped, const ReadFile& read_file, BatchLine& out) {
  TRY_VOID(read_message(line, is_escaped, read_file, out.messages));
  auto& options = out.request.options;
  if (out.messages.empty() && !has(line, "only"))
    options.checks = {.spf = true, .dkim = false, .arc = false, .dmarc = false};
  TRY_VOID(read_envelope(line, out.request.envelope));
  TRY_VOID(read_options(line, options));
  TRY_VOID(read_trust(line, options));
  out.unknown_members = unknown_members(line);
  return read_zone(line, out.zone);
}

}  // namespace

tl::expected<BatchLine, BatchFault> parse_batch_line(std::string_view line, const VerifyRequest& defaults,
                                                     const ReadFile& read_file) {
  auto value = parse_json(line);
  if (!value) return tl::unexpected(BatchFault{"null", value.error()});
  BatchLine out;
  if (value->contains("id")) out.id = (*value)["id"].dump(-1, ' ', false, json::error_handler_t::replace);
  out.request = defaults;
  if (const auto read = read_members(*value, is_ascii(line), read_file, out); !read)
    return tl::unexpected(BatchFault{out.id, read.error()});
  return out;
}

}  // namespace ruaudit::jobs
