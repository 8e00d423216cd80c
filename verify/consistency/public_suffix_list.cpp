#include "verify/consistency/public_suffix_list.hpp"

#include <libpsl.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>

namespace ruaudit::verify::consistency {

using model::failure;
using model::Result;

struct PublicSuffixList::Handle {
  explicit Handle(const psl_ctx_t* given) : list(given) {}
  explicit Handle(psl_ctx_t* loaded) : list(loaded), owned(loaded) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { psl_free(owned); }
  const psl_ctx_t* list;
  psl_ctx_t* owned = nullptr;  // the built-in list is not ours to free
};

namespace {

constexpr std::size_t max_name = 253;
constexpr std::string_view remedy =
    "give a public_suffix_list.dat or .dafsa file, or none to use the list that libpsl was built with";

std::string date_text(std::time_t when) {
  std::tm utc{};
  std::array<char, 16> text{};
  if (::gmtime_r(&when, &utc) == nullptr) return "undated";
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &utc)};
}

std::string builtin_version() {
  return "libpsl built-in " + date_text(psl_builtin_file_time()) + " (sha1 " + psl_builtin_sha1sum() + ")";
}

// The list files carry no version of their own that all of them have, so the content names them.
Result<std::string> file_version(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return failure("public-suffix-list", "cannot read " + path, std::string(remedy));
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a, 64 bits
  std::array<char, 16384> block{};
  while (in.read(block.data(), block.size()) || in.gcount() > 0)
    for (std::streamsize i = 0; i < in.gcount(); ++i)
      hash = (hash ^ static_cast<unsigned char>(block[static_cast<std::size_t>(i)])) * 1099511628211U;
  std::error_code ignored;
  const auto written = std::filesystem::last_write_time(path, ignored);
  const auto when = std::chrono::system_clock::to_time_t(std::chrono::file_clock::to_sys(written));
  std::array<char, 24> hex{};
  std::snprintf(hex.data(), hex.size(), "%016llx", static_cast<unsigned long long>(hash));
  return std::filesystem::path(path).filename().string() + " " + date_text(when) + " (fnv64 " + hex.data() + ")";
}

// libpsl compares bytes: an upper-case name would get a wrong, shorter suffix.
std::string folded(std::string_view domain) {
  if (!domain.empty() && domain.back() == '.') domain.remove_suffix(1);
  std::string name(domain);
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return name;
}

bool is_plain(std::string_view name) {
  return !name.empty() && name.size() <= max_name && name.front() != '.' && name.back() != '.' &&
         name.find('\0') == std::string_view::npos && name.find("..") == std::string_view::npos;
}

// The registrable domain by the ICANN rules alone: libpsl offers only the test of one name.
std::optional<std::string> icann_registrable(const psl_ctx_t* list, const std::string& name) {
  constexpr int rules = PSL_TYPE_ICANN;
  std::size_t below = std::string::npos;  // where the name one label below the current one starts
  for (std::size_t start = 0;;) {
    const bool last = name.find('.', start) == std::string::npos;
    // Every top-level label is a suffix: that is the rule "*".
    if (last || psl_is_public_suffix2(list, name.c_str() + start, rules) == 1)
      return below == std::string::npos ? std::nullopt : std::optional(name.substr(below));
    below = start;
    start = name.find('.', start) + 1;
  }
}

}  // namespace

PublicSuffixList::PublicSuffixList(std::unique_ptr<Handle> handle, std::string version)
    : handle_(std::move(handle)), version_(std::move(version)) {}
PublicSuffixList::PublicSuffixList(PublicSuffixList&&) noexcept = default;
PublicSuffixList& PublicSuffixList::operator=(PublicSuffixList&&) noexcept = default;
PublicSuffixList::~PublicSuffixList() = default;

Result<PublicSuffixList> PublicSuffixList::open(const std::optional<std::string>& file) {
  if (!file) {
    const psl_ctx_t* list = psl_builtin();
    if (list == nullptr) return failure("public-suffix-list", "libpsl has no built-in list", std::string(remedy));
    return PublicSuffixList(std::make_unique<Handle>(list), builtin_version());
  }
  TRY(auto version, file_version(*file));
  auto handle = std::make_unique<Handle>(psl_load_file(file->c_str()));
  if (handle->list == nullptr || (psl_suffix_count(handle->list) == 0))
    return failure("public-suffix-list", *file + " holds no public suffix list", std::string(remedy));
  return PublicSuffixList(std::move(handle), std::move(version));
}

std::optional<std::string> PublicSuffixList::organizational_domain(std::string_view domain, SuffixRules rules) const {
  if (domain.size() > max_name + 1) return std::nullopt;
  const std::string name = folded(domain);
  if (!is_plain(name)) return std::nullopt;
  if (rules == SuffixRules::icann) return icann_registrable(handle_->list, name);
  const char* found = psl_registrable_domain(handle_->list, name.c_str());
  return found == nullptr ? std::nullopt : std::optional<std::string>(found);
}

}  // namespace ruaudit::verify::consistency
