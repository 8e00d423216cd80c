#include "store/tls/writer.hpp"

#include <algorithm>

namespace ruaudit::store {

model::Result<TlsWriter> TlsWriter::create(sqlite3* db) {
  TRY(auto rows, TlsRows::create(db));
  return TlsWriter(db, std::move(rows));
}

Status TlsWriter::reload() {
  TRY(next_key_, rows_.next_key());
  return {};
}

Status TlsWriter::begin_again(const std::vector<FormerPart>& parts) {
  former_.clear();
  for (const FormerPart& part : parts) {
    if (part.tls_key == 0) continue;
    Former former{part.path, part.outcome, part.tls_key, 0, {}};
    if (part.outcome == Outcome::stored || part.outcome == Outcome::conflict) {
      former.tls_key = part.tls_key;
      TRY(former.identity, rows_.remove(part.tls_key));
      TRY_VOID(rows_.recount(former.identity));
    }
    former_.push_back(std::move(former));
  }
  return {};
}

Status TlsWriter::begin_report(const Part& part) {
  part_ = part;
  was_ = {};
  const auto former =
      std::find_if(former_.begin(), former_.end(), [&](const Former& one) { return one.path == part.path; });
  if (former != former_.end()) {
    was_ = std::move(*former);
    former_.erase(former);
  }
  key_ = was_.tls_key != 0 ? was_.tls_key : next_key_;
  return execute(db_, "SAVEPOINT tls_report");
}

Status TlsWriter::take_back() { return execute(db_, "ROLLBACK TO tls_report; RELEASE tls_report"); }

Status TlsWriter::drop_report() {
  TRY_VOID(take_back());
  return was_.tls_key != 0 ? rows_.redirect_parts(was_.tls_key, 0) : Status();
}

model::Result<TlsWriter::Added> TlsWriter::end_report(const TlsHeader& header, std::int64_t received,
                                                      const TlsRows::Finding& proven) {
  TRY(const Digest identity, rows_.identity_of(header, key_));
  TRY(const auto others, rows_.find(identity, key_));
  TRY_VOID(rows_.insert(header, {.tls_key = key_, .received = received, .identity = identity}));
  TRY(auto added, judge(header, others));
  if (added.tls_key != key_) {
    TRY_VOID(take_back());
  } else {
    TRY_VOID(rows_.recount(identity));
    if (proven.state != Authenticity::unchecked) TRY_VOID(rows_.set_authenticity(key_, proven));
    TRY_VOID(execute(db_, "RELEASE tls_report"));
    next_key_ = std::max(next_key_, key_ + 1);
  }
  if (was_.tls_key != 0 && was_.tls_key != added.tls_key) TRY_VOID(rows_.redirect_parts(was_.tls_key, added.tls_key));
  added.outcome = lasting_outcome(added, identity);
  return added;
}

// As with aggregate reports: equal content is a duplicate, a truncated copy is replaced by what it is the beginning of.
model::Result<TlsWriter::Added> TlsWriter::judge(const TlsHeader& header, const std::vector<TlsVersion>& others) {
  const TlsVersion own{key_, header.content_hash, header.report.policies, header.report.is_damaged};
  const auto gives_way = [](const TlsVersion& copy, const TlsVersion& whole) {
    return copy.is_damaged && (!whole.is_damaged || whole.policies > copy.policies);
  };
  for (const TlsVersion& other : others)
    if (other.content_hash == own.content_hash && (own.is_damaged || !other.is_damaged))
      return Added{Outcome::duplicate, other.tls_key};
  for (const TlsVersion& other : others) {
    if (!gives_way(own, other)) continue;
    TRY(const bool is_copy, rows_.is_beginning(own.tls_key, other.tls_key));
    if (is_copy) return Added{Outcome::superseded, other.tls_key};
  }
  Added added{Outcome::stored, key_};
  for (const TlsVersion& other : others) {
    if (!gives_way(other, own)) {
      added.outcome = Outcome::conflict;
      continue;
    }
    TRY(const bool is_copy, rows_.is_beginning(other.tls_key, own.tls_key));
    if (!is_copy && other.content_hash != own.content_hash) {
      added.outcome = Outcome::conflict;
      continue;
    }
    TRY_VOID(rows_.supersede(other.tls_key, own.tls_key));
    added.has_changed_parts = true;
  }
  return added;
}

// A part that is read again and says what it said keeps its outcome.
Outcome TlsWriter::lasting_outcome(const Added& added, const Digest& identity) const {
  if (was_.target != added.tls_key) return added.outcome;
  const auto gave_way = [](Outcome outcome) { return outcome == Outcome::duplicate || outcome == Outcome::superseded; };
  if (gave_way(was_.outcome) && gave_way(added.outcome)) return was_.outcome;
  const bool stays_first = was_.outcome == Outcome::stored && added.outcome == Outcome::conflict;
  return stays_first && was_.identity == identity ? Outcome::stored : added.outcome;
}

Status TlsWriter::end_item() {
  for (const Former& former : former_)
    if (former.tls_key != 0) TRY_VOID(rows_.redirect_parts(former.tls_key, 0));
  former_.clear();
  return {};
}

}  // namespace ruaudit::store
