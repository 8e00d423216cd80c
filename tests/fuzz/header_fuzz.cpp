#include "mail/header_field.hpp"
#include "mail/mail_date.hpp"
#include "tests/fuzz/strict_sink.hpp"

using namespace ruaudit::ingest;
using namespace ruaudit::ingest::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text(data, size);
  part_fields(text);
  leading_token(text);
  boundary_parameter(text);
  for (const auto* name : {"filename", "name"}) {
    const auto value = parameter(text, name);
    require(!value || value->size() <= 1000);
    require(!value || clean_text(*value, 1000) == *value);
  }
  const auto decoded = decoded_text(text, 500);
  require(decoded.size() <= 500 && clean_text(decoded, 500) == decoded);
  ruaudit::model::parse_mail_date(text);
  FieldReader reader(text);
  while (const auto field = reader.next()) require(!field->name.empty());
  return 0;
}
