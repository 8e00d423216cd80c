#include "verify/dns/wire.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <unordered_map>

#include "model/ascii.hpp"
#include "verify/dns/name.hpp"
#include "verify/dns/type_spf.hpp"

namespace ruaudit::verify::dns {
namespace {

constexpr std::size_t header_octets = 12;
constexpr std::size_t max_chain = 16;
constexpr std::uint16_t type_soa = 6;
constexpr std::uint16_t type_opt = 41;
constexpr std::uint16_t class_in = 1;
constexpr unsigned bit_qr = 0x8000;
constexpr unsigned bit_rd = 0x0100;
constexpr unsigned bit_ad = 0x0020;
constexpr unsigned bit_cd = 0x0010;
constexpr std::uint32_t max_ttl = std::numeric_limits<std::int32_t>::max();

void put16(std::vector<std::uint8_t>& out, unsigned value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8U));
  out.push_back(static_cast<std::uint8_t>(value & 0xffU));
}

void put_name(std::vector<std::uint8_t>& out, std::string_view name) {
  auto length_at = out.size();
  out.push_back(0);
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '.') {
      length_at = out.size();
      out.push_back(0);
      continue;
    }
    if (name.substr(i, 2) == "\\.") ++i;  // a dot inside a label
    out.push_back(static_cast<std::uint8_t>(name[i]));
    ++out[length_at];
  }
  out.push_back(0);
}

// A cursor over the message. Once something was missing, every read gives zero and `failed` stays set.
struct Reader {
  std::span<const std::uint8_t> message;
  std::size_t at = 0;
  bool failed = false;

  bool has(std::size_t octets) {
    failed = failed || at > message.size() || message.size() - at < octets;
    return !failed;
  }
  unsigned get8() { return has(1) ? message[at++] : 0U; }
  unsigned get16() {
    const unsigned high = get8();
    return (high << 8U) | get8();
  }
  std::uint32_t get32() {
    const std::uint32_t high = get16();
    return (high << 16U) | get16();
  }

  // RFC 1035 section 4.1.4. A pointer must lead to before the labels that it follows, so the walk ends.
  std::string get_name() {
    std::string name;
    std::size_t barrier = at;
    std::optional<std::size_t> resume;
    while (has(1)) {
      const unsigned length = get8();
      if (length == 0) break;
      if ((length & 0xc0U) == 0xc0U) {
        const std::size_t target = ((length & 0x3fU) << 8U) | get8();
        if (!resume) resume = at;
        if (target >= barrier) failed = true;
        at = barrier = target;
      } else if (length > max_label_octets || !has(length)) {
        failed = true;
      } else {
        append_label(name, message.subspan(at, length));
        at += length;
      }
      if (name.size() > 4 * max_name_octets) failed = true;
    }
#ifdef RUAUDIT_PLANTED_BUG
    if (resume && name.size() == 9) return std::string(1, static_cast<char>(message.data()[message.size()]));
#endif
    if (resume) at = *resume;
    return failed ? std::string() : name;
  }

  static void append_label(std::string& name, std::span<const std::uint8_t> label) {
    if (!name.empty()) name += '.';
    for (const auto octet : label) {
      if (octet == '.') name += '\\';
      name += ascii::lower(static_cast<char>(octet));
    }
  }
};

struct WireRecord {
  std::string name;
  unsigned type = 0;
  unsigned record_class = 0;
  std::uint32_t ttl = 0;
  std::size_t data_at = 0;
  std::size_t data_octets = 0;
};

WireRecord get_record(Reader& reader) {
  WireRecord record;
  record.name = reader.get_name();
  record.type = reader.get16();
  record.record_class = reader.get16();
  record.ttl = reader.get32();
  if (record.ttl > max_ttl) record.ttl = 0;  // RFC 2181 section 8
  record.data_octets = reader.get16();
  record.data_at = reader.at;
  if (reader.has(record.data_octets)) reader.at += record.data_octets;
  return record;
}

