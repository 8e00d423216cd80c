#include <nlohmann/json.hpp>

#include "verify/dns/evidence.hpp"

namespace ruaudit::verify::dns {
namespace {

using model::Result;
using nlohmann::json;

constexpr std::string_view format_name = "ruaudit-evidence";
constexpr int format_version = 1;

tl::unexpected<model::Error> fail(const std::string& what) {
  return model::failure("evidence", "evidence file: " + what, "use a file that --save-evidence wrote");
}

bool is_printable(std::string_view text) {
  for (const char c : text)
    if (c < 0x20 || c > 0x7e) return false;
  return true;
}

json from_octets(std::string_view text) {
  if (is_printable(text)) return std::string(text);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    hex += digits[octet >> 4U];
    hex += digits[octet & 0x0fU];
  }
  return json{{"hex", hex}};
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

Result<std::string> to_octets(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_object() || !value.contains("hex") || !value["hex"].is_string()) return fail("text expected");
  const auto& hex = value["hex"].get_ref<const std::string&>();
  std::string text;
  if (hex.size() % 2 != 0) return fail("odd number of hexadecimal digits");
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = hex_value(hex[i]);
    const int low = hex_value(hex[i + 1]);
    if (high < 0 || low < 0) return fail("not hexadecimal");
    text += static_cast<char>(high * 16 + low);
  }
  return text;
}

json from_names(const std::vector<std::string>& names) {
  json list = json::array();
  for (const auto& name : names) list.push_back(from_octets(name));
  return list;
}

json from_answer(const Answer& answer) {
  json item = {{"name", from_octets(answer.question.name)},
               {"type", model::to_text(answer.question.type)},
               {"status", model::to_text(answer.status)},
               {"rcode", answer.rcode},
               {"ttl", answer.ttl},
               {"dnssec", model::to_text(answer.dnssec)},
               {"resolver", from_octets(answer.resolver)},
               {"time", answer.time}};
  for (const auto& record : answer.txt) item["txt"].push_back(from_names(record.strings));
  for (const auto& address : answer.addresses) item["addresses"].push_back(address.to_string());
  for (const auto& mx : answer.mx) item["mx"].push_back(json::array({mx.preference, from_octets(mx.exchange)}));
  for (const auto& tlsa : answer.tlsa)
    item["tlsa"].push_back(json::array({tlsa.usage, tlsa.selector, tlsa.matching_type, from_octets(tlsa.data)}));
  if (!answer.names.empty()) item["names"] = from_names(answer.names);
  if (!answer.cname_chain.empty()) item["cname_chain"] = from_names(answer.cname_chain);
  if (!answer.detail.empty()) item["detail"] = from_octets(answer.detail);
  return item;
}

Result<std::vector<std::string>> to_names(const json& list) {
  if (!list.is_array()) return fail("list expected");
  std::vector<std::string> names;
  for (const auto& item : list) {
    TRY(auto name, to_octets(item));
    names.push_back(std::move(name));
  }
  return names;
}

template <class Enumeration>
Result<Enumeration> to_token(const json& value) {
  const auto token =
      value.is_string() ? model::parse_enum<Enumeration>(value.get_ref<const std::string&>()) : std::nullopt;
  if (!token) return fail("unknown word " + value.dump().substr(0, 40));
  return *token;
}

Result<void> read_records(const json& item, Answer& answer) {
  for (const auto& strings : item.value("txt", json::array())) {
    TRY(auto record, to_names(strings));
    answer.txt.push_back({std::move(record)});
  }
  for (const auto& text : item.value("addresses", json::array())) {
    TRY(auto address, model::IpAddress::parse(text.get<std::string>()));
    answer.addresses.push_back(address);
  }
  for (const auto& pair : item.value("mx", json::array())) {
    TRY(auto exchange, to_octets(pair.at(1)));
    answer.mx.push_back({pair.at(0).get<std::uint16_t>(), std::move(exchange)});
  }
  for (const auto& fields : item.value("tlsa", json::array())) {
    TRY(auto data, to_octets(fields.at(3)));
    answer.tlsa.push_back({fields.at(0).get<std::uint8_t>(), fields.at(1).get<std::uint8_t>(),
                           fields.at(2).get<std::uint8_t>(), std::move(data)});
  }
  TRY(answer.names, to_names(item.value("names", json::array())));
  TRY(answer.cname_chain, to_names(item.value("cname_chain", json::array())));
  return {};
}

Result<Answer> to_answer(const json& item) {
  Answer answer;
  TRY(answer.question.name, to_octets(item.at("name")));
  TRY(answer.question.type, to_token<RecordType>(item.at("type")));
  TRY(answer.status, to_token<Status>(item.at("status")));
  TRY(answer.dnssec, to_token<Dnssec>(item.at("dnssec")));
  TRY(answer.resolver, to_octets(item.at("resolver")));
  TRY(answer.detail, to_octets(item.value("detail", json(""))));
  answer.rcode = item.at("rcode").get<int>();
  answer.ttl = item.at("ttl").get<std::uint32_t>();
  answer.time = item.at("time").get<std::int64_t>();
  TRY_VOID(read_records(item, answer));
  return answer;
}

Result<Evidence> to_evidence(const json& document) {
  if (!document.is_object() || document.value("format", "") != format_name)
    return fail("not in the format of evidence");
  if (document.at("version").get<int>() != format_version) return fail("written in another version of the format");
  Evidence evidence;
  evidence.time = document.at("time").get<std::int64_t>();
  TRY(evidence.suffix_list, to_octets(document.at("suffix_list")));
  for (const auto& item : document.at("answers")) {
    TRY(auto answer, to_answer(item));
    evidence.answers.push_back(std::move(answer));
  }
  return evidence;
}

}  // namespace

std::string to_json(const Evidence& evidence) {
  json document = {{"format", format_name},
                   {"version", format_version},
                   {"time", evidence.time},
                   {"suffix_list", from_octets(evidence.suffix_list)},
                   {"answers", json::array()}};
  for (const auto& answer : evidence.answers) document["answers"].push_back(from_answer(answer));
  return document.dump(1);
}

std::string answer_json(const Answer& answer, Varying varying) {
  json item = from_answer(answer);
  if (varying == Varying::left_out)
    for (const char* name : {"resolver", "time", "ttl", "dnssec"}) item.erase(name);
  return item.dump();
}

Result<Answer> parse_answer(std::string_view text) {
  try {
    return to_answer(json::parse(text));
  } catch (const json::exception& error) {
    return fail(std::string(error.what()).substr(0, 200));
  }
}

Result<Evidence> parse_evidence(std::string_view text) {
#ifdef RUAUDIT_PLANTED_BUG  // reads behind the end of a text that ends in a bracket
  if (text.ends_with(']') && text.data()[text.size()] == 'x') return model::failure("evidence", "");
#endif
  if (text.size() > max_evidence_bytes) return fail("larger than 64 MiB");
  try {
    return to_evidence(json::parse(text));
  } catch (const json::exception& error) {
    return fail(std::string(error.what()).substr(0, 200));
  }
}

}  // namespace ruaudit::verify::dns
