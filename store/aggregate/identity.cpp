#include "store/aggregate/identity.hpp"

#include <algorithm>
#include <cstring>

#include "model/ascii.hpp"
#include "store/aggregate/canonical.hpp"

namespace ruaudit::store {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string fold(std::string_view text) {
  std::string folded;
  for (const char c : text) {
    if (!is_blank(c))
      folded.push_back(ascii::lower(c));
    else if (!folded.empty() && folded.back() != ' ')
      folded.push_back(' ');
  }
  if (!folded.empty() && folded.back() == ' ') folded.pop_back();
  return folded;
}

}  // namespace

std::string fold_reporter(const model::ReportMetadata& metadata) {
  std::string name = fold(metadata.org_name);
  if (!name.empty()) return name;
  const auto at = metadata.email.rfind('@');
  return fold(at == std::string::npos ? std::string_view(metadata.email)
                                      : std::string_view(metadata.email).substr(at + 1));
}

ContentHash report_content_hash(Hasher& hasher, const model::ReportHeader& header, const RecordsIdentity& records) {
  std::string policy;
  write_policy(policy, header.policy_published);
  std::string octets = "ruaudit report 1";
  CanonicalWriter writer(octets);
  writer.text(std::string_view(fold_reporter(header.metadata)));
  writer.text(std::string_view(header.metadata.report_id));
  writer.integer(header.metadata.date_range.begin);
  writer.integer(header.metadata.date_range.end);
  writer.u32(static_cast<std::uint32_t>(header.metadata.errors.size()));
  for (const auto& error : header.metadata.errors) writer.text(std::optional<model::Text>(error));
  writer.text(std::string_view(header.policy_published.domain));
  writer.text(std::string_view(policy));
  writer.i64(records.records);
  const ContentHash sum = records.sum.value();
  octets.append(reinterpret_cast<const char*>(sum.data()), sum.size());
  return hasher.hash(octets);
}

Digest report_identity_key(Hasher& hasher, const model::ReportHeader& header, const ContentHash& content) {
  const auto& metadata = header.metadata;
  if (metadata.report_id.empty() || !metadata.date_range.begin || !metadata.date_range.end) {
    Digest key{};
    std::memcpy(key.data(), content.data(), key.size());
    return key;
  }
  std::string octets = "ruaudit key 1";
  CanonicalWriter writer(octets);
  writer.text(std::string_view(fold_reporter(metadata)));
  writer.text(std::string_view(metadata.report_id));
  writer.text(std::string_view(header.policy_published.domain));
  writer.integer(metadata.date_range.begin);
  writer.integer(metadata.date_range.end);
  return hasher.digest(octets);
}

}  // namespace ruaudit::store
