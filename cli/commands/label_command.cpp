// ruaudit label: the owner's label for an address, a network, a domain, a selector or a service; it overrides every
// rule.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "assess/services.hpp"
#include "cli/commands.hpp"
#include "cli/options/configuration_options.hpp"
#include "cli/options/database_path.hpp"
#include "cli/options/now_option.hpp"
#include "cli/options/output_format.hpp"
#include "cli/steps/enrich_step.hpp"
#include "jobs/process/clock.hpp"
#include "model/domain.hpp"
#include "model/ip_address.hpp"
#include "store/facts/labels.hpp"

namespace ruaudit::cli {
namespace {

constexpr OptionSpec options_table[] = {
    db_option,
    configuration_source_options[0],
    {"kind", OptionKind::value, "KIND",
     "address, network, domain, selector or service; by default determined from SUBJECT"},
    {"note", OptionKind::value, "TEXT", "why, for those who read it later"},
    {"remove", OptionKind::flag, "", "remove the label"},
    {"format", OptionKind::value, "FORMAT", "of the list: text (default), json or csv"},
    now_option,
};
constexpr CommandSpec spec = {
    "label",
    "[OPTIONS] [SUBJECT [mine|service|forwarder|unwanted]]",
    "Says who a source belongs to; your label overrides every rule. Without a subject: lists the labels.",
    options_table,
    0,
    2};

std::optional<std::string> network(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto base = model::IpAddress::parse(text.substr(0, slash));
  const std::string bits(text.substr(slash + 1));
  const bool is_number = !bits.empty() && bits.size() <= 3 && bits.find_first_not_of("0123456789") == std::string::npos;
  if (!base || !is_number || std::stoi(bits) > (base->is_v4() ? 32 : 128)) return std::nullopt;
  return base->to_string() + '/' + std::to_string(std::stoi(bits));
}

model::Result<model::Label> as_kind(model::LabelKind kind, const std::string& text,
                                    const assess::ServiceTable& services) {
  model::Label label{.kind = kind, .subject = text, .note = {}};
  const auto wrong = [&](std::string_view what) {
    return model::failure("usage", fmt::format("'{}' is no {}", jobs::printable(text), what));
  };
  if (kind == model::LabelKind::address) {
    const auto address = model::IpAddress::parse(text);
    if (!address) return wrong("address");
    label.subject = address->to_string();
  } else if (kind == model::LabelKind::network) {
    const auto found = network(text);
    if (!found) return wrong("network such as 192.0.2.0/24");
    label.subject = *found;
  } else if (kind == model::LabelKind::domain) {
    const auto domain = model::Domain::parse(text);
    if (!domain) return wrong("domain");
    label.subject = domain->text();
  } else if (kind == model::LabelKind::service) {
    const auto* service = services.by_name(text);
    if (service == nullptr) return wrong("service that is in the list; docs/services.md says how to add one");
    label.subject = service->name;
  } else if (text.find_first_of(" /@") != std::string::npos) {
    return wrong("selector");
  }
  return label;
}

// What the text looks like; where it could be two things, the user says which.
model::Result<model::Label> subject_of(const Options& options, const assess::ServiceTable& services) {
  const std::string& text = options.arguments()[0];
  if (const auto word = options.value("kind")) {
    const auto kind = model::parse_enum<model::LabelKind>(*word);
    if (!kind)
      return model::failure("usage", fmt::format("--kind '{}' is not known", jobs::printable(*word)),
                            "one of address, network, domain, selector, service");
    return as_kind(*kind, text, services);
  }
  if (model::IpAddress::parse(text)) return as_kind(model::LabelKind::address, text, services);
  if (text.find('/') != std::string::npos) return as_kind(model::LabelKind::network, text, services);
  const bool is_service = services.by_name(text) != nullptr;
  if (text.find('.') != std::string::npos && !is_service) return as_kind(model::LabelKind::domain, text, services);
  if (!is_service) return as_kind(model::LabelKind::selector, text, services);
  const bool is_written_as_name = text.find(' ') != std::string::npos || services.by_name(text)->name == text;
  if (is_written_as_name) return as_kind(model::LabelKind::service, text, services);
  return model::failure("usage",
                        fmt::format("'{}' could be the service {} or something else", jobs::printable(text),
                                    services.by_name(text)->name),
                        "say which: --kind service, --kind selector or --kind domain");
}

std::string table_text(const std::vector<model::Label>& labels) {
  if (labels.empty()) return "no labels yet; example: ruaudit label 192.0.2.25 mine --note \"the printer\"\n";
  std::string text;
  for (const auto& label : labels)
    text += fmt::format("{:9}  {:40}  {:9}  {}\n", model::to_text(label.kind), label.subject,
                        model::to_text(label.word), jobs::printable(label.note));
  return text;
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
  return cell + '"';
}

std::string render(const std::vector<model::Label>& labels, report::Format format) {
  if (format == report::Format::text) return table_text(labels);
  if (format == report::Format::csv) {
    std::string text = "kind,subject,label,note,set_at\r\n";
    for (const auto& label : labels)
      text += fmt::format("{},{},{},{},{}\r\n", model::to_text(label.kind), csv_cell(label.subject),
                          model::to_text(label.word), csv_cell(label.note), label.set_at);
    return text;
  }
  auto list = nlohmann::ordered_json::array();
  for (const auto& label : labels)
    list.push_back({{"kind", model::to_text(label.kind)},
                    {"subject", label.subject},
                    {"label", model::to_text(label.word)},
                    {"note", label.note},
                    {"set_at", label.set_at}});
  return list.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

model::Result<ExitCode> run(const Options& options, jobs::Console& console) {
  TRY(const auto path, database_path(options));
  TRY(const auto format, output_format(options));
  if (options.arguments().empty()) {
    TRY_VOID(readable_database(options));
    TRY(auto database, store::Database::open({.path = path, .access = store::Access::read_only}));
    TRY(const auto all, store::labels(database));
    console.out << render(all, format);
    return ExitCode::success;
  }
  TRY(const auto tools, enrich_tools(options));
  TRY(auto label, subject_of(options, tools.services));
  const bool removes = options.has("remove");
  if (options.arguments().size() != (removes ? 1 : 2))
    return model::failure("usage", removes ? "--remove takes only the subject" : "say what it is",
                          "one of mine, service, forwarder, unwanted");
  TRY(auto database, store::Database::open({.path = path, .access = store::Access::create}));
  if (removes) {
    TRY(const bool was_there, store::remove_label(database, label.kind, label.subject));
    if (!was_there) return model::failure("label", fmt::format("{} has no label", label.subject));
    return ExitCode::success;
  }
  const auto word = model::parse_enum<model::LabelWord>(options.arguments()[1]);
  if (!word)
    return model::failure("usage", fmt::format("'{}' is not a label", jobs::printable(options.arguments()[1])),
                          "one of mine, service, forwarder, unwanted");
  label.word = *word;
  label.note = options.value_or("note", "");
  label.set_at = jobs::epoch_now();
  TRY_VOID(store::save_label(database, label));
  if (!options.has("quiet"))
    console.err << fmt::format("{} {} is {}; `ruaudit enrich` and each digest use it\n", model::to_text(label.kind),
                               label.subject, model::to_text(label.word));
  return ExitCode::success;
}

}  // namespace

const Command label_command = {&spec, guarded<run>};

}  // namespace ruaudit::cli
