// The elements of aggregate reports as a table: the union of RFC 7489 appendix C, RFC 9990 appendix A and the vendor
// extras seen in real reports. A Node is a path: `domain` below dkim and `domain` below spf are two nodes. Both XML
// engines look elements up here; AggregateBuilder gives each node its meaning.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace ruaudit::parser {

// In the order of the table below.
enum class Node : std::uint8_t {
  document,
  feedback,
  version,
  report_metadata,
  policy_published,
  record,
  org_name,
  email,
  extra_contact_info,
  report_id,
  date_range,
  error,
  generator,
  begin,
  end,
  published_domain,
  adkim,
  aspf,
  p,
  sp,
  np,
  pct,
  fo,
  testing,
  discovery_method,
  rf,
  ri,
  row,
  identifiers,
  identities,
  auth_results,
  source_ip,
  count,
  policy_evaluated,
  disposition,
  evaluated_dkim,
  evaluated_spf,
  reason,
  reason_type,
  reason_comment,
  header_from,
  envelope_from,
  envelope_to,
  dkim,
  spf,
  dkim_domain,
  dkim_selector,
  dkim_result,
  dkim_human_result,
  spf_domain,
  spf_scope,
  spf_result,
  spf_human_result,
  unknown,  // an element of neither schema; everything below it is unknown as well
};
inline constexpr std::size_t node_count = static_cast<std::size_t>(Node::unknown) + 1;

enum class NodeKind : std::uint8_t { container, mixed, leaf };

struct SchemaRow {
  Node node;
  Node parent;
  NodeKind kind;
  std::string_view name;
  std::string_view path;  // as Defects name it
};

// One row per node, children of one parent side by side.
inline constexpr SchemaRow schema[] = {
    {Node::document, Node::unknown, NodeKind::container, "", ""},
    {Node::feedback, Node::document, NodeKind::container, "feedback", "feedback"},
    {Node::version, Node::feedback, NodeKind::leaf, "version", "version"},
    {Node::report_metadata, Node::feedback, NodeKind::container, "report_metadata", "report_metadata"},
    {Node::policy_published, Node::feedback, NodeKind::container, "policy_published", "policy_published"},
    {Node::record, Node::feedback, NodeKind::container, "record", "record"},
    {Node::org_name, Node::report_metadata, NodeKind::leaf, "org_name", "org_name"},
    {Node::email, Node::report_metadata, NodeKind::leaf, "email", "email"},
    {Node::extra_contact_info, Node::report_metadata, NodeKind::leaf, "extra_contact_info", "extra_contact_info"},
    {Node::report_id, Node::report_metadata, NodeKind::leaf, "report_id", "report_id"},
    {Node::date_range, Node::report_metadata, NodeKind::container, "date_range", "date_range"},
    {Node::error, Node::report_metadata, NodeKind::leaf, "error", "error"},
    {Node::generator, Node::report_metadata, NodeKind::leaf, "generator", "generator"},
    {Node::begin, Node::date_range, NodeKind::leaf, "begin", "begin"},
    {Node::end, Node::date_range, NodeKind::leaf, "end", "end"},
    {Node::published_domain, Node::policy_published, NodeKind::leaf, "domain", "policy_published/domain"},
    {Node::adkim, Node::policy_published, NodeKind::leaf, "adkim", "adkim"},
    {Node::aspf, Node::policy_published, NodeKind::leaf, "aspf", "aspf"},
    {Node::p, Node::policy_published, NodeKind::leaf, "p", "p"},
    {Node::sp, Node::policy_published, NodeKind::leaf, "sp", "sp"},
    {Node::np, Node::policy_published, NodeKind::leaf, "np", "np"},
    {Node::pct, Node::policy_published, NodeKind::leaf, "pct", "pct"},
    {Node::fo, Node::policy_published, NodeKind::leaf, "fo", "fo"},
    {Node::testing, Node::policy_published, NodeKind::leaf, "testing", "testing"},
    {Node::discovery_method, Node::policy_published, NodeKind::leaf, "discovery_method", "discovery_method"},
    {Node::rf, Node::policy_published, NodeKind::leaf, "rf", "rf"},
    {Node::ri, Node::policy_published, NodeKind::leaf, "ri", "ri"},
    {Node::row, Node::record, NodeKind::container, "row", "row"},
    {Node::identifiers, Node::record, NodeKind::container, "identifiers", "identifiers"},
    {Node::identities, Node::record, NodeKind::container, "identities", "identities"},
    {Node::auth_results, Node::record, NodeKind::container, "auth_results", "auth_results"},
    {Node::source_ip, Node::row, NodeKind::leaf, "source_ip", "source_ip"},
    {Node::count, Node::row, NodeKind::leaf, "count", "count"},
    {Node::policy_evaluated, Node::row, NodeKind::container, "policy_evaluated", "policy_evaluated"},
    {Node::disposition, Node::policy_evaluated, NodeKind::leaf, "disposition", "disposition"},
    {Node::evaluated_dkim, Node::policy_evaluated, NodeKind::leaf, "dkim", "policy_evaluated/dkim"},
    {Node::evaluated_spf, Node::policy_evaluated, NodeKind::leaf, "spf", "policy_evaluated/spf"},
    {Node::reason, Node::policy_evaluated, NodeKind::mixed, "reason", "reason"},
    {Node::reason_type, Node::reason, NodeKind::leaf, "type", "reason/type"},
    {Node::reason_comment, Node::reason, NodeKind::leaf, "comment", "reason/comment"},
    {Node::header_from, Node::identifiers, NodeKind::leaf, "header_from", "header_from"},
    {Node::envelope_from, Node::identifiers, NodeKind::leaf, "envelope_from", "envelope_from"},
    {Node::envelope_to, Node::identifiers, NodeKind::leaf, "envelope_to", "envelope_to"},
    {Node::dkim, Node::auth_results, NodeKind::container, "dkim", "dkim"},
    {Node::spf, Node::auth_results, NodeKind::container, "spf", "spf"},
    {Node::dkim_domain, Node::dkim, NodeKind::leaf, "domain", "dkim/domain"},
    {Node::dkim_selector, Node::dkim, NodeKind::leaf, "selector", "dkim/selector"},
    {Node::dkim_result, Node::dkim, NodeKind::leaf, "result", "dkim/result"},
    {Node::dkim_human_result, Node::dkim, NodeKind::leaf, "human_result", "dkim/human_result"},
    {Node::spf_domain, Node::spf, NodeKind::leaf, "domain", "spf/domain"},
    {Node::spf_scope, Node::spf, NodeKind::leaf, "scope", "spf/scope"},
    {Node::spf_result, Node::spf, NodeKind::leaf, "result", "spf/result"},
    {Node::spf_human_result, Node::spf, NodeKind::leaf, "human_result", "spf/human_result"},
    {Node::unknown, Node::unknown, NodeKind::mixed, "", "unknown"},
};
static_assert(std::size(schema) == node_count);

