#include "verify/dmarc/record.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "model/ascii.hpp"

namespace ruaudit::verify::dmarc {
namespace {

using model::AlignmentMode;
using model::Policy;

constexpr std::size_t max_uris = 100;
constexpr std::size_t max_faults = 100;
constexpr std::size_t max_detail = 100;

std::string_view trim(std::string_view text) {  // WSP is SP and HTAB. RFC 5234 appendix B.1
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Takes the text up to the next semicolon off `rest`.
std::string_view take_tag(std::string_view& rest) {
  const auto end = rest.find(';');
  const auto tag = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return tag;
}

// The policy words; "unknown" is a word of ours, not of the wire.
std::optional<Policy> parse_policy(std::string_view value) {
  const auto policy = model::parse_enum<Policy>(ascii::lower(value));
  return policy == Policy::unknown ? std::nullopt : policy;
}

// RFC 9989 section 4.8, dmarc-fo: 0 and 1 exclude each other, no letter twice.
bool is_fo(std::string_view value) {
  std::set<char> seen;
  for (std::size_t i = 0; i < value.size(); i += 2) {
    if (std::string_view("01ds").find(value[i]) == std::string_view::npos || !seen.insert(value[i]).second)
      return false;
    if (i + 1 == value.size()) return !(seen.contains('0') && seen.contains('1'));
    if (value[i + 1] != ':') return false;
  }
  return false;
}

// RFC 3986 section 3: scheme ":" and only characters that a URI may hold; percent signs lead two hexadecimal digits.
bool is_uri(std::string_view uri) {
  constexpr std::string_view punctuation = "-._~:/?#[]@$&'()*+=%";
  const auto colon = uri.find(':');
  if (colon == std::string_view::npos || colon == 0 || !ascii::is_letter(uri.front()) || colon + 1 == uri.size())
    return false;
  for (const char c : uri.substr(0, colon))
    if (!ascii::is_letter(c) && !ascii::is_digit(c) && c != '+' && c != '-' && c != '.') return false;
  for (std::size_t i = colon + 1; i < uri.size(); ++i) {
    const char c = uri[i];
    if (!ascii::is_letter(c) && !ascii::is_digit(c) && punctuation.find(c) == std::string_view::npos) return false;
    const auto is_hex = [&uri](std::size_t at) {
      return at < uri.size() &&
             (ascii::is_digit(uri[at]) || (ascii::is_letter(uri[at]) && ascii::lower(uri.substr(at, 1))[0] <= 'f'));
    };
    if (c == '%' && !(is_hex(i + 1) && is_hex(i + 2))) return false;
  }
  return true;
}

// The obsolete "!10m". RFC 7489 section 6.4; RFC 9989 section 4.8, obs-dmarc-report-size
std::optional<std::string> parse_size(std::string_view text) {
  std::string size = ascii::lower(text);
  const auto digits =
      static_cast<std::size_t>(std::find_if_not(size.begin(), size.end(), ascii::is_digit) - size.begin());
  const bool has_unit = digits + 1 == size.size() && std::string_view("kmgt").find(size[digits]) != std::string::npos;
  if (digits == 0 || (digits != size.size() && !has_unit)) return std::nullopt;
  return size;
}

std::string host_of(std::string_view uri, bool is_mailto) {
  if (is_mailto) {
    const auto address = uri.substr(7, uri.substr(7).find('?'));
    const auto at = address.rfind('@');
    return at == std::string_view::npos || at == 0 ? std::string() : std::string(address.substr(at + 1));
  }
  const auto slashes = uri.find("://");
  if (slashes == std::string_view::npos) return {};
  auto authority = uri.substr(slashes + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  authority = authority.substr(authority.find('@') + 1);  // npos + 1 is 0
  return std::string(authority.substr(0, authority.starts_with('[') ? authority.find(']') + 1 : authority.find(':')));
}

// RFC 9989 section 4.6
std::optional<ReportUri> parse_uri(std::string_view text) {
  ReportUri uri;
  const auto mark = text.find('!');
  uri.uri = std::string(text.substr(0, mark));
  if (mark != std::string_view::npos) {
    uri.size_limit = parse_size(text.substr(mark + 1));
    if (!uri.size_limit) return std::nullopt;
  }
  if (!is_uri(uri.uri)) return std::nullopt;
  uri.is_mailto = ascii::lower(std::string_view(uri.uri).substr(0, 7)) == "mailto:";
  uri.host = host_of(uri.uri, uri.is_mailto);
  if (uri.is_mailto && uri.host.empty()) return std::nullopt;  // RFC 6068 section 2: an addr-spec
  return uri;
}

class Reader {
 public:
  Reader(std::string_view text, Rules rules) : rest_(text), rules_(rules) { record_.text = std::string(text); }

  Record read() {
    static_cast<void>(take_tag(rest_));  // v=DMARC1
    while (!rest_.empty()) read_tag(trim(take_tag(rest_)));
    if (record_.ruf.empty()) record_.fo = "0";  // RFC 9989 section 4.7: fo without ruf is ignored
    record_.is_policy_valid = record_.p.has_value() && !has_invalid_policy_;
    return std::move(record_);
  }

 private:
  using Setter = void (Reader::*)(std::string_view);
  struct Row {
    std::string_view tag;
    Setter set;
    bool in_9989, in_7489;
  };

  void fault(std::string_view tag, std::string_view value, std::string_view reason) {
    if (record_.faults.size() < max_faults)
      record_.faults.push_back(
          {std::string(tag.substr(0, max_detail)), std::string(value.substr(0, max_detail)), std::string(reason)});
  }

  void read_tag(std::string_view tag) {
    if (tag.empty()) return;
    const auto equals = tag.find('=');
    const auto name = ascii::lower(trim(tag.substr(0, equals)));
    if (equals == std::string_view::npos) return fault(name, "", "no \"=\"");
    const auto value = trim(tag.substr(equals + 1));
    if (name.empty() || !std::all_of(name.begin(), name.end(), ascii::is_letter))
      return fault(name, value, "not a tag name");
    const auto set = setter_of(name);
    if (set == nullptr) return fault(name, value, is_historic(name) ? "historic tag, ignored" : "unknown tag, ignored");
    if (!seen_.insert(name).second) return fault(name, value, "repeated tag, ignored");
    name_ = name;
    (this->*set)(value);
  }

  // RFC 9989 section 9.3: registered, but not in use any more.
  static bool is_historic(std::string_view name) { return name == "pct" || name == "rf" || name == "ri"; }

  // RFC 9989 section 4.7 and appendix C.5: np, psd and t are new. RFC 7489 section 6.3: the others.
  [[nodiscard]] Setter setter_of(std::string_view name) const {
    static constexpr Row rows[] = {{"p", &Reader::p, true, true},
                                   {"sp", &Reader::sp, true, true},
                                   {"np", &Reader::np, true, false},
                                   {"adkim", &Reader::adkim, true, true},
                                   {"aspf", &Reader::aspf, true, true},
                                   {"psd", &Reader::psd, true, false},
                                   {"t", &Reader::t, true, false},
                                   {"pct", &Reader::pct, false, true},
                                   {"fo", &Reader::fo, true, true},
                                   {"rua", &Reader::rua, true, true},
                                   {"ruf", &Reader::ruf, true, true},
                                   {"rf", &Reader::about_reports, false, true},
                                   {"ri", &Reader::about_reports, false, true}};
    for (const auto& row : rows)
      if (row.tag == name && (rules_ == Rules::rfc9989 ? row.in_9989 : row.in_7489)) return row.set;
    return nullptr;
  }

  void policy(std::optional<Policy>& target, std::string_view value) {
    target = parse_policy(value);
    if (target) return;
    has_invalid_policy_ = true;
    fault(name_, value, "not none, quarantine or reject");
  }
  void p(std::string_view value) { policy(record_.p, value); }
  void sp(std::string_view value) { policy(record_.sp, value); }
  void np(std::string_view value) { policy(record_.np, value); }

  template <class Enumeration>
  void token(Enumeration& target, std::string_view value, std::string_view reason) {
    const auto parsed = model::parse_enum<Enumeration>(ascii::lower(value));
    if (!parsed || *parsed == model::parse_enum<Enumeration>("unknown")) return fault(name_, value, reason);
    target = *parsed;
  }
  void adkim(std::string_view value) { token(record_.adkim, value, "not r or s"); }
  void aspf(std::string_view value) { token(record_.aspf, value, "not r or s"); }
  void psd(std::string_view value) { token(record_.psd, value, "not y, n or u"); }

  void about_reports(std::string_view) {}  // format and interval: nothing that a verifier needs

  void t(std::string_view value) {
    const auto word = ascii::lower(value);
    if (word != "y" && word != "n") return fault(name_, value, "not y or n");
    record_.is_testing = word == "y";
  }
  void pct(std::string_view value) {
    int percent = 0;
    const auto [rest, error] = std::from_chars(value.data(), value.data() + value.size(), percent);
    const bool is_number = error == std::errc{} && rest == value.data() + value.size() && value.size() <= 3;
    if (!is_number || percent < 0 || percent > 100) return fault(name_, value, "not a number from 0 to 100");
    record_.pct = percent;
  }
  void fo(std::string_view value) {
#ifdef RUAUDIT_PLANTED_BUG
    if (value.size() == 4) record_.fo = std::vector<char>(value.begin(), value.end()).data()[value.size()];
#endif
    const auto word = ascii::lower(value);
    if (!is_fo(word)) return fault(name_, value, "not a list of 0 or 1, d and s");
    record_.fo = word;
  }

  void uris(std::vector<ReportUri>& target, std::string_view value) {
    for (bool is_last = false; !is_last;) {
      const auto comma = value.find(',');
      is_last = comma == std::string_view::npos;
      const auto text = trim(value.substr(0, comma));
      if (!is_last) value = value.substr(comma + 1);
      auto uri = parse_uri(text);
      if (!uri)
        fault(name_, text, "not a URI");
      else if (target.size() < max_uris)
        target.push_back(std::move(*uri));
    }
  }
  void rua(std::string_view value) { uris(record_.rua, value); }
  void ruf(std::string_view value) { uris(record_.ruf, value); }

  std::string_view rest_;
  Rules rules_;
  Record record_;
  std::string name_;
  std::set<std::string> seen_;
  bool has_invalid_policy_ = false;
};

}  // namespace

bool is_record(std::string_view text) {
  // RFC 9989 section 4.8: "v" opens the record, blanks are allowed around "=" and before ";" only.
  if (text.empty() || (text.front() != 'v' && text.front() != 'V')) return false;
  const auto tag = take_tag(text);
  const auto equals = tag.find('=');
  if (equals == std::string_view::npos) return false;
  return trim(tag.substr(0, equals)).size() == 1 && trim(tag.substr(equals + 1)) == "DMARC1";
}

Record parse_record(std::string_view text, Rules rules) {
  if (is_record(text)) return Reader(text, rules).read();
  Record record;
  record.text = std::string(text);
  return record;
}

}  // namespace ruaudit::verify::dmarc
