#include "report/page/words.hpp"

#include <chrono>

namespace ruaudit::report::page {
namespace {

std::chrono::year_month_day date_of(std::int32_t day) { return std::chrono::sys_days{std::chrono::days(day)}; }

}  // namespace

Words::Words(const Language& language, std::int32_t last_day)
    : language_(language),
      last_year_(static_cast<int>(date_of(last_day).year())),
      months_{language.translate("Jan"),
              language.translate("Feb"),
              language.translate("Mar"),
              language.translate("Apr"),
              language.translate_in("short month", "May"),
              language.translate("Jun"),
              language.translate("Jul"),
              language.translate("Aug"),
              language.translate("Sep"),
              language.translate("Oct"),
              language.translate("Nov"),
              language.translate("Dec")} {}

std::string Words::day(std::int32_t day) const {
  const auto date = date_of(day);
  const auto& month = months_[static_cast<unsigned>(date.month()) - 1];
  const std::string number = std::to_string(static_cast<unsigned>(date.day()));
  const int year = static_cast<int>(date.year());
  return year == last_year_ ? number + ' ' + month : number + ' ' + month + ' ' + std::to_string(year);
}

std::string Words::span(std::int32_t first, std::int32_t last) const {
  return first == last ? day(first) : day(first) + " \xE2\x80\x93 " + day(last);
}

std::string Words::group(model::SenderGroup group) const {
  switch (group) {
    case model::SenderGroup::own:
      return translate("own");
    case model::SenderGroup::service:
      return translate("service");
    case model::SenderGroup::forwarder:
      return translate("forwarder");
    case model::SenderGroup::unknown:
      return translate("unknown");
    case model::SenderGroup::stranger:
      break;
  }
  return translate("stranger");
}

std::string Words::groups(model::SenderGroup group) const {
  switch (group) {
    case model::SenderGroup::own:
      return translate("Your own servers");
    case model::SenderGroup::service:
      return translate("Services");
    case model::SenderGroup::forwarder:
      return translate("Forwarders and lists");
    case model::SenderGroup::unknown:
      return translate("Unknown, steady");
    case model::SenderGroup::stranger:
      break;
  }
  return translate("Strangers");
}

std::string Words::nameless(model::SenderGroup group) const {
  return group == model::SenderGroup::forwarder ? translate("Other forwarders") : translate("Strangers");
}

std::string Words::disposition(model::Disposition disposition) const {
  switch (disposition) {
    case model::Disposition::none:
      return translate("delivered");
    case model::Disposition::pass:
      return translate("passed");
    case model::Disposition::quarantine:
      return translate("quarantined");
    case model::Disposition::reject:
      return translate("rejected");
    case model::Disposition::unknown:
      break;
  }
  return translate("not told");
}

std::string Words::conclusion(const std::string& token) const {
  if (token == "own_sender_broken") return translate("your own mail, broken");
  if (token == "forwarded") return translate("forwarded");
  if (token == "forgery") return translate("forgery");
  if (token == "legitimate") return translate("passes now");
  if (token == "indeterminate") return translate("cannot be decided");
  return translate("not verified yet");
}

}  // namespace ruaudit::report::page
