// The mechanisms of RFC 7208 section 5, one function each.
#include <algorithm>

#include "model/ascii.hpp"
#include "verify/spf/evaluator.hpp"

namespace ruaudit::verify::spf {
namespace {

using model::IpAddress;
using model::SpfResult;

std::string_view without_dot(std::string_view name) {
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  return name;
}

bool equals(std::string_view a, std::string_view b) { return ascii::equal_folded(a, b); }

bool is_at_or_below(std::string_view name, std::string_view base) {
  name = without_dot(name);
  base = without_dot(base);
  if (base.empty() || name.size() < base.size() || !equals(name.substr(name.size() - base.size()), base)) return false;
  return name.size() == base.size() || name[name.size() - base.size() - 1] == '.';
}

// RFC 7208 section 5: the given number of high-order bits is compared.
bool equal_bits(const IpAddress& a, const IpAddress& b, unsigned bits) {
  const auto& x = a.key();
  const auto& y = b.key();
  const unsigned whole = bits / 8;
  const unsigned rest = bits % 8;
  if (!std::equal(x.begin(), x.begin() + whole, y.begin())) return false;
  return rest == 0 || (x[whole] ^ y[whole]) >> (8 - rest) == 0;
}

}  // namespace

// An IPv4 client, mapped ones included, is compared with IPv4 networks only (section 5).
bool Evaluator::contains(const Directive& directive, const IpAddress& network) const {
  if (session_.ip.is_v4()) return network.is_v4() && equal_bits(session_.ip, network, 96 + directive.ip4_bits);
  return equal_bits(session_.ip, network, directive.ip6_bits);
}

dns::RecordType Evaluator::address_type() const {
  return session_.ip.is_v4() ? dns::RecordType::A : dns::RecordType::AAAA;
}

Evaluator::Match Evaluator::match(const Directive& directive, const std::string& domain) {
  switch (directive.mechanism) {
    case Mechanism::all:
      return {.is_match = true};  // section 5.1
    case Mechanism::ip4:
      return {.is_match = session_.ip.is_v4() && contains(directive, *directive.network)};
    case Mechanism::ip6:
      return {.is_match = !session_.ip.is_v4() && contains(directive, *directive.network)};
    default:
      return match_counted(directive, {domain, directive.text});
  }
}

// The mechanisms that ask DNS: count, expand the domain, ask, and watch the limit of void lookups.
Evaluator::Match Evaluator::match_counted(const Directive& directive, const Place& place) {
  if (auto limit = count_term(place)) return {.inner = std::move(limit), .is_error = true};
  if (directive.domain_spec && never_matches(*directive.domain_spec)) return {};  // RFC 8616 section 4
  // Section 4.8: without a domain-spec the <domain> is the target.
  const auto target = directive.domain_spec ? expand(*directive.domain_spec, place) : place.domain;
  if (auto limit = void_limit(place)) return {.inner = std::move(limit), .is_error = true};
  Match found;
  switch (directive.mechanism) {
    case Mechanism::include:
      found = match_include(target, place);
      break;
    case Mechanism::a:
      found = match_a(directive, target, place);
      break;
    case Mechanism::mx:
      found = match_mx(directive, target, place);
      break;
    case Mechanism::ptr:
      found = match_ptr(target, place);
      break;
    default:
      found = match_exists(target, place);
      break;
  }
  if (found.is_match || found.is_error) return found;
  if (auto limit = void_limit(place)) return {.inner = std::move(limit), .is_error = true};
  return found;
}

// RFC 7208 section 5.2, with its table of results.
Evaluator::Match Evaluator::match_include(const std::string& target, const Place& place) {
  auto inner = check_host(target, Entry::include);
  inner.path.insert(inner.path.begin(), Step{place.domain, place.term, target});
  switch (inner.result) {
    case SpfResult::pass:
      return {.is_match = true, .inner = std::move(inner)};
    case SpfResult::fail:
    case SpfResult::softfail:
    case SpfResult::neutral:
      return {};
    case SpfResult::temperror:
    case SpfResult::permerror:
      return {.inner = std::move(inner), .is_error = true};
    default:
      break;
  }
  auto none = error(SpfResult::permerror, Problem::include_without_record, place,
                    "'" + place.term + "' of " + place.domain + " includes nothing" +
                        (inner.problem ? ": " + inner.problem->text : std::string()));
  none.path = std::move(inner.path);
  return {.inner = std::move(none), .is_error = true};
}

// RFC 7208 section 5.3. A name DNS cannot hold does not match (section 4.8 leaves the choice).
Evaluator::Match Evaluator::match_a(const Directive& directive, const std::string& target, const Place& place) {
  const auto answer = ask(target, address_type(), place, Counting::counted);
  if (answer.is_temporary_error()) return {.inner = dns_error(answer, place), .is_error = true};
  return {.is_match = std::any_of(answer.addresses.begin(), answer.addresses.end(),
                                  [&](const IpAddress& address) { return contains(directive, address); })};
}

// RFC 7208 section 5.4, no implicit MX. The hosts are asked for at once and judged in their order, so that the result
// is that of asking one by one.
Evaluator::Match Evaluator::match_mx(const Directive& directive, const std::string& target, const Place& place) {
  const auto answer = ask(target, dns::RecordType::MX, place, Counting::counted);
  if (answer.is_temporary_error()) return {.inner = dns_error(answer, place), .is_error = true};
  if (answer.mx.size() > options_.limits.names)  // section 4.6.4; judged before any host, since MX order is chance
    return {.inner = error(SpfResult::permerror, Problem::too_many_mx, place,
                           target + " has more than " + std::to_string(options_.limits.names) + " MX hosts"),
            .is_error = true};
  std::vector<dns::Question> questions;
  for (const auto& mx : answer.mx)
    if (!mx.exchange.empty() && mx.exchange != ".") questions.push_back({mx.exchange, address_type()});
  if (questions.empty()) return {};
  for (const auto& host : resolver_.query_all(questions)) {
    note_use(host, place, Counting::counted);
    if (host.is_temporary_error()) return {.inner = dns_error(host, place), .is_error = true};
    for (const auto& address : host.addresses)
      if (contains(directive, address)) return {.is_match = true};
    if (auto limit = void_limit(place)) return {.inner = std::move(limit), .is_error = true};
  }
  return {};
}

// RFC 7208 section 5.5: matches when a validated name of the client is the target or below it.
Evaluator::Match Evaluator::match_ptr(const std::string& target, const Place& place) {
  const auto names = validated_names(place, Counting::counted);
  return {.is_match = std::any_of(names.begin(), names.end(),
                                  [&](const std::string& name) { return is_at_or_below(name, target); })};
}

// RFC 7208 section 5.7: an A lookup whatever the client's family.
Evaluator::Match Evaluator::match_exists(const std::string& target, const Place& place) {
  const auto answer = ask(target, dns::RecordType::A, place, Counting::counted);
  if (answer.is_temporary_error()) return {.inner = dns_error(answer, place), .is_error = true};
  return {.is_match = answer.is_found()};
}

// RFC 7208 section 5.5: names of the client's address that lead back to it. A failed reverse lookup yields none, a
// failed address lookup skips its name; only the first 10 names are used (section 4.6.4).
std::vector<std::string> Evaluator::validated_names(const Place& place, Counting counting) {
  const auto reverse = ask(reverse_name(session_.ip), dns::RecordType::PTR, place, counting);
  std::vector<dns::Question> questions;
  for (const auto& name : reverse.names)
    if (questions.size() < options_.limits.names) questions.push_back({name, address_type()});
  std::vector<std::string> out;
  if (questions.empty()) return out;
  for (const auto& answer : resolver_.query_all(questions)) {
    note_use(answer, place, counting);
    // Section 11.1: as soon as one void lookup too many is met, the rest is not looked at.
    if (counting == Counting::counted && void_limit(place)) break;
    const auto& found = answer.addresses;
    if (std::find(found.begin(), found.end(), session_.ip) != found.end()) out.push_back(answer.question.name);
  }
  return out;
}

// RFC 7208 section 7.3, %{p}: the domain itself, else a name below it, else any, else "unknown".
std::string Evaluator::validated_name(const Place& place, Counting counting) {
  if (!macro_names_) macro_names_ = validated_names(place, counting);
  const std::string* best = nullptr;
  for (const auto& name : *macro_names_) {
    if (equals(without_dot(name), without_dot(place.domain))) return name;
    if (best == nullptr || (is_at_or_below(name, place.domain) && !is_at_or_below(*best, place.domain))) best = &name;
  }
  return best == nullptr ? "unknown" : *best;
}

}  // namespace ruaudit::verify::spf
