#include "assess/records/spf/tree.hpp"

#include <algorithm>
#include <set>

#include "assess/records/text.hpp"
#include "model/ascii.hpp"

namespace ruaudit::assess::records {
namespace {

namespace spf = verify::spf;
using model::SpfResult;
using spf::Mechanism;

class Grower {
 public:
  explicit Grower(Answers& answers) : answers_(answers) {}

  Branch branch(const std::string& domain, const RecordText& record, bool is_positive) {
    Branch out{.domain = domain, .record = record.text, .octets = record.text.size()};
    stack_.insert(domain);
    auto parts = spf_parts(record.text, record.joints);
    const bool has_all = std::any_of(parts.begin(), parts.end(), [](const SpfPart& part) { return part.is_all(); });
    bool is_behind_all = false;
    for (auto& part : parts) {
      SpfLeaf leaf;
      leaf.part = std::move(part);
      leaf.is_reached = leaf.part.redirect ? !has_all : !(leaf.part.directive && is_behind_all);
      is_behind_all = is_behind_all || leaf.part.is_all();
      const bool is_right = leaf.part.fault.empty() && leaf.is_reached;
      leaf.can_pass = is_positive && (!leaf.part.directive || leaf.part.directive->result == SpfResult::pass);
      if (is_right && leaf.part.directive) mechanism(leaf, domain, is_positive);
      if (is_right && leaf.part.redirect) target(leaf, leaf.part.redirect->domain_spec, domain, is_positive);
      out.leaves.push_back(std::move(leaf));
    }
    stack_.erase(domain);
    return out;
  }

 private:
  void mechanism(SpfLeaf& leaf, const std::string& domain, bool is_positive) {
    const auto& directive = *leaf.part.directive;
    if (directive.mechanism == Mechanism::all) return;
    if (directive.network) {
      leaf.networks = {
          network_of(*directive.network, directive.network->is_v4() && directive.mechanism == Mechanism::ip4
                                             ? directive.ip4_bits
                                             : directive.ip6_bits)};
      return;
    }
    if (directive.mechanism == Mechanism::include)
      return target(leaf, *directive.domain_spec, domain, is_positive && directive.result == SpfResult::pass);
    leaf.counts = true;
    const auto name = directive.domain_spec ? static_name(*directive.domain_spec, domain) : domain;
    leaf.target = name.value_or("");
    leaf.is_dynamic = !name || directive.mechanism == Mechanism::ptr || directive.mechanism == Mechanism::exists;
    if (!name || directive.mechanism == Mechanism::ptr) return;
    if (directive.mechanism == Mechanism::a) return address_term(leaf, *name);
    if (directive.mechanism == Mechanism::mx) return mx_term(leaf, *name);
    exists_term(leaf, *name);
  }

  // RFC 7208 sections 5.2 and 6.1
  void target(SpfLeaf& leaf, const spf::MacroString& text, const std::string& domain, bool is_positive) {
    leaf.counts = true;
    const auto name = static_name(text, domain);
    leaf.is_dynamic = !name;
    if (!name) return;
    leaf.target = *name;
    if (stack_.contains(*name)) return void(leaf.state = TermState::loop);
    if (++nodes_ > max_spf_nodes) return;
    const auto answer = spf_answer(answers_, *name);
    leaf.state = state_of(answer);
    if (leaf.state == TermState::dns_error) leaf.failed = *name;
    Branch child{.domain = *name};
    if (answer.records.size() == 1) child = branch(*name, {answer.records[0], answer.joints[0]}, is_positive);
    if (leaf.state == TermState::plain && child.has_fault()) leaf.state = TermState::target_broken;
    child.via = leaf.part.text;
    leaf.child.push_back(std::move(child));
  }
  static TermState state_of(const SpfAnswer& answer) {
    if (answer.records.size() == 1) return TermState::plain;
    if (answer.records.size() > 1) return TermState::target_broken;
    dns::Answer plain;
    plain.status = answer.status;
    return plain.is_temporary_error() ? TermState::dns_error : TermState::target_none;
  }

  // Both families of one host; false when it has no address at all.
  bool addresses(SpfLeaf& leaf, const std::string& host) {
    const dns::Question questions[] = {{host, dns::RecordType::A}, {host, dns::RecordType::AAAA}};
    const auto found = answers_.query_all(questions);
    const auto& directive = *leaf.part.directive;
    for (const auto& answer : found) {
      if (answer.is_temporary_error() && leaf.failed.empty()) leaf.failed = host;
      for (const auto& address : answer.addresses)
        leaf.networks.push_back(network_of(address, address.is_v4() ? directive.ip4_bits : directive.ip6_bits));
    }
    if (found[0].is_void()) ++leaf.empty_v4;
    if (found[1].is_void()) ++leaf.empty_v6;
    return !(found[0].is_void() && found[1].is_void());
  }

  void address_term(SpfLeaf& leaf, const std::string& name) {
    const bool has_address = addresses(leaf, name);
    if (!leaf.failed.empty()) leaf.state = TermState::dns_error;
    if (!has_address) leaf.state = TermState::void_name;
  }

