#include "ingest/mailbox/maildir.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace ruaudit::ingest::mailbox {
namespace {

constexpr std::string_view in_new = "new";
constexpr std::string_view flags_mark = ":2,";
constexpr std::string_view twin_mark = "new/";

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

std::string system_text() { return std::strerror(errno); }  // NOLINT(concurrency-mt-unsafe)

bool is_folder(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

model::Error deed_error(const std::string& what, const std::string& path) {
  return {"mailbox-action", "cannot " + what + " " + path + ": " + system_text(),
          "check who owns the maildir and its permissions"};
}

model::Error gone(const std::string& name) {
  return {"mailbox-message-gone", "message " + name + " no longer exists", {}};
}

// Flags are letters in ASCII order, each once.
std::string with_flag(std::string_view suffix, char letter) {
  std::string flags(suffix == in_new ? std::string_view() : suffix.substr(flags_mark.size()));
  if (flags.find(letter) == std::string::npos) flags += letter;
  std::sort(flags.begin(), flags.end());
  return std::string(flags_mark) + flags;
}

model::Result<void> make_maildir(const std::string& path) {
  for (const char* part : {"", "/cur", "/new", "/tmp"})
    if (::mkdir((path + part).c_str(), 0700) != 0 && errno != EEXIST)
      return model::failure(deed_error("make", path + part));
  return {};
}

bool may_be_mail(const dirent& entry) {
  return entry.d_type == DT_REG || entry.d_type == DT_LNK || entry.d_type == DT_UNKNOWN;
}

// "new/NAME" names a mail in new/ while another one in cur/ has the same base name.
bool is_twin(std::string_view name) { return name.starts_with(twin_mark); }
std::string base_name(const std::string& name) { return is_twin(name) ? name.substr(twin_mark.size()) : name; }

// Whoever can write to a maildir must not be able to have other users' files read: a link leads to a file of the
// maildir's owner or nowhere.
bool is_foreign_link(const std::string& path, const struct stat& file, const std::string& maildir) {
  struct stat link {
  }, folder{};
  if (::lstat(path.c_str(), &link) != 0 || !S_ISLNK(link.st_mode)) return false;
  return ::stat(maildir.c_str(), &folder) != 0 || folder.st_uid != file.st_uid;
}

bool is_one_file(const std::string& a, const std::string& b) {
  struct stat one {
  }, other{};
  return ::stat(a.c_str(), &one) == 0 && ::stat(b.c_str(), &other) == 0 && one.st_dev == other.st_dev &&
         one.st_ino == other.st_ino;
}

// A message that has the same base name there is never overwritten. Where a kill came between link and unlink, both
// names are of one file.
model::Result<void> rename_new(const std::string& from, const std::string& to) {
  int code = ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
  if (code != 0 && (errno == EINVAL || errno == ENOSYS)) {
    code = ::link(from.c_str(), to.c_str());  // file systems without RENAME_NOREPLACE
    if (code == 0) code = ::unlink(from.c_str());
  }
  if (code != 0 && errno == EEXIST && is_one_file(from, to)) code = ::unlink(from.c_str());
  if (code == 0) return {};
  if (errno == ENOENT) return model::failure(gone(from));
  return model::failure(deed_error("move", from + " to " + to));
}

}  // namespace

model::Result<Maildir> Maildir::open(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  if (!is_folder(path + "/cur") || !is_folder(path + "/new"))
    return model::failure("mailbox-folder-missing", path + " is not a maildir: it has no cur and new",
                          "check path of this mailbox");
  return Maildir(std::move(path));
}

std::string Maildir::folder_path(std::string_view folder) const {
  if (folder.starts_with('/')) return std::string(folder);
  std::string name(folder);
  std::replace(name.begin(), name.end(), '/', '.');
  return path_ + "/" + (name.starts_with('.') ? "" : ".") + name;
}

// cur/ after new/: a message that is moved in between is seen at its new place, never missed.
model::Result<void> Maildir::look() {
  suffixes_.clear();
  for (const char* folder : {"new", "cur"}) {
    const std::unique_ptr<DIR, CloseFolder> open(::opendir((path_ + "/" + folder).c_str()));
    if (!open)
      return model::failure("unreadable", "cannot list " + path_ + "/" + folder + ": " + system_text(),
                            "check the permissions of the maildir");
    while (const dirent* entry = ::readdir(open.get())) {  // NOLINT(concurrency-mt-unsafe)
      const std::string_view name = entry->d_name;
      if (name.starts_with('.') || !may_be_mail(*entry)) continue;
      const std::size_t end = std::min(name.find(flags_mark), name.size());
      const std::string_view rest = name.substr(end);
      add(std::string(name.substr(0, end)), *folder == 'n' ? in_new : rest.empty() ? std::string_view("") : rest);
    }
  }
  return {};
}

// One mail that is being moved just now is seen twice; two mails that were named alike are two.
void Maildir::add(const std::string& name, std::string_view suffix) {
  const auto known = suffixes_.find(name);
  const bool is_in_both = known != suffixes_.end() && known->second == in_new && suffix != in_new;
  const std::string unread = path_ + "/new/" + name;
  if (is_in_both && ::access(unread.c_str(), F_OK) == 0 &&
      !is_one_file(unread, path_ + "/cur/" + name + std::string(suffix)))
    suffixes_.insert_or_assign(std::string(twin_mark) + name, std::string(in_new));
  suffixes_.insert_or_assign(name, std::string(suffix));
}

model::Result<std::vector<std::string>> Maildir::list() {
  TRY_VOID(look());
  std::vector<std::string> names;
  names.reserve(suffixes_.size());
  for (const auto& [name, suffix] : suffixes_) names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::string> Maildir::place_of(const std::string& name, bool look_again) {
  if (look_again && !look()) return std::nullopt;
  const auto known = suffixes_.find(name);
  if (known == suffixes_.end()) return look_again ? std::nullopt : place_of(name, true);
  const std::string place = is_twin(name)             ? name
                            : known->second == in_new ? "new/" + name
                                                      : "cur/" + name + known->second;
  if (look_again || ::access((path_ + "/" + place).c_str(), F_OK) == 0) return place;
  return place_of(name, true);
}

std::optional<std::int64_t> Maildir::modified(const std::string& name) {
  const auto place = place_of(name, false);
  struct stat status {};
  if (!place || ::stat((path_ + "/" + *place).c_str(), &status) != 0) return std::nullopt;
  return static_cast<std::int64_t>(status.st_mtime);
}

model::Result<MaildirMail> Maildir::read(const std::string& name, std::uint64_t read_octets) {
  for (const bool look_again : {false, true}) {
    const auto place = place_of(name, look_again);
    if (!place) return model::failure(gone(name));
    const std::string path = path_ + "/" + *place;
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    struct stat status {};
    if (file.number() < 0 && errno == ENOENT) {
      if (::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode))
        return model::failure("unreadable", path + " is a link to a file that is not there",
                              "remove it, or put the mail itself there");
      continue;
    }
    if (file.number() < 0 || ::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode))
      return model::failure("unreadable", "cannot read " + path + ": " + system_text(),
                            "check the permissions of the file");
    if (is_foreign_link(path, status, path_))
      return model::failure("unreadable", path + " is a link to a file of another user, which is not read",
                            "put the mail itself there");
    TRY(auto octets, Bytes::from_file(file.number(), static_cast<std::uint64_t>(status.st_size), read_octets));
    return MaildirMail{std::move(octets), static_cast<std::int64_t>(status.st_mtime)};
  }
  return model::failure(gone(name));
}