constexpr std::size_t index_of(Node node) { return static_cast<std::size_t>(node); }
constexpr const SchemaRow& row_of(Node node) { return schema[index_of(node)]; }
constexpr bool is_leaf(Node node) { return row_of(node).kind == NodeKind::leaf; }

struct ChildRange {
  std::uint8_t first = 0;
  std::uint8_t count = 0;
};
constexpr std::array<ChildRange, node_count> make_child_ranges() {
  std::array<ChildRange, node_count> ranges{};
  for (std::size_t i = 1; i + 1 < node_count; ++i) {
    ChildRange& range = ranges[index_of(schema[i].parent)];
    if (range.count++ == 0) range.first = static_cast<std::uint8_t>(i);
  }
  ranges[index_of(Node::identities)] = ranges[index_of(Node::identifiers)];  // X12: an alias
  return ranges;
}
inline constexpr std::array<ChildRange, node_count> child_ranges = make_child_ranges();

// The child of parent with this local name, or Node::unknown.
constexpr Node find_child(Node parent, std::string_view name) {
  const ChildRange range = child_ranges[index_of(parent)];
  for (std::size_t i = range.first; i < std::size_t{range.first} + range.count; ++i)
    if (schema[i].name == name) return schema[i].node;
  return Node::unknown;
}

// True when an element of this name that is not a leaf exists anywhere in the schema.
constexpr bool is_container_name(std::string_view name) {
  for (const SchemaRow& row : schema)
    if (row.kind != NodeKind::leaf && !row.name.empty() && row.name == name) return true;
  return false;
}

// report_metadata, policy_published, record: what may follow after damage.
constexpr bool is_section_name(std::string_view name) {
  return name == "record" || name == "report_metadata" || name == "policy_published";
}

}  // namespace ruaudit::parser