  void mx_term(SpfLeaf& leaf, const std::string& name) {
    const auto answer = answers_.query(name, dns::RecordType::MX);
    leaf.mx_hosts = static_cast<unsigned>(answer.mx.size());
    if (answer.is_void()) leaf.state = TermState::void_name;
    if (answer.is_temporary_error()) leaf.failed = name;
    for (const auto& mx : answer.mx)
      if (!mx.exchange.empty()) static_cast<void>(addresses(leaf, mx.exchange));
    if (!leaf.failed.empty()) leaf.state = TermState::dns_error;
  }

  void exists_term(SpfLeaf& leaf, const std::string& name) {
    const auto answer = answers_.query(name, dns::RecordType::A);
    if (answer.is_void()) leaf.state = TermState::void_name;
    if (!answer.is_temporary_error()) return;
    leaf.state = TermState::dns_error;
    leaf.failed = name;
  }

  Answers& answers_;
  std::set<std::string> stack_;
  std::size_t nodes_ = 0;
};

model::records::SpfNode node_of(const Branch& branch) {
  model::records::SpfNode node{.domain = branch.domain,
                               .via = branch.via,
                               .record = branch.record,
                               .own = branch.own(),
                               .total = branch.total()};
  for (const auto& leaf : branch.leaves) {
    const bool is_listed = leaf.part.fault.empty() && leaf.is_reached && !leaf.part.is_all() &&
                           (leaf.part.directive || leaf.part.redirect);
    if (!is_listed) continue;
    node.terms.push_back({leaf.part.text, leaf.counts ? 1U : 0U, leaf.state == TermState::void_name, leaf.mx_hosts});
    for (const auto& child : leaf.child) node.children.push_back(node_of(child));
  }
  return node;
}

std::vector<std::string> sorted_texts(std::vector<Network> networks) {
  std::sort(networks.begin(), networks.end(), comes_before);
  networks.erase(std::unique(networks.begin(), networks.end()), networks.end());
  std::vector<std::string> texts;
  for (const auto& network : networks) texts.push_back(network.to_string());
  return texts;
}

}  // namespace

bool Branch::has_all() const {
  return std::any_of(leaves.begin(), leaves.end(), [](const SpfLeaf& leaf) { return leaf.part.is_all(); });
}

bool Branch::has_fault() const {
  // A mechanism written as a modifier is no syntax error, though it is never meant.
  return std::any_of(leaves.begin(), leaves.end(), [](const SpfLeaf& leaf) {
    return !leaf.part.fault.empty() && leaf.part.fault != "spf-mechanism-as-modifier";
  });
}

unsigned Branch::own() const {
  return static_cast<unsigned>(
      std::count_if(leaves.begin(), leaves.end(), [](const SpfLeaf& leaf) { return leaf.counts; }));
}

unsigned Branch::total() const {
  unsigned sum = own();
  for (const auto& leaf : leaves)
    for (const auto& child : leaf.child) sum += child.total();
  return sum;
}

SpfAnswer spf_answer(Answers& answers, const std::string& domain) {
  const auto answer = answers.query(domain, dns::RecordType::TXT);
  SpfAnswer out{.status = answer.status};
  for (const auto& record : answer.txt) {
    const auto text = record.text();
    if (!spf::is_spf_record(text)) continue;
    out.records.push_back(text);
    auto& joints = out.joints.emplace_back();
    std::size_t at = 0;
    for (const auto& string : record.strings) joints.push_back(at += string.size());
  }
  return out;
}

Branch grow(Answers& answers, const std::string& domain, const RecordText& record) {
  return Grower(answers).branch(ascii::lower(domain), record, true);
}

std::vector<Network> passing(const Branch& branch) {
  std::vector<Network> networks;
  for_each_leaf(branch, [&](const Branch&, const SpfLeaf& leaf) {
    if (!leaf.can_pass || !leaf.part.fault.empty()) return;
    networks.insert(networks.end(), leaf.networks.begin(), leaf.networks.end());
    if (!leaf.part.is_all() || !leaf.is_reached) return;
    networks.push_back({model::IpAddress::v4(0), 0});
    networks.push_back({model::IpAddress::from_key({}), 0});
  });
  return networks;
}

model::records::SpfTree shown(const Branch& root) {
  model::records::SpfTree tree{.root = node_of(root)};
  std::vector<Network> not_pass;
  for_each_leaf(root, [&](const Branch& branch, const SpfLeaf& leaf) {
    if (leaf.state == TermState::void_name) tree.void_terms.push_back({branch.domain, leaf.part.text});
    if (leaf.state == TermState::loop) tree.loops.push_back({branch.domain, leaf.part.text});
    if (leaf.is_dynamic) tree.dynamic.push_back(leaf.part.text);
    if (!leaf.can_pass) not_pass.insert(not_pass.end(), leaf.networks.begin(), leaf.networks.end());
    const bool is_broken = leaf.state == TermState::loop || leaf.state == TermState::target_none ||
                           leaf.state == TermState::target_broken || leaf.mx_hosts.value_or(0) > 10;
    tree.is_permerror = tree.is_permerror || is_broken;
  });
  std::sort(tree.dynamic.begin(), tree.dynamic.end());
  tree.networks = sorted_texts(passing(root));
  tree.not_pass = sorted_texts(std::move(not_pass));
  tree.is_permerror = tree.is_permerror || root.has_fault() || root.total() > 10 || tree.void_terms.size() > 2;
  return tree;
}

}  // namespace ruaudit::assess::records
