// The setters of AggregateBuilder: what each leaf of the schema means.
#include <array>

#include "parser/aggregate_builder.hpp"
#include "parser/aggregate_values.hpp"

namespace ruaudit::parser {
namespace {

constexpr std::uint64_t bit(Node node) { return std::uint64_t{1} << index_of(node); }

model::Text text_of(const LeafText& leaf) { return {std::string(leaf.text), std::string(leaf.lang)}; }

}  // namespace

struct LeafTable {
  using B = AggregateBuilder;
  struct Row {
    Node node;
    B::Setter setter;
  };
  static constexpr Row rows[] = {
      {Node::version, &B::set_metadata_text},
      {Node::org_name, &B::set_metadata_text},
      {Node::email, &B::set_metadata_text},
      {Node::extra_contact_info, &B::set_metadata_text},
      {Node::report_id, &B::set_metadata_text},
      {Node::generator, &B::set_metadata_text},
      {Node::error, &B::set_error},
      {Node::begin, &B::set_date},
      {Node::end, &B::set_date},
      {Node::published_domain, &B::set_published_domain},
      {Node::adkim, &B::set_alignment},
      {Node::aspf, &B::set_alignment},
      {Node::p, &B::set_policy},
      {Node::sp, &B::set_policy},
      {Node::np, &B::set_policy},
      {Node::pct, &B::set_published_text},
      {Node::fo, &B::set_published_text},
      {Node::testing, &B::set_published_text},
      {Node::discovery_method, &B::set_published_text},
      {Node::rf, &B::set_published_text},
      {Node::ri, &B::set_published_text},
      {Node::source_ip, &B::set_source_ip},
      {Node::count, &B::set_count},
      {Node::disposition, &B::set_evaluated},
      {Node::evaluated_dkim, &B::set_evaluated},
      {Node::evaluated_spf, &B::set_evaluated},
      {Node::reason_type, &B::set_reason},
      {Node::reason_comment, &B::set_reason},
      {Node::header_from, &B::set_identifier},
      {Node::envelope_from, &B::set_identifier},
      {Node::envelope_to, &B::set_identifier},
      {Node::dkim_domain, &B::set_dkim},
      {Node::dkim_selector, &B::set_dkim},
      {Node::dkim_result, &B::set_dkim},
      {Node::dkim_human_result, &B::set_dkim},
      {Node::spf_domain, &B::set_spf},
      {Node::spf_scope, &B::set_spf},
      {Node::spf_result, &B::set_spf},
      {Node::spf_human_result, &B::set_spf},
  };
  static constexpr std::array<B::Setter, node_count> make() {
    std::array<B::Setter, node_count> table{};
    for (const Row& row : rows) table[index_of(row.node)] = row.setter;
    return table;
  }
};

void AggregateBuilder::leaf(Node node, const LeafText& raw) {
  static constexpr auto setters = LeafTable::make();
  LeafText leaf = raw;
  if (leaf.text.size() > limits_.text_bytes) {
    leaf.text = cut_text(leaf.text, limits_.text_bytes);
    defect("text-too-long", row_of(node).path, leaf.line);
  }
  const std::string_view text = trimmed(leaf.text);
  const bool is_odd = text.size() != leaf.text.size() && has_odd_blanks(leaf.text, text);
  leaf.text = text;
  if (is_odd) note_path("odd-blanks", node, leaf);
  leaf.lang = cut_text(leaf.lang, 64);
  record_bytes_ += leaf.text.size();
  if (!take(node, leaf)) return;
  (this->*setters[index_of(node)])(node, leaf);
}

bool AggregateBuilder::take(Node node, const LeafText& leaf) {
  const bool is_first = (seen_ & bit(node)) == 0;
  const bool is_repeated = (present_ & bit(node)) != 0;
  present_ |= bit(node);
  if (node == Node::error) return true;  // RFC 7489: any number
  if (is_repeated && (!is_first || leaf.text.empty())) {
    note_path("duplicate-element", node, leaf);
    return false;
  }
  const bool is_policy = row_of(node).parent == Node::policy_published;
  if (is_policy && is_policy_delivered_) {
    note_path("duplicate-element", node, leaf);
    return false;
  }
  if (is_repeated) note_path("duplicate-element", node, leaf);
  if (!leaf.text.empty()) seen_ |= bit(node);
  return true;
}

void AggregateBuilder::note(std::string_view code, Node /*node*/, const LeafText& leaf) {
  if (!code.empty()) defect(code, leaf.text, leaf.line);
}

void AggregateBuilder::note_path(std::string_view code, Node node, const LeafText& leaf) {
  if (code.empty()) return;
  std::string detail(row_of(node).path);
  detail += ": ";
  detail += cut_text(leaf.text, 500);
  defect(code, detail, leaf.line);
}

template <class T>
T AggregateBuilder::checked(Node node, const LeafText& leaf, T value, std::string_view code) {
  if (code.empty()) return value;
  const bool names_field = code != "letter-case" && code != "unknown-policy" && code != "unknown-alignment-mode" &&
                           !code.starts_with("date-");
  names_field ? note(code, node, leaf) : note_path(code, node, leaf);
  return value;
}

void AggregateBuilder::set_domain(Node node, const LeafText& leaf, std::string& out) {
  note_path(parse_domain(leaf.text, out), node, leaf);
}

void AggregateBuilder::set_metadata_text(Node node, const LeafText& leaf) {
  auto& header = report_.header;
  switch (node) {
    case Node::version:
      header.version = leaf.text;
      break;
    case Node::org_name:
      header.metadata.org_name = leaf.text;
      break;
    case Node::email:
      header.metadata.email = leaf.text;
      break;
    case Node::extra_contact_info:
      header.metadata.extra_contact_info = text_of(leaf);
      break;
    case Node::report_id:
      header.metadata.report_id = leaf.text;
      break;
    default:
      header.metadata.generator = leaf.text;
      break;
  }
}

void AggregateBuilder::set_error(Node node, const LeafText& leaf) {
  constexpr std::size_t max_errors = 100;
  auto& errors = report_.header.metadata.errors;
  if (errors.size() < max_errors) {
    errors.push_back(text_of(leaf));
  } else {
    note_path("duplicate-element", node, leaf);
  }
}

void AggregateBuilder::set_date(Node node, const LeafText& leaf) {
  auto& range = report_.header.metadata.date_range;
  if (leaf.text.empty()) return;  // no-date, told at the end
  const ReadDate date = parse_date(leaf.text, latest_date_);
  (node == Node::begin ? range.begin : range.end) = checked(node, leaf, date.value, date.defect);
  (node == Node::begin ? identity_range_.begin : identity_range_.end) = date.identity;
}

void AggregateBuilder::set_published_domain(Node node, const LeafText& leaf) {
  set_domain(node, leaf, report_.header.policy_published.domain);
}

void AggregateBuilder::set_alignment(Node node, const LeafText& leaf) {
  auto& published = report_.header.policy_published;
  const auto mode = parse_alignment_mode(leaf.text);
  (node == Node::adkim ? published.adkim : published.aspf) = checked(node, leaf, mode.value, mode.defect);
}

void AggregateBuilder::set_policy(Node node, const LeafText& leaf) {
  auto& published = report_.header.policy_published;
  if (leaf.text.empty()) {  // V8: p is told at the end
    if (node != Node::p) defect(node == Node::sp ? "empty-sp" : "empty-np", "", leaf.line);
    return;
  }
  const auto policy = parse_policy(leaf.text);
  auto& target = node == Node::p ? published.p : node == Node::sp ? published.sp : published.np;
  target = checked(node, leaf, policy.value, policy.defect);
}

void AggregateBuilder::set_published_text(Node node, const LeafText& leaf) {
  auto& published = report_.header.policy_published;
  if (node == Node::fo) {
    published.fo = leaf.text;
  } else if (node == Node::pct) {
    const auto pct = parse_pct(leaf.text);
    published.pct = checked(node, leaf, pct.value, pct.defect);
  } else if (node == Node::testing) {
    const auto testing = parse_testing(leaf.text);
    published.testing = checked(node, leaf, testing.value, testing.defect);
  } else if (node == Node::discovery_method) {
    const auto method = parse_discovery_method(leaf.text);
    published.discovery_method = checked(node, leaf, method.value, method.defect);
  } else {
    note_path("vendor-element", node, leaf);
  }
}

void AggregateBuilder::set_source_ip(Node node, const LeafText& leaf) {
  if (leaf.text.empty()) return defect("no-source-ip", "", leaf.line);
  const auto address = parse_source_ip(leaf.text);
  record_.source_ip = checked(node, leaf, address.value, address.defect);
}

void AggregateBuilder::set_count(Node node, const LeafText& leaf) {
  if (leaf.text.empty()) return defect("no-count", "", leaf.line);
  const auto count = parse_count(leaf.text);
  record_.count = checked(node, leaf, count.value, count.defect);
}

void AggregateBuilder::set_evaluated(Node node, const LeafText& leaf) {
  auto& evaluated = record_.policy_evaluated;
  if (node == Node::disposition) {
    const auto disposition = parse_disposition(leaf.text);
    evaluated.disposition = checked(node, leaf, disposition.value, disposition.defect);
  } else if (node == Node::evaluated_dkim) {
    const auto result = parse_evaluated_dkim(leaf.text);
    evaluated.dkim = checked(node, leaf, result.value, result.defect);
  } else {
    const auto result = parse_evaluated_spf(leaf.text);
    evaluated.spf = checked(node, leaf, result.value, result.defect);
  }
}

void AggregateBuilder::set_reason(Node node, const LeafText& leaf) {
  if (!is_item_kept_ || leaf.text.empty()) return;
  auto& reason = record_.policy_evaluated.reasons.back();
  if (node == Node::reason_comment) {
    reason.comment = text_of(leaf);
    return;
  }
  const auto type = parse_override_type(leaf.text);
  reason.type = checked(node, leaf, type.value, type.defect);
  if (reason.type == model::OverrideType::unknown) reason.raw_type = cut_text(leaf.text, 500);
}

void AggregateBuilder::set_identifier(Node node, const LeafText& leaf) {
  auto& identifiers = record_.identifiers;
  if (node == Node::envelope_from) {
    identifiers.envelope_from.emplace(std::move(spare_envelope_from_));
    spare_envelope_from_.clear();
    set_domain(node, leaf, *identifiers.envelope_from);
  } else if (node == Node::envelope_to) {
    set_domain(node, leaf, identifiers.envelope_to.emplace());
  } else if (assign_clean_domain(leaf.text, identifiers.header_from)) {
    return;
  } else if (leaf.text.find_first_of(",;") != std::string_view::npos) {
    has_name_list_ = true;
    identifiers.header_from = cut_text(leaf.text, 4096);  // V17: resolved when the policy domain is known
  } else {
    set_domain(node, leaf, identifiers.header_from);
  }
}

void AggregateBuilder::set_dkim(Node node, const LeafText& leaf) {
  if (!is_item_kept_) return;
  auto& dkim = record_.auth_results.dkim.back();
  if (node == Node::dkim_domain) {
    set_domain(node, leaf, dkim.domain);
  } else if (node == Node::dkim_selector) {
    if (!leaf.text.empty()) dkim.selector = leaf.text;
  } else if (node == Node::dkim_human_result) {
    dkim.human_result = text_of(leaf);
  } else if (!leaf.text.empty()) {
    const auto result = parse_dkim_result(leaf.text);
    dkim.result = checked(node, leaf, result.value, result.defect);
  }
}

void AggregateBuilder::set_spf(Node node, const LeafText& leaf) {
  if (!is_item_kept_) return;
  auto& spf = record_.auth_results.spf.back();
  if (node == Node::spf_domain) {
    set_domain(node, leaf, spf.domain);
  } else if (node == Node::spf_scope) {
    const auto scope = parse_spf_scope(leaf.text);
    if (!leaf.text.empty()) spf.scope = checked(node, leaf, scope.value, scope.defect);
  } else if (node == Node::spf_human_result) {
    spf.human_result = text_of(leaf);
  } else if (!leaf.text.empty()) {
    const auto result = parse_spf_result(leaf.text);
    spf.result = checked(node, leaf, result.value, result.defect);
  }
}

}  // namespace ruaudit::parser
