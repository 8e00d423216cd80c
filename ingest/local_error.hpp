// Errors that lie with this machine, not with what is read: a full disk, too many open files, no memory. What met one
// stays unknown and is read another time.
#pragma once
#include <cerrno>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace ruaudit::ingest {

// Codes "spool" (ingest/bytes.hpp) and "machine".
inline bool is_local_error(const model::Error& error) { return error.code == "spool" || error.code == "machine"; }

// Errors of an entry whose octets were never read: it stays unread until its owner does something about it.
inline constexpr std::string_view unread_codes[] = {"unreadable", "file-too-large", "folder-too-deep"};

// The code for a file that cannot be opened, read or mapped: "unreadable", or "machine".
inline std::string unreadable_code(int number) {
  for (const int local : {EMFILE, ENFILE, ENOMEM, ENOSPC, EDQUOT, EIO, EINTR, EAGAIN})
    if (number == local) return "machine";
  return "unreadable";
}

}  // namespace ruaudit::ingest
