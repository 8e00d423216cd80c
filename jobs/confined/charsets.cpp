#include "jobs/confined/charsets.hpp"

#include <iconv.h>

#include <array>

namespace ruaudit::jobs {

void open_charsets() {
  constexpr std::array names = {
      "ISO-8859-1",  "ISO-8859-2",  "ISO-8859-3",    "ISO-8859-4",  "ISO-8859-5",   "ISO-8859-6",  "ISO-8859-7",
      "ISO-8859-8",  "ISO-8859-9",  "ISO-8859-10",   "ISO-8859-11", "ISO-8859-13",  "ISO-8859-14", "ISO-8859-15",
      "ISO-8859-16", "CP1250",      "CP1251",        "CP1252",      "CP1253",       "CP1254",      "CP1255",
      "CP1256",      "CP1257",      "CP1258",        "CP874",       "KOI8-R",       "KOI8-U",      "KOI8-T",
      "CP437",       "CP737",       "CP775",         "CP850",       "CP852",        "CP855",       "CP857",
      "CP858",       "CP860",       "CP861",         "CP862",       "CP863",        "CP864",       "CP865",
      "CP866",       "CP869",       "TIS-620",       "MACINTOSH",   "MAC-CYRILLIC", "GB2312",      "GBK",
      "GB18030",     "HZ",          "BIG5",          "BIG5-HKSCS",  "EUC-TW",       "CP932",       "SHIFT_JIS",
      "EUC-JP",      "ISO-2022-JP", "ISO-2022-JP-2", "EUC-KR",      "CP949",        "ISO-2022-KR", "ISO-2022-CN",
      "JOHAB",       "TCVN",        "VISCII",        "ARMSCII-8",   "GEORGIAN-PS",  "UTF-7",       "UTF-16",
      "UTF-16LE",    "UTF-16BE",    "UTF-32",        "UCS-2",       "US-ASCII",     "IBM037",      "IBM500"};
  for (const char* name : names) static_cast<void>(::iconv_open("UTF-8", name));  // kept open on purpose
}

}  // namespace ruaudit::jobs
