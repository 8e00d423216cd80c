// Leaf and Router: from octets to payloads.
#include <algorithm>

#include "ingest/opener_detail.hpp"

namespace ruaudit::ingest {

namespace {

constexpr std::size_t feed_window = 1UL << 20U;

bool starts_report(std::string_view text) {
  const auto at = text.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  if (at == std::string_view::npos) return false;
  return text.substr(at, 5) == "<?xml" || text.substr(at, 9) == "<feedback";
}

// What begins so inside an XML text is none of it; inside a JSON text it may be a part.
bool starts_object(std::string_view text) {
  const auto at = text.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  return at != std::string_view::npos && text[at] == '{';
}

}  // namespace

Leaf::Leaf(Opener& opener, const Place& place, PayloadKind kind) : opener_(opener) {
  const bool is_feedback = kind == PayloadKind::failure_report || kind == PayloadKind::other_feedback;
  if (place.is_returned && is_feedback) kind = PayloadKind::delivery_status;
  if (place.is_document && kind == PayloadKind::other_xml) kind = PayloadKind::not_a_report;
  outcome_.info = {place.part, kind, place.name};
  outcome_.defects = place.defects;
  if (!opener.count_payload()) {
    stopped_ = true;
  } else if (is_unsupported(kind)) {
    outcome_.error = unsupported_error(kind);
  } else if (kind == PayloadKind::empty) {
    if (place.is_attachment)
      outcome_.error = model::Error{"empty-report", "the attachment is empty or only says \"unused\"",
                                    "the sender delivered no data; there is nothing to recover"};
  } else {
    outcome_.taken = opener.sink().begin(outcome_.info);
  }
}

bool Leaf::feed(std::string_view octets) {
  if (!outcome_.taken || stopped_) return false;
  outcome_.bytes += octets.size();
  if (outcome_.bytes > opener_.limits().payload_bytes) {
    outcome_.error = model::Error{
        "payload-too-large", "the content is larger than " + std::to_string(opener_.limits().payload_bytes) + " octets",
        "raise the limit if you trust the sender"};
    stopped_ = true;
  } else if (!octets.empty() && !opener_.sink().chunk(octets)) {
    outcome_.error = model::Error{"stopped", "the reader wants no more", ""};
    stopped_ = true;
  }
  return !stopped_;
}

void Leaf::end(const model::Result<void>& result, std::vector<model::Defect> more) {
  if (!outcome_.error && opener_.is_over()) outcome_.error = opener_.result().error;
  if (!outcome_.error && !result) outcome_.error = result.error();
  if (outcome_.error && !outcome_.info.part.empty()) outcome_.error = outcome_.error->in(outcome_.info.part);
  std::move(more.begin(), more.end(), std::back_inserter(outcome_.defects));
  if (outcome_.taken) {
    for (const model::Defect& odd : outcome_.defects) opener_.sink().note(odd);
    opener_.sink().end(outcome_.error ? model::Result<void>(model::failure(*outcome_.error)) : model::Result<void>());
  }
  opener_.result().payloads.push_back(std::move(outcome_));
}

void feed_all(const Bytes& bytes, Leaf& leaf) {
  const auto text = bytes.view();
  for (std::size_t at = 0; at < text.size(); at += feed_window) {
    const auto window = text.substr(at, feed_window);
    if (!leaf.feed(window)) return;
    bytes.drop_before(at + window.size());
  }
}

bool Router::chunk(std::string_view octets) {
  if (!opener_.charge(octets.size())) return false;
  if (at_member_ && (starts_report(octets) || (starts_object(octets) && holds_xml()))) next_member();
  at_member_ = false;
  if (leaf_) return leaf_->feed(octets);
  if (spool_) return collect(octets);
  if (error_) return false;
  if (!prefix_.empty()) prefix_.append(octets);
  const auto seen = prefix_.empty() ? octets : std::string_view(prefix_);
  const auto found = sniff(seen, Prefix::partial);
  if (found.decided) return start(found, seen);
  if (prefix_.empty()) prefix_ = octets;
  return true;
}

bool Router::holds_xml() const {
  const auto kind = leaf_ ? kind_ : sniff(prefix_, Prefix::whole).kind;
  return kind == PayloadKind::aggregate_xml;
}

// A gzip member that starts with a root of its own is a report of its own.
void Router::next_member() {
  if (!leaf_ && !spool_ && !prefix_.empty()) {
    const std::string prefix = std::move(prefix_);
    start(sniff(prefix, Prefix::whole), prefix);
  }
  if (!leaf_) return;
  leaf_->end({});
  leaf_.reset();
  ++members_;
  if (members_ == 2)
    place_.part += place_.part.empty() ? "member 2" : "/member 2";
  else
    place_.part.replace(place_.part.rfind(' ') + 1, std::string::npos, std::to_string(members_));
}

bool Router::start(const Sniffed& found, std::string_view octets) {
  kind_ = found.kind;
  note_label(place_, kind_);
  place_.label.clear();
  if (!is_container(kind_)) {
    leaf_.emplace(opener_, place_, kind_);
    const bool more = leaf_->feed(octets.substr(found.skip));
    prefix_.clear();
    return more;
  }
  spool_.emplace(opener_.limits().heap_bytes, opener_.limits().spool_folder);
  const bool more = collect(octets.substr(found.skip));
  prefix_.clear();
  return more;
}

bool Router::collect(std::string_view octets) {
  const std::uint64_t limit = opener_.limits().message_bytes;
  if (spool_->size() + octets.size() > limit) {
    error_ =
        model::Error{"message-too-large", "what is packed inside is larger than " + std::to_string(limit) + " octets",
                     "raise the limit if you trust the sender"};
    return false;
  }
  auto put = spool_->append(octets);
  if (!put) error_ = put.error();
  return !error_;
}

void Router::finish(const model::Result<void>& result, PayloadKind parent, std::vector<model::Defect> more) {
  const auto outcome = error_ ? model::Result<void>(model::failure(*error_)) : result;
  if (!leaf_ && !spool_) {
    if (prefix_.empty() && !outcome) {
      std::move(more.begin(), more.end(), std::back_inserter(place_.defects));
      return opener_.refuse(place_, parent, outcome.error());
    }
    const std::string prefix = std::move(prefix_);
    start(sniff(prefix, Prefix::whole), prefix);
  }
  if (leaf_) return leaf_->end(outcome, std::move(more));
  std::move(more.begin(), more.end(), std::back_inserter(place_.defects));
  const bool is_text = kind_ == PayloadKind::mail || kind_ == PayloadKind::mbox;
  if (outcome || is_text) {  // a mail or mbox that was cut off still holds whole parts
    auto bytes = spool_->take();
    if (!bytes) return opener_.refuse(place_, kind_, bytes.error());
    opener_.open_container(kind_, *bytes, place_);
  }
  if (!outcome) opener_.refuse(place_, kind_, outcome.error());
}

}  // namespace ruaudit::ingest
