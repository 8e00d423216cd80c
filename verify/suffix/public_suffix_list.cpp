#include "verify/suffix/public_suffix_list.hpp"

#include <libpsl.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>

namespace ruaudit::verify::suffix {
namespace {

using model::Domain;
using model::Result;

struct Close {
  void operator()(std::FILE* file) const noexcept { static_cast<void>(std::fclose(file)); }
};

// FNV-1a: tells two lists apart, is no protection against forgery.
std::string digest_of(std::string_view bytes) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  char text[17];
  static_cast<void>(std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash)));
  return text;
}

// The date of a published list is in a comment: "// VERSION: 2024-05-06_07-08-09_UTC".
std::string version_line(std::string_view bytes) {
  constexpr std::string_view key = "// VERSION: ";
  const auto at = bytes.substr(0, 4096).find(key);
  if (at == std::string_view::npos) return "undated";
  const auto rest = bytes.substr(at + key.size());
  return std::string(rest.substr(0, std::min<std::size_t>(rest.find_first_of("\r\n"), 40)));
}

std::string version_of(std::string_view bytes, const psl_ctx_t* list) {
  const int rules = psl_suffix_count(list);
  return version_line(bytes) + ", " + (rules < 0 ? "compiled" : std::to_string(rules) + " rules") + ", fnv1a " +
         digest_of(bytes);
}

tl::unexpected<model::Error> failure(const std::string& what) {
  return model::failure("public-suffix-list", what, "name a list file as published on publicsuffix.org");
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad() || bytes.empty()) return failure("cannot read " + path);
  return bytes;
}

// One label below the longest suffix by ICANN's rules alone: libpsl offers only the test of one name.
std::optional<Domain> icann_registrable(const psl_ctx_t* list, const std::string& name) {
  auto below = std::string::npos;  // where the name one label below the current one starts
  for (std::size_t start = 0;; start = name.find('.', start) + 1) {
    const bool is_last_label = name.find('.', start) == std::string::npos;  // a suffix by the rule "*" at least
    if (is_last_label || psl_is_public_suffix2(list, name.c_str() + start, PSL_TYPE_ICANN) == 1) break;
    below = start;
  }
  if (below == std::string::npos) return std::nullopt;
  auto parsed = Domain::parse(std::string_view(name).substr(below));
  return parsed ? std::optional<Domain>(*parsed) : std::nullopt;
}

}  // namespace

void PublicSuffixList::Free::operator()(psl_ctx_st* list) const noexcept { psl_free(list); }

Result<PublicSuffixList> PublicSuffixList::parse(std::string_view text) {
  if (text.empty()) return failure("the list is empty");
  std::string bytes(text);
  const std::unique_ptr<std::FILE, Close> file(fmemopen(bytes.data(), bytes.size(), "rb"));
  if (!file) return failure("cannot read the list");
  Handle list(psl_load_fp(file.get()));
  if (!list || psl_suffix_count(list.get()) == 0) return failure("no public suffix list");
  auto version = version_of(bytes, list.get());
  return PublicSuffixList(std::move(list), std::move(version));
}

Result<PublicSuffixList> PublicSuffixList::load(const std::string& path) {
  TRY(const auto bytes, read_file(path));
  auto list = parse(bytes);
  if (!list) return model::failure(list.error().in(path));
  return list;
}

Result<PublicSuffixList> PublicSuffixList::system() {
  const char* path = psl_dist_filename();
  if (path != nullptr && *path != '\0')
    if (auto list = load(path)) return list;
  Handle list(psl_latest(nullptr));
  if (!list) return failure("this system has no public suffix list");
  return PublicSuffixList(std::move(list), std::string("built into libpsl ") + psl_get_version());
}

std::optional<Domain> PublicSuffixList::registrable_domain(const Domain& domain, Sections sections) const {
  if (sections == Sections::icann) return icann_registrable(list_.get(), domain.text());
  const char* found = psl_registrable_domain(list_.get(), domain.text().c_str());
  if (found == nullptr) return std::nullopt;
  auto parsed = Domain::parse(found);
  if (!parsed) return std::nullopt;
  return *parsed;
}

Domain PublicSuffixList::organizational_domain(const Domain& domain) const {
  return registrable_domain(domain).value_or(domain);
}

bool PublicSuffixList::is_public_suffix(const Domain& domain) const {
  return psl_is_public_suffix(list_.get(), domain.text().c_str()) != 0;
}

bool PublicSuffixList::is_top_level(const std::string& label) const {
  return psl_is_public_suffix2(list_.get(), label.c_str(), PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0;
}

}  // namespace ruaudit::verify::suffix
