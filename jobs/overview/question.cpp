#include "jobs/overview/question.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "jobs/judge/service_lists.hpp"
#include "store/content/digest.hpp"

namespace ruaudit::jobs {
namespace {

constexpr std::int64_t hour = 3600;

// Texts of any content, one after another, so that no two lists of them read alike.
class Listed {
 public:
  Listed& add(std::string_view text) {
    all_ += fmt::format("{}:{}\n", text.size(), text);
    return *this;
  }
  Listed& add(const auto& texts, std::string_view name) {
    add(fmt::format("{} {}", name, std::size(texts)));
    for (const std::string& text : texts) add(text);
    return *this;
  }
  [[nodiscard]] const std::string& text() const { return all_; }

 private:
  std::string all_;
};

template <class Number>
std::string text_of(const std::optional<Number>& number) {
  return number ? fmt::format("{}", *number) : "-";
}

// Builds of one version judge differently, too.
std::string program_file() {
  struct stat found = {};
  if (::stat("/proc/self/exe", &found) != 0) return {};
  return fmt::format("{} {} {}.{}", found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec);
}

}  // namespace

model::Result<std::string> question_about(std::string_view what, const OverviewOrder& order,
                                          const assess::SnoozedFindings& snoozed) {
  const auto& judge = order.judge;
  const auto& figures = order.overview;
  Listed all;
  all.add(RUAUDIT_VERSION).add(program_file()).add(fmt::format("{}", judge.now / hour));
  all.add(judge.report_addresses, "rua")
      .add(judge.own_domains, "own")
      .add(judge.parked_domains, "parked")
      .add(fmt::format("snoozed {}", snoozed.size()));
  for (const auto& [id, until] : snoozed) all.add(id).add(text_of(until));
  for (const auto& path : judge.service_files) {
    TRY(const auto services, text_of_services(path));
    all.add(services);
  }
  all.add(figures.domains, "domains");
  all.add(fmt::format("{} {} {} {} {} {}", text_of(figures.first), text_of(figures.last), figures.is_all,
                      text_of(figures.received_since), figures.only_authenticated, order.has_receivers));
  TRY(auto hasher, store::Hasher::create());
  std::string question = fmt::format("{} ", what);
  for (const auto octet : hasher.hash(all.text())) question += fmt::format("{:02x}", octet);
  return question;
}

}  // namespace ruaudit::jobs
