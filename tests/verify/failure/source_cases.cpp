// Samples that cannot be judged, forwarders, own sources and strangers.
#include "conclusion_case.hpp"

namespace ruaudit::verify::failure::test {

using V = Verdict;
using R = Reason;
using C = Confidence;

const std::vector<Case>& source_cases() {
  static const std::vector<Case> table = {
      {"no sample decides nothing",
       {[](auto& f) { f.extent = model::SampleExtent::none; }},
       V::indeterminate,
       R::sample_missing,
       C::low},
      {"a From without one domain decides nothing",
       {[](auto& f) { f.author.clear(); }},
       V::indeterminate,
       R::author_unknown,
       C::low},
      {"a sample of another domain than the one reported decides nothing",
       {spf_passes, [](auto& f) { f.is_of_another_domain = true; }},
       V::indeterminate,
       R::author_is_another,
       C::low},

      {"SRS that SPF vouches for: forwarded, on a word that anyone can write", {by_srs}, V::forwarded, R::srs, C::low},
      {"SRS of another domain's address is no trace of the author",
       {by_srs, [](auto& f) { f.forwarding.srs_is_of_author = false; }},
       V::forgery,
       R::nothing_aligned,
       C::medium},
      {"ARC that saw the author pass", {by_arc}, V::forwarded, R::arc, C::low},
      {"ARC that does not hold is none",
       {by_arc, [](auto& f) { f.forwarding.arc_passes = false; }},
       V::forgery,
       R::nothing_aligned,
       C::medium},
      {"an ARC chain that cannot be validated without the body decides nothing",
       {[](auto& f) {
         f.forwarding.arc_sealer = "fwd.example";
         f.forwarding.arc_tells_author_passed = f.forwarding.arc_is_unchecked = true;
       }},
       V::indeterminate,
       R::body_missing,
       C::low},
      {"a list that SPF vouches for", {by_list}, V::forwarded, R::mailing_list, C::low},
      {"list fields that the author's signature covers are the author's",
       {by_list, signed_with(Damage::key_missing), [](auto& f) { f.signatures[0].covers_list_fields = true; }},
       V::indeterminate,
       R::key_missing,
       C::low},

      {"an own host with another return path",
       {authorised},
       V::own_sender_broken,
       R::return_path_not_aligned,
       C::medium},
      {"an own host that SPF does not list any more",
       {seen_by_spf},
       V::own_sender_broken,
       R::spf_source_missing,
       C::medium},
      {"an own host under a broken SPF record",
       {seen_by_spf,
        [](auto& f) {
          f.spf->result = model::SpfResult::permerror;
          f.spf->is_record_faulty = true;
        }},
       V::own_sender_broken,
       R::spf_record_faulty,
       C::medium},
      {"authorised by today's SPF alone is authorised",
       {[](auto& f) { f.authorised_today = Authorisation::yes; }},
       V::own_sender_broken,
       R::spf_source_missing,
       C::medium},
      {"without an address of the client nothing is known of the source",
       {[](auto& f) {
         f.source.reset();
         f.spf.reset();
         f.authorised_then = Authorisation::not_checked;
       }},
       V::indeterminate,
       R::source_unknown,
       C::low},
      {"an address of no public network is nobody's",
       {[](auto& f) { f.is_source_internal = true; }},
       V::indeterminate,
       R::source_internal,
       C::low},
      {"a redacted sample without the signature that the reporter tells of decides nothing",
       {[](auto& f) {
         f.is_redacted = true;
         f.claims.dkim = model::DkimResult::pass;
       }},
       V::indeterminate,
       R::redacted,
       C::low},
      {"a redacted sample of which the reporter tells no signature is judged",
       {[](auto& f) {
         f.is_redacted = true;
         f.claims.dkim = model::DkimResult::none;
       }},
       V::forgery,
       R::nothing_aligned,
       C::high},
      {"a domain without an SPF record has said nothing of the source",
       {[](auto& f) { f.authorised_then = Authorisation::no_record; }},
       V::forgery,
       R::nothing_aligned,
       C::medium},
      {"under a broken SPF record a stranger is not known for one",
       {[](auto& f) {
         f.spf->result = model::SpfResult::permerror;
         f.spf->is_record_faulty = true;
         f.authorised_then = Authorisation::undecided;
       }},
       V::indeterminate,
       R::spf_record_faulty,
       C::low},
      {"seen aligned by DKIM alone: a service, or a forwarder",
       {seen_by_dkim},
       V::indeterminate,
       R::source_only_by_dkim,
       C::low},

      {"a stranger without anything is a forger", {}, V::forgery, R::nothing_aligned, C::high},
      {"a first line that is no field may have been a signature: no forgery",
       {[](auto& f) { f.is_first_field_readable = false; }},
       V::indeterminate,
       R::header_unreadable,
       C::low},
      {"a source that unauthenticated reports alone saw aligned is no forger for sure",
       {[](auto& f) { f.history = {.unproved_messages = 10'322, .unproved_aligned = 10'322}; }},
       V::indeterminate,
       R::source_unproved,
       C::low},
      {"rows of unauthenticated reports that are not aligned change nothing",
       {[](auto& f) { f.history = {.unproved_messages = 9}; }},
       V::forgery,
       R::nothing_aligned,
       C::high},
      {"a steady source with the domain's own return path may be a sender that nobody set up",
       {[](auto& f) { f.history = {.messages = 20, .own_days = 5, .own_messages = 20, .own_reporters = 2}; }},
       V::indeterminate,
       R::source_steady,
       C::low},
      {"four days are not steady",
       {[](auto& f) { f.history = {.messages = 20, .own_days = 4, .own_messages = 20, .own_reporters = 2}; }},
       V::forgery,
       R::nothing_aligned,
       C::high},
      {"nineteen messages are not steady",
       {[](auto& f) { f.history = {.messages = 19, .own_days = 5, .own_messages = 19, .own_reporters = 2}; }},
       V::forgery,
       R::nothing_aligned,
       C::high},
      {"one reporter alone does not make a source steady",
       {[](auto& f) { f.history = {.messages = 99, .own_days = 9, .own_messages = 99, .own_reporters = 1}; }},
       V::forgery,
       R::nothing_aligned,
       C::high},
      {"SPF that passes for his own domain may be a service not set up",
       {[](auto& f) { f.spf = spf(model::SpfResult::pass, "esp.example", false); }},
       V::forgery,
       R::nothing_aligned,
       C::medium},
      {"a quoted SPF record is a claim",
       {[](auto& f) { f.quoted_spf_authorises = true; }},
       V::forgery,
       R::nothing_aligned,
       C::medium},
      {"an SPF record that lets everyone send makes nobody own",
       {[](auto& f) { f.authorised_then = Authorisation::anyone; }},
       V::forgery,
       R::nothing_aligned,
       C::medium},
      {"a signature of another domain is none of the author's",
       {[](auto& f) { f.signatures = {signature(Damage::none, false)}; }},
       V::forgery,
       R::nothing_aligned,
       C::high},
  };
  return table;
}

}  // namespace ruaudit::verify::failure::test
