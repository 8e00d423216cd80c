#include "jobs/confined/call.hpp"

#include <cerrno>
#include <cstdlib>
#include <new>
#include <vector>

#include "jobs/confined/charsets.hpp"
#include "jobs/confined/child.hpp"
#include "jobs/confined/confinement.hpp"
#include "jobs/confined/planted_fault.hpp"
#include "jobs/confined/wire.hpp"

namespace ruaudit::jobs::wire {

namespace dns = verify::dns;
template <>
inline constexpr int fields<model::Error> = 3;
template <>
inline constexpr int fields<dns::Question> = 2;
template <>
inline constexpr int fields<dns::TxtRecord> = 1;
template <>
inline constexpr int fields<dns::MxRecord> = 2;
template <>
inline constexpr int fields<dns::TlsaRecord> = 4;
template <>
inline constexpr int fields<dns::Answer> = 14;

}  // namespace ruaudit::jobs::wire

namespace ruaudit::jobs {
namespace {

namespace dns = verify::dns;

constexpr char questions_kind = 'Q', answers_kind = 'A', done_kind = 'D', failed_kind = 'X', unconfined_kind = 'U';
constexpr std::size_t most_octets = std::size_t{2} << 30U;
constexpr std::size_t most_questions = 1000;
constexpr std::uint64_t cpu_seconds = 120;

template <class T>
std::string encoded(const T& value) {
  wire::Output out;
  out.put(value);
  return out.take();
}

template <class T>
std::optional<T> decoded(std::string_view octets) {
  wire::Input in(octets);
  T value{};
  in.get(value);
  return in.is_good() ? std::optional(std::move(value)) : std::nullopt;
}

// In the copy: every question goes to the parent.
class ParentResolver final : public dns::Resolver {
 public:
  explicit ParentResolver(ParentSocket& parent) : parent_(parent) {}
  std::vector<dns::Answer> query_all(std::span<const dns::Question> questions) override {
    parent_.send(questions_kind, encoded(std::vector<dns::Question>(questions.begin(), questions.end())));
    parent_.flush();
    const auto frame = parent_.receive();
    auto answers = frame ? decoded<std::vector<dns::Answer>>(frame->octets) : std::nullopt;
    if (!answers || answers->size() != questions.size()) std::_Exit(EXIT_FAILURE);  // the parent has gone
    return std::move(*answers);
  }

 private:
  ParentSocket& parent_;
};

using Work = std::function<model::Result<std::string>(dns::Resolver*)>;

int run_copy(const ConfinedWork& how, const Work& work) {
  prepare_confinement();
  ParentSocket parent;
  open_charsets();
  if (const auto done = confine({}); !done) {
    parent.send(unconfined_kind, encoded(done.error()));
    parent.flush();
    if (how.confinement == Confinement::required) return EXIT_FAILURE;
  }
  allow_cpu_seconds(reader_seconds(cpu_seconds));
  ParentResolver resolver(parent);
  const auto result = work(how.resolver == nullptr ? nullptr : &resolver);
  if (result)
    parent.send(done_kind, *result);
  else
    parent.send(failed_kind, encoded(result.error()));
  parent.flush();
  return EXIT_SUCCESS;
}

int run_copy_quietly(const ConfinedWork& how, const Work& work) {
  try {
    return run_copy(how, work);
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  } catch (...) {
    return EXIT_FAILURE;
  }
}

model::Error senseless() { return {"reader-died", "the process that read it said what makes no sense", {}}; }

// The parent's side, until the work has a result.
class Server {
 public:
  Server(Child& child, const ConfinedWork& how) : child_(child), how_(how) {}

  model::Result<std::string> serve() {
    while (true) {
      const auto state = child_.exchange(std::chrono::seconds(1), -1);
      while (auto frame = child_.next(most_octets)) {
        if (frame->kind == done_kind) return std::move(frame->octets);
        if (frame->kind == failed_kind || frame->kind == unconfined_kind) {
          const auto error = decoded<model::Error>(frame->octets);
          if (!error) return model::failure(senseless());
          if (frame->kind == failed_kind || how_.confinement == Confinement::required) return model::failure(*error);
          if (how_.warning) how_.warning(*error);
        } else if (frame->kind != questions_kind || !answer(frame->octets)) {
          return model::failure(senseless());
        }
      }
      if (state == ChildState::ended)
        return model::failure("reader-died", "the process that read it " + child_.end(), {});
    }
  }

 private:
  bool answer(std::string_view octets) {
    const auto questions = decoded<std::vector<dns::Question>>(octets);
    if (!questions || questions->size() > most_questions || how_.resolver == nullptr) return false;
    child_.send(answers_kind, encoded(how_.resolver->query_all(*questions)));
    return true;
  }

  Child& child_;
  const ConfinedWork& how_;
};

}  // namespace

model::Result<std::string> do_confined(const ConfinedWork& how, const Work& work) {
  if (how.confinement == Confinement::off) return work(how.resolver);
  TRY(auto child, Child::copy([&] { return run_copy_quietly(how, work); }));
  return Server(child, how).serve();
}

}  // namespace ruaudit::jobs
