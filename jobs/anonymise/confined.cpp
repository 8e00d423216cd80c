#include "jobs/anonymise/confined.hpp"

#include "jobs/confined/planted_fault.hpp"
#include "jobs/confined/wire.hpp"

namespace ruaudit::jobs::wire {

template <>
inline constexpr int fields<AnonymiserCounts> = 4;
template <>
inline constexpr int fields<Anonymised> = 2;

}  // namespace ruaudit::jobs::wire

namespace ruaudit::jobs {

model::Result<Anonymised> anonymise_confined(store::Redactor& redactor, const std::string& octets,
                                             const ConfinedWork& how) {
  const auto work = [&](verify::dns::Resolver* /*resolver*/) -> model::Result<std::string> {
    pass_planted_fault(std::string_view(octets).substr(0, 4096));
    ingest::UnpackLimits limits;
    limits.spool_folder.clear();  // into memory: no file can be made
    Anonymiser anonymiser(std::move(redactor), limits);
    TRY(auto cleaned, anonymiser.run(octets));
    wire::Output out;
    out.put(Anonymised{std::move(cleaned), anonymiser.counts()});
    return out.take();
  };
  TRY(const auto result, do_confined(how, work));
  wire::Input in(result);
  Anonymised done;
  in.get(done);
  if (!in.is_good()) return model::failure("reader-died", "the process that read it gave an invalid answer");
  return done;
}

}  // namespace ruaudit::jobs
