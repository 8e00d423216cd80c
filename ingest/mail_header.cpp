// The fields of the outermost mail that the ledger shows.
#include "ingest/opener_detail.hpp"
#include "mail/header_field.hpp"
#include "mail/mail_date.hpp"
#include "model/ascii.hpp"

namespace ruaudit::ingest {

namespace {
constexpr std::size_t max_text = 2000;
}  // namespace

MailHeader header_values(std::string_view block) {
  MailHeader header;
  header.header_bytes = block.size();
  struct Row {
    std::string_view name;
    std::string MailHeader::*member;
  };
  static constexpr Row rows[] = {{"from", &MailHeader::from},
                                 {"to", &MailHeader::to},
                                 {"subject", &MailHeader::subject},
                                 {"message-id", &MailHeader::message_id},
                                 {"date", &MailHeader::date}};
  FieldReader reader(block);
  while (const auto field = reader.next())
    for (const auto& row : rows)
      if (ascii::equal_folded(field->name, row.name) && (header.*row.member).empty())
        header.*row.member = decoded_text(field->value, max_text);
  header.date_epoch = model::parse_mail_date(header.date);
  return header;
}

bool is_mail_item(const RawItem& item, const UnpackLimits& limits) {
  if (item.kind == ItemKind::mbox_member) return true;
  // In a maildir the first line being a field is enough; elsewhere the content must look like a mail.
  return item.kind == ItemKind::mail && field_name_length(item.bytes.view().substr(0, limits.header_bytes)) > 0;
}

std::optional<MailHeader> read_mail_header(const RawItem& item, const UnpackLimits& limits) {
  auto mail = item.bytes;
  if (!is_mail_item(item, limits)) {
    const auto text = mail.view();
    const auto found = sniff(text, text.size() <= sniff_bytes ? Prefix::whole : Prefix::partial);
    if (!found.decided || found.kind != PayloadKind::mail) return std::nullopt;
    mail = mail.slice(found.skip, text.size());
  }
  return header_values(mail_header_range(mail, limits).of(mail.view()));
}

}  // namespace ruaudit::ingest
