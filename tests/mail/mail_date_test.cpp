#include "mail/mail_date.hpp"

#include <catch2/catch.hpp>

using ruaudit::model::parse_mail_date;

TEST_CASE("dates of RFC 5322 and its obsolete forms") {
  struct Case {
    const char* text;
    std::int64_t want;
  };
  for (const auto& c :
       {Case{"Fri, 21 Nov 1997 09:55:06 -0600", 880127706}, Case{"21 Nov 97 09:55:06 GMT", 880106106},
        Case{"Thu, 01 Jan 1970 00:00:00 +0000", 0}, Case{"1 Jan 1970 00:00", 0},
        Case{" Mon,  7 Apr 2025\r\n 23:16:08 +0200 (CEST)", 1744060568}, Case{"29 Feb 2024 23:59:60 Z", 1709251199},
        Case{"Fri, 28 Sep 2018 08:48:36.716 +0000 (UTC)", 1538124516}, Case{"1 Oct 2018 11:20:27 EDT", 1538407227},
        Case{"1 Oct 2018 11:20:27 NEVER", 1538392827}, Case{"Fri, 13 Feb 109 23:31:30 +0000", 1234567890},
        Case{"Fri(day),(a(b))13 February 2009 23:31:30 +00:00", 1234567890}, Case{"31 Dec 1969 23:59:59 +0000", -1}}) {
    CAPTURE(c.text);
    CHECK(parse_mail_date(c.text) == c.want);
  }
}

TEST_CASE("dates that other writers use") {
  for (const char* text :
       {"2026-01-01T10:00:00Z", "2026-01-01t11:00:00.25+01:00", "2026-01-01 10:00:00", "2026-01-01 10:00:00 +0000",
        "2026-01-01 05:00 -0500", "1-Jan-2026 10:00:00 GMT", "Thu, 01-Jan-26 05:00:00 EST", "Thu Jan  1 10:00:00 2026",
        "Thu Jan  1 10:00:00 UTC 2026", "Thu Jan 1 11:00:00 2026 +0100", "Jan 1 2026 10:00:00"}) {
    CAPTURE(text);
    const bool is_unknown = std::string(text) == "Jan 1 2026 10:00:00";
    CHECK(parse_mail_date(text) == (is_unknown ? std::nullopt : std::optional<std::int64_t>(1767261600)));
  }
}

TEST_CASE("what is no date gives nothing") {
  for (const char* text : {"",
                           "Mon",
                           "Mon, 7 Apr 2025",
                           "31 Feb 2024 00:00 +0000",
                           "29 Feb 2023 00:00:00 +0000",
                           "7 Foo 2025 00:00:00 +0000",
                           "7 Apr 2025 24:00:00 +0000",
                           "7 Apr 2025 23:60:00 +0000",
                           "7 Apr 2025 23:00:61 +0000",
                           "7 Apr 20255 23:00:00 +0000",
                           "7 Apr 2025 230000 +0000",
                           "7 Apr 2025 23:00:00 +0060",
                           "7 Apr 2025 23:00:00 +1",
                           "777 Apr 2025 23:00:00 +0000",
                           "2026-13-01T10:00:00Z",
                           "2026-00-01 10:00:00",
                           "2026-01-32T10:00:00Z",
                           "2026-01-01",
                           "2026-01-01T",
                           "2026-01 10:00:00",
                           "--",
                           "1-2-2026 10:00:00",
                           "Thu Jan 1 10:00:00",
                           "Jan Jan 10:00:00 2026",
                           "20260101T100000Z",
                           "2026-01-01T10:00:00+1"}) {
    CAPTURE(text);
    CHECK(parse_mail_date(text) == std::nullopt);
  }
}
