#include "parser/tls/report_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "parser/aggregate_values.hpp"
#include "parser/tls/report_builder.hpp"

namespace ruaudit::parser::tls {
namespace {

// What the library pulls characters by. All copies stand at the same place.
class Characters {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  Characters() = default;
  explicit Characters(JsonText& text) : text_(&text) {}
  char operator*() const { return text_->current(); }
  Characters& operator++() {
    text_->advance();
    return *this;
  }
  bool operator==(const Characters& /*end*/) const { return text_->is_at_end(); }
  bool operator!=(const Characters& /*end*/) const { return !text_->is_at_end(); }

 private:
  JsonText* text_ = nullptr;
};

// "syntax error while parsing value - unexpected end of input" out of the library's message.
std::string reason_in(std::string_view message) {
  const auto at = message.find("syntax error");
  std::string reason(at == std::string_view::npos ? message : message.substr(at));
  return std::string(cut_text(reason.substr(0, reason.find("; last read:")), 200));
}

class Walk final : public nlohmann::json_sax<nlohmann::json> {
 public:
  Walk(JsonText& text, ReportBuilder& builder) : text_(text), builder_(builder) {}
  [[nodiscard]] const std::string& broken() const { return broken_; }

  bool null() override {
    at_value();
    builder_.null();
    return true;
  }
  bool boolean(bool value) override { return number(value ? "true" : "false"); }
  bool number_integer(std::int64_t value) override { return number(std::to_string(value)); }
  bool number_unsigned(std::uint64_t value) override { return number(std::to_string(value)); }
  bool number_float(double /*value*/, const std::string& text) override { return number(text); }
  // No text of a report has a NUL, and much behind it would stop at one.
  bool string(std::string& value) override {
    std::replace(value.begin(), value.end(), '\0', ' ');
    at_value();
    return builder_.scalar({value, true});
  }
  bool binary(nlohmann::json::binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*size*/) override {
    at_value();
    return builder_.begin_object();
  }
  bool key(std::string& name) override {
    std::replace(name.begin(), name.end(), '\0', ' ');
    at_value();
    builder_.key(name);
    return true;
  }
  bool end_object() override {
    at_value();
    return builder_.end_object();
  }
  bool start_array(std::size_t /*size*/) override {
    at_value();
    return builder_.begin_list();
  }
  bool end_array() override {
    at_value();
    return builder_.end_list();
  }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/, const nlohmann::json::exception& e) override {
    broken_ = reason_in(e.what());
    return false;
  }

 private:
  bool number(const std::string& text) {
    at_value();
    return builder_.scalar({text, false});
  }
  void at_value() {
    text_.mark();
    builder_.set_line(text_.line());
  }

  JsonText& text_;
  ReportBuilder& builder_;
  std::string broken_;
};

void tell_reading(JsonText& text, ReportBuilder& builder) {
  for (const auto& odd : text.take_defects()) builder.defect(odd.code, odd.detail);
}

}  // namespace

model::Result<model::TlsReport> parse_tls_report(JsonText& text, const TlsLimits& limits, const ReportHints& hints,
                                                 model::TlsSink& sink) {
  ReportBuilder builder(limits, hints, sink);
  Walk walk(text, builder);
  const bool is_read = nlohmann::json::sax_parse(Characters(text), Characters(text), &walk,
                                                 nlohmann::detail::input_format_t::json, false);
  if (builder.error()) return model::failure(*builder.error());
  if (!is_read && walk.broken().empty()) return model::failure("stopped", "the reader had enough");
  const auto place = fmt::format("line {}: ", text.line());
  tell_reading(text, builder);
  if (is_read) {
    if (!builder.is_report())
      return model::failure(
          "not-a-tls-report", place + "JSON without the members of a TLS report",
          "if it is one, its sender should name organization-name, report-id, date-range and policies");
    if (text.find_text() && text.current() != '{' && !text.is_at_markup()) {
      builder.defect("trailing-content", fmt::format("line {}: no JSON behind the report", text.line()));
      text.find_object();
    }
    return builder.finish(false);
  }
  if (text.is_token_too_long())
    return model::failure("json-token-too-long",
                          place + fmt::format("a text of more than {} octets", limits.token_octets),
                          "no honest report has one");
  if (builder.policies() == 0)
    return model::failure("json-malformed", place + walk.broken(), "ask its sender for the file again");
  builder.defect("tls-json-broken", place + walk.broken());
  return builder.finish(true);
}

}  // namespace ruaudit::parser::tls