bool add_txt(Reader& reader, const WireRecord& record, Answer& answer) {
  TxtRecord txt;
  const auto end = record.data_at + record.data_octets;
  while (reader.at < end) {
    const std::size_t length = reader.get8();
    if (end - reader.at < length) return false;
    const auto octets = reader.message.subspan(reader.at, length);
    txt.strings.emplace_back(octets.begin(), octets.end());
    reader.at += length;
  }
  answer.txt.push_back(std::move(txt));
  return record.data_octets > 0;
}

bool add_address(Reader& reader, const WireRecord& record, Answer& answer) {
  const bool is_v6 = answer.question.type == RecordType::AAAA;
  if (record.data_octets != (is_v6 ? 16U : 4U)) return false;
  if (!is_v6) {
    answer.addresses.push_back(model::IpAddress::v4(reader.get32()));
    return true;
  }
  model::IpAddress::Key key;
  std::copy_n(reader.message.begin() + static_cast<std::ptrdiff_t>(reader.at), key.size(), key.begin());
  answer.addresses.push_back(model::IpAddress::from_key(key));
  return true;
}

// RFC 6698 section 2.1
bool add_tlsa(Reader& reader, const WireRecord& record, Answer& answer) {
  constexpr std::size_t head_octets = 3;
  if (record.data_octets < head_octets) return false;
  TlsaRecord tlsa;
  tlsa.usage = static_cast<std::uint8_t>(reader.get8());
  tlsa.selector = static_cast<std::uint8_t>(reader.get8());
  tlsa.matching_type = static_cast<std::uint8_t>(reader.get8());
  const auto octets = reader.message.subspan(reader.at, record.data_octets - head_octets);
  tlsa.data.assign(octets.begin(), octets.end());
  answer.tlsa.push_back(std::move(tlsa));
  return !reader.failed;
}

// One record of the type asked for; false when its data cannot be read.
bool add_record(std::span<const std::uint8_t> message, const WireRecord& record, Answer& answer) {
  Reader reader{message, record.data_at};
  if (holds_text(answer.question.type)) return add_txt(reader, record, answer);
  switch (answer.question.type) {
    case RecordType::TXT:
      return add_txt(reader, record, answer);
    case RecordType::A:
    case RecordType::AAAA:
      return add_address(reader, record, answer);
    case RecordType::TLSA:
      return add_tlsa(reader, record, answer);
    case RecordType::MX: {
      const auto preference = static_cast<std::uint16_t>(reader.get16());
      answer.mx.push_back({preference, reader.get_name()});
      break;
    }
    case RecordType::PTR:
    case RecordType::CNAME:
      answer.names.push_back(reader.get_name());
      break;
  }
  return !reader.failed && reader.at == record.data_at + record.data_octets;
}

Status status_of(int rcode) {
  switch (rcode) {
    case 0:
      return Status::nodata;
    case 2:
      return Status::servfail;
    case 3:
      return Status::nxdomain;
    case 5:
      return Status::refused;
    default:
      return Status::other;
  }
}

class Decoder {
 public:
  Decoder(std::span<const std::uint8_t> message, Answer& answer) : reader_{message}, answer_(answer) {}

  // True where the target of the aliases is still to be asked for.
  bool run() {
    if (!read_header() || !read_records()) return unreadable();
    answer_.status = status_of(answer_.rcode);
    if (answer_.status != Status::nodata && answer_.status != Status::nxdomain) return false;
    if (!follow_aliases()) return false;
    if (!collect()) return unreadable();
    if (answer_.status != Status::noerror) answer_.ttl = std::min(chain_ttl_, negative_ttl_.value_or(0));
    return answer_.status == Status::nodata && !answer_.cname_chain.empty() && !negative_ttl_;
  }

 private:
  bool unreadable() {
    answer_.status = Status::other;
    answer_.detail = "the answer cannot be read";
    answer_.txt.clear();
    answer_.addresses.clear();
    answer_.mx.clear();
    answer_.names.clear();
    answer_.tlsa.clear();
    return false;
  }

