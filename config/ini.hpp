// The text of a configuration file: sections of keys and values, in a dialect of INI that never cuts a value silently.
//   [general]            a section by kind alone
//   [mailbox NAME]       a section by kind and name
//   key = value          '-' in a key reads as '_'; white space around key and value is not part of them
// A line whose first visible character is '#' or ';' is a comment; after a value '#' or ';' begins one only after white
// space and outside quotes. A value, or an item of a list, that begins with a quote is quoted: in "..." \" means " and
// \\ means \, and no other backslash is allowed; in '...' every character stands for itself. Anything after the closing
// quote is an error. Items of a list are separated by commas. Text is UTF-8, lines end in LF or CRLF, a byte order mark
// is skipped. Limits: IniLimits. Errors have code "config" and name the line.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace ruaudit::config {

struct IniEntry {
  std::string key;
  std::string value;  // without its comment, quotes still in it: read by scalar_value() or list_value()
  std::size_t line = 0;
  bool operator==(const IniEntry&) const = default;
};

struct IniSection {
  std::string kind;
  std::string name;  // empty for a section by kind alone
  std::size_t line = 0;
  std::vector<IniEntry> entries;
  bool operator==(const IniSection&) const = default;
};

struct IniLimits {
  std::size_t octets = 1U << 20U;
  std::size_t line_octets = 16U << 10U;
  std::size_t sections = 1000;
  std::size_t entries = 200;  // of one section
  std::size_t items = 1000;   // of one list
};

// Refuses keys before the first section, a section or a key given twice, and values that are empty.
model::Result<std::vector<IniSection>> parse_ini(std::string_view text, const IniLimits& limits = {});

// A value of one text, and of several: quotes taken off.
model::Result<std::string> scalar_value(std::string_view value);
model::Result<std::vector<std::string>> list_value(std::string_view value, const IniLimits& limits = {});

// The value written so that scalar_value() gives `text` again, also as an item of a list.
std::string quoted_where_needed(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace ruaudit::config
