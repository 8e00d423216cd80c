#include "cluster/care/seal_plan.hpp"

#include <algorithm>
#include <tuple>

namespace ruaudit::cluster {
namespace {

using Headers = std::span<const SealedHeader>;

bool is_same(const Header& a, const Header& b) { return a.ingester == b.ingester && a.version == b.version; }

bool is_current(const Header& one, Headers headers) {
  return std::none_of(headers.begin(), headers.end(), [&one](const SealedHeader& other) {
    return is_same(other.header, one) &&
           std::pair(other.header.serial, other.header.batch) > std::pair(one.serial, one.batch);
  });
}

bool has_content(const Header& a, const Header& b) {
  return a.kind != HeaderKind::gone && b.kind != HeaderKind::gone && a.content_hash == b.content_hash &&
         a.is_damaged == b.is_damaged;
}

// The order of copies_sql in cluster/schema/counted.cpp.
bool is_chosen(const Header& one, Headers headers) {
  const bool is_authenticated = std::any_of(headers.begin(), headers.end(), [&](const SealedHeader& other) {
    return has_content(other.header, one) && other.header.is_authenticated && is_current(other.header, headers);
  });
  const auto rank = [&](const Header& header) {
    return std::tuple(header.kind, header.is_authenticated == is_authenticated, is_current(header, headers),
                      -header.first_seen, header.batch);
  };
  return one.kind == HeaderKind::rows && std::none_of(headers.begin(), headers.end(), [&](const SealedHeader& other) {
           return has_content(other.header, one) && rank(other.header) > rank(one);
         });
}

}  // namespace

std::vector<Header> headers_to_keep(Headers headers) {
  const bool has_rows_elsewhere = std::any_of(headers.begin(), headers.end(), [](const SealedHeader& one) {
    return !one.is_of_month && one.header.kind == HeaderKind::rows;
  });
  std::vector<Header> kept;
  for (const auto& [header, is_of_month] : headers) {
    if (!is_of_month) continue;
    const bool keeps_rows = header.kind == HeaderKind::rows && (has_rows_elsewhere || is_chosen(header, headers));
    if (!keeps_rows && !is_current(header, headers)) continue;
    kept.push_back(header);
    if (header.kind == HeaderKind::rows && !keeps_rows) kept.back().kind = HeaderKind::mention;
  }
  std::stable_sort(kept.begin(), kept.end(), [](const Header& a, const Header& b) { return a.kind > b.kind; });
  return kept;
}

}  // namespace ruaudit::cluster