model::Result<void> Maildir::rename_to(const std::string& name, std::string_view new_folder, char letter) {
  for (const bool look_again : {false, true}) {
    const auto place = place_of(name, look_again);
    if (!place) return model::failure(gone(name));
    const std::string suffix = with_flag(suffixes_.at(name).empty() ? flags_mark : suffixes_.at(name), letter);
    std::string target(new_folder);
    target.append("/cur/").append(base_name(name)).append(is_twin(name) ? ".2" : "").append(suffix);
    if (target == path_ + "/" + *place) return {};  // has the flag already
    auto done = rename_new(path_ + "/" + *place, target);
    if (!done && done.error().code == "mailbox-message-gone" && !look_again) continue;
    if (!done) return done;
    if (new_folder == path_)
      suffixes_.insert_or_assign(name, suffix);
    else
      suffixes_.erase(name);
    return {};
  }
  return model::failure(gone(name));
}

model::Result<void> Maildir::flag(const std::string& name, char letter) { return rename_to(name, path_, letter); }

model::Result<void> Maildir::move(const std::string& name, const std::string& other_path) {
  TRY_VOID(make_maildir(other_path));
  return rename_to(name, other_path, 'S');
}

model::Result<void> Maildir::remove(const std::string& name) {
  for (const bool look_again : {false, true}) {
    const auto place = place_of(name, look_again);
    if (!place) return model::failure(gone(name));
    if (::unlink((path_ + "/" + *place).c_str()) == 0) {
      suffixes_.erase(name);
      return {};
    }
    if (errno != ENOENT) return model::failure(deed_error("delete", path_ + "/" + *place));
  }
  return model::failure(gone(name));
}

}  // namespace ruaudit::ingest::mailbox
