#include "verify/dkim/body_hash.hpp"

#include <algorithm>

#include "verify/dkim/canonical.hpp"
#include "verify/dkim/crypto.hpp"

namespace ruaudit::verify::dkim {
namespace {

// One hash under way; stops taking octets at its l=.
struct Job {
  const BodyHashRequest* request;
  Digest digest;
  std::uint64_t left;

  explicit Job(const BodyHashRequest& r) : request(&r), digest(r.hash), left(r.length.value_or(UINT64_MAX)) {}
  void take(std::string_view piece) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
    if (count > 0) digest.update(piece.substr(0, count));
    left -= count;
  }
};

std::uint64_t run_pass(std::string_view body, Canonicalization canonicalization, std::vector<Job>& jobs) {
  std::uint64_t length = 0;
  canonicalize_body(body, canonicalization, [&](std::string_view piece) {
    length += piece.size();
    for (Job& job : jobs)
      if (job.request->canonicalization == canonicalization) job.take(piece);
  });
  return length;
}

bool needs(std::span<const BodyHashRequest> requests, Canonicalization canonicalization) {
  return std::ranges::find(requests, canonicalization, &BodyHashRequest::canonicalization) != requests.end();
}

}  // namespace

std::vector<BodyHash> compute_body_hashes(std::string_view body, std::span<const BodyHashRequest> requests) {
  std::vector<Job> jobs;
  std::vector<std::size_t> job_of;
  job_of.reserve(requests.size());
  for (const auto& request : requests) {
    const auto same = std::ranges::find_if(jobs, [&](const Job& job) { return *job.request == request; });
    job_of.push_back(static_cast<std::size_t>(same - jobs.begin()));
    if (same == jobs.end()) jobs.emplace_back(request);
  }
  std::uint64_t lengths[2] = {0, 0};
  for (const auto canonicalization : {Canonicalization::simple, Canonicalization::relaxed})
    if (needs(requests, canonicalization))
      lengths[static_cast<std::size_t>(canonicalization)] = run_pass(body, canonicalization, jobs);

  std::vector<std::string> hashes;
  hashes.reserve(jobs.size());
  for (Job& job : jobs) hashes.push_back(job.digest.finish());
  std::vector<BodyHash> out;
  out.reserve(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i)
    out.push_back({hashes[job_of[i]], lengths[static_cast<std::size_t>(requests[i].canonicalization)]});
  return out;
}

std::optional<AddedText> find_added_text(std::string_view body, const BodyHashRequest& request, std::string_view wanted,
                                         std::size_t max_lines) {
  Digest digest(request.hash);
  const std::string nothing = canonical_body("", request.canonicalization);
  Digest empty(request.hash);
  empty.update(nothing);
  if (!body.empty() && empty.finish() == wanted) return AddedText{body.size(), 1};
  std::string blank_lines;  // seen, but only counted when content follows
  std::size_t at = 0;
  for (std::uint32_t line = 1; at < body.size() && line <= max_lines; ++line) {
    const std::size_t feed = body.find("\r\n", at);
    const std::size_t end = feed == std::string_view::npos ? body.size() : feed + 2;
    const std::string canonical = canonical_body(body.substr(at, end - at), request.canonicalization);
    at = end;
    if (canonical == nothing || canonical == "\r\n") {
      blank_lines += "\r\n";
      continue;
    }
    digest.update(blank_lines);
    digest.update(canonical);
    blank_lines.clear();
    if (digest.peek() == wanted && at < body.size()) return AddedText{body.size() - at, line + 1};
  }
  return std::nullopt;
}

}  // namespace ruaudit::verify::dkim
