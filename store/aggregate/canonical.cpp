#include "store/aggregate/canonical.hpp"

#include <bit>
#include <cstring>

namespace ruaudit::store {

static_assert(std::endian::native == std::endian::little, "canonical octets are little-endian");
// The numbers are part of hash version 1: a change here needs a new hash_version and a migration.
static_assert(static_cast<int>(model::Disposition::pass) == 4);
static_assert(static_cast<int>(model::AlignedResult::fail) == 2);
static_assert(static_cast<int>(model::DkimResult::pass) == 2 && static_cast<int>(model::DkimResult::permerror) == 7);
static_assert(static_cast<int>(model::SpfResult::pass) == 3 && static_cast<int>(model::SpfResult::policy) == 8);
static_assert(static_cast<int>(model::SpfScope::helo) == 2);
static_assert(static_cast<int>(model::OverrideType::other) == 7);
static_assert(static_cast<int>(model::Policy::reject) == 3);
static_assert(static_cast<int>(model::AlignmentMode::s) == 2);
static_assert(static_cast<int>(model::DiscoveryMethod::treewalk) == 2);

std::uint8_t CanonicalReader::octet() {
  const auto value = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return value;
}

std::uint32_t CanonicalReader::u32() {
  std::uint32_t value = 0;
  std::memcpy(&value, rest_.data(), sizeof value);
  rest_.remove_prefix(sizeof value);
  return value;
}

std::string_view CanonicalReader::text() { return optional_text().value_or(std::string_view{}); }

std::optional<std::string_view> CanonicalReader::optional_text() {
  const std::uint32_t length = u32();
  if (length == 0xffffffffU) return std::nullopt;
  const auto value = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return value;
}

void write_identifiers(std::string& out, const model::Identifiers& identifiers) {
  out.clear();
  CanonicalWriter writer(out);
  writer.text(std::string_view(identifiers.header_from));
  writer.text(identifiers.envelope_from);
}

void write_verdict(std::string& out, const model::PolicyEvaluated& evaluated, const model::AuthResults& results) {
  out.clear();
  CanonicalWriter writer(out);
  writer.enumerator(evaluated.disposition);
  writer.enumerator(evaluated.dkim);
  writer.enumerator(evaluated.spf);
  writer.u32(static_cast<std::uint32_t>(evaluated.reasons.size()));
  for (const auto& reason : evaluated.reasons) {
    writer.enumerator(reason.type);
    writer.text(std::string_view(reason.raw_type));
    writer.text(reason.comment);
  }
  writer.u32(static_cast<std::uint32_t>(results.dkim.size()));
  for (const auto& dkim : results.dkim) {
    writer.text(std::string_view(dkim.domain));
    writer.text(dkim.selector);
    writer.enumerator(dkim.result);
    writer.text(dkim.human_result);
  }
  writer.u32(static_cast<std::uint32_t>(results.spf.size()));
  for (const auto& spf : results.spf) {
    writer.text(std::string_view(spf.domain));
    writer.enumerator(spf.scope);
    writer.enumerator(spf.result);
    writer.text(spf.human_result);
  }
}

void write_policy(std::string& out, const model::PolicyPublished& policy) {
  out.clear();
  CanonicalWriter writer(out);
  for (const auto& value : {policy.p, policy.sp, policy.np}) writer.enumerator(value);
  writer.enumerator(policy.adkim);
  writer.enumerator(policy.aspf);
  writer.integer(policy.pct);
  writer.text(policy.fo);
  writer.octet(policy.testing ? (*policy.testing ? 1 : 0) : absent_enum);
  writer.enumerator(policy.discovery_method);
}

}  // namespace ruaudit::store
