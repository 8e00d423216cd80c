#include "cli/commands/check_mail.hpp"

#include "cli/options/suffix_list.hpp"
#include "cli/steps/confinement.hpp"
#include "jobs/confined/planted_fault.hpp"
#include "jobs/confined/wire.hpp"
#include "jobs/process/clock.hpp"

namespace ruaudit::jobs::wire {
template <>
inline constexpr int fields<CheckedMail> = 12;
template <>
inline constexpr int enumerators<MailStanding> = 3;
}  // namespace ruaudit::jobs::wire

namespace ruaudit::cli {

model::Result<jobs::CheckedMail> judged_mail(const Options& options, const std::string& path,
                                             const jobs::DnsSource& source, jobs::Console& console) {
  TRY(const auto list, suffix_list_of(options));
  jobs::VerifyRequest request;
  TRY(request.message, jobs::read_octets(path, verify::message::Limits{}.message_bytes));
  request.options.now = source.time().value_or(jobs::epoch_now());
  request.options.list = &list;
  auto how = confined_work(options, console);
  how.resolver = &source.resolver();
  const auto work = [&](verify::dns::Resolver* resolver) -> model::Result<std::string> {
    jobs::pass_planted_fault(std::string_view(*request.message).substr(0, 4096));
    TRY(const auto mail, jobs::check_mail(request, *resolver));
    jobs::wire::Output out;
    out.put(mail);
    return out.take();
  };
  TRY(const auto octets, jobs::do_confined(how, work));
  jobs::wire::Input in(octets);
  jobs::CheckedMail mail;
  in.get(mail);
  if (!in.is_good()) return model::failure("reader-died", "the process that read it gave an invalid answer");
  return mail;
}

}  // namespace ruaudit::cli
