// A maildir that others deliver into and read at the same time. A message is named by its file's base name: what stands
// before ":2," stays when a reader moves it from new/ to cur/ or changes its flags, so a file that is not where it was
// is looked for again. Every change is one rename, which either happens or does not; tmp/ is never touched. In: base
// names. Out: octets. Memory: one name per message. Errors: "mailbox-folder-missing" (no maildir),
// "mailbox-message-gone", "mailbox-action" (a rename or unlink was refused), "unreadable".
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ingest/bytes.hpp"
#include "model/result.hpp"

namespace ruaudit::ingest::mailbox {

struct MaildirMail {
  Bytes octets;
  std::int64_t modified = 0;  // epoch seconds
};

class Maildir {
 public:
  static model::Result<Maildir> open(std::string path);
  [[nodiscard]] const std::string& path() const { return path_; }

  // The base names of all messages, ascending: delivery agents begin names with the time. Of two with one base name,
  // the one in new/ is named "new/NAME". Looks again.
  model::Result<std::vector<std::string>> list();
  // Time of the file; nothing when it is gone.
  std::optional<std::int64_t> modified(const std::string& name);
  // Files larger than read_octets are mapped.
  model::Result<MaildirMail> read(const std::string& name, std::uint64_t read_octets);

  // Into cur/ with the flag letter added to those it has.
  model::Result<void> flag(const std::string& name, char letter);
  // Into cur/ of another maildir on the same file system, flagged as seen; that maildir is made where it is missing.
  model::Result<void> move(const std::string& name, const std::string& other_path);
  model::Result<void> remove(const std::string& name);

  // "Archive/2026" -> ".Archive.2026" below this maildir (Maildir++); an absolute path stays.
  [[nodiscard]] std::string folder_path(std::string_view folder) const;

 private:
  explicit Maildir(std::string path) : path_(std::move(path)) {}
  model::Result<void> look();
  void add(const std::string& name, std::string_view suffix);
  // Path below the maildir, "cur/NAME:2,S"; nothing when the message is gone.
  std::optional<std::string> place_of(const std::string& name, bool look_again);
  model::Result<void> rename_to(const std::string& name, std::string_view new_folder, char letter);

  std::string path_;
  // Base name -> what follows it in cur/ (":2,S"), or "new" for one in new/.
  std::unordered_map<std::string, std::string> suffixes_;
};

}  // namespace ruaudit::ingest::mailbox