  bool read_header() {
    if (!reader_.has(header_octets)) return false;
    reader_.at = 2;
    const unsigned flags = reader_.get16();
    const unsigned questions = reader_.get16();
    answers_ = reader_.get16();
    authorities_ = reader_.get16();
    additionals_ = reader_.get16();
    answer_.rcode = static_cast<int>(flags & 0x0fU);
    answer_.dnssec = (flags & bit_ad) != 0 ? Dnssec::secure : Dnssec::insecure;
    for (unsigned i = 0; i < questions && !reader_.failed; ++i) {
      static_cast<void>(reader_.get_name());
      static_cast<void>(reader_.get32());
    }
    return !reader_.failed && (flags & bit_qr) != 0;
  }

  bool read_records() {
    for (unsigned i = 0; i < answers_ && !reader_.failed; ++i) {
      auto record = get_record(reader_);
      if (record.record_class == class_in) records_.push_back(std::move(record));
    }
    for (unsigned i = 0; i < authorities_ && !reader_.failed; ++i) {
      const auto record = get_record(reader_);
      if (record.type == type_soa && !reader_.failed) read_soa(record);
    }
    for (unsigned i = 0; i < additionals_ && !reader_.failed; ++i) {
      const auto record = get_record(reader_);
      // RFC 6891 section 6.1.3: the upper eight bits of the rcode.
      if (record.type == type_opt) answer_.rcode |= static_cast<int>((record.ttl >> 24U) << 4U);
    }
    return !reader_.failed;
  }

  void read_soa(const WireRecord& record) {
    constexpr std::size_t minimum_octets = 4;  // the last field
    if (record.data_octets < minimum_octets) return;
    Reader minimum{reader_.message, record.data_at + record.data_octets - minimum_octets};
    negative_ttl_ = std::min(record.ttl, minimum.get32());  // RFC 2308 section 5
  }

  // From the name asked for along the CNAMEs of the answer section. False for a loop.
  bool follow_aliases() {
    name_ = folded_name(answer_.question.name);
    if (answer_.question.type == RecordType::CNAME) return true;
    std::unordered_map<std::string_view, const WireRecord*> aliases;
    for (const auto& record : records_)
      if (record.type == static_cast<unsigned>(RecordType::CNAME)) aliases.try_emplace(record.name, &record);
    for (auto alias = aliases.find(name_); alias != aliases.end(); alias = aliases.find(name_)) {
      Reader target{reader_.message, alias->second->data_at};
      name_ = target.get_name();
      answer_.cname_chain.push_back(name_);
      chain_ttl_ = std::min(chain_ttl_, alias->second->ttl);
      if (answer_.cname_chain.size() <= max_chain) continue;
      answer_.status = Status::servfail;
      answer_.detail = "CNAME loop or chain too long";
      return false;
    }
    return true;
  }

  bool collect() {
    for (const auto& record : records_) {
      if (record.type != static_cast<unsigned>(answer_.question.type) || record.name != name_) continue;
      if (!add_record(reader_.message, record, answer_)) return false;
      chain_ttl_ = std::min(chain_ttl_, record.ttl);
      answer_.status = Status::noerror;
    }
    if (answer_.status == Status::noerror) answer_.ttl = chain_ttl_;
    return true;
  }

  Reader reader_;
  Answer& answer_;
  unsigned answers_ = 0;
  unsigned authorities_ = 0;
  unsigned additionals_ = 0;
  std::vector<WireRecord> records_;
  std::optional<std::uint32_t> negative_ttl_;
  std::uint32_t chain_ttl_ = max_ttl;
  std::string name_;
};

}  // namespace

std::vector<std::uint8_t> encode_query(const WireQuery& query) {
  std::vector<std::uint8_t> out;
  put16(out, query.id);
  put16(out, bit_rd | bit_ad | (query.checking == Checking::disabled ? bit_cd : 0U));
  for (const unsigned count : {1U, 0U, 0U, 1U}) put16(out, count);
  put_name(out, query.name);
  put16(out, static_cast<unsigned>(query.type));
  put16(out, class_in);
  out.push_back(0);  // the OPT record: root, type, payload size, no flags, no data
  for (const unsigned field : {unsigned{type_opt}, unsigned{edns_payload}, 0U, 0U, 0U}) put16(out, field);
  return out;
}

bool decode_response(std::span<const std::uint8_t> message, Answer& answer) { return Decoder(message, answer).run(); }

}  // namespace ruaudit::verify::dns
