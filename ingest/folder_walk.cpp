#include "ingest/folder_walk.hpp"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>

namespace ruaudit::ingest {

namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};
using FolderHandle = std::unique_ptr<DIR, CloseFolder>;

model::Error system_error(std::string code, const char* what) {
  return {std::move(code), std::string(what) + ": " + std::strerror(errno), "check that it exists and is readable"};
}

std::string joined(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + '/' + std::string(name);
}

}  // namespace

FolderWalk::FolderWalk(std::string root, const SourceLimits& limits) : root_(std::move(root)), limits_(limits) {
  root_error_ = enter("", false);
}

std::optional<model::Error> FolderWalk::enter(const std::string& path, bool in_maildir) {
  if (stack_.size() >= limits_.folder_depth)
    return model::Error{"folder-too-deep", "folders nest deeper than " + std::to_string(limits_.folder_depth),
                        "name an inner folder as the source"};
  const FolderHandle folder(::opendir(joined(root_, path).c_str()));
  struct stat about {};
  if (folder == nullptr || ::fstat(::dirfd(folder.get()), &about) != 0)
    return system_error("unreadable", "cannot read the folder");
  if (!seen_.emplace(about.st_dev, about.st_ino).second)
    return model::Error{"folder-loop", "a link leads to a folder that was already read", "nothing is lost"};
  Frame frame;
  frame.path = path;
  frame.in_maildir = in_maildir;
  while (const auto* entry = ::readdir(folder.get())) {  // NOLINT(concurrency-mt-unsafe)
    const std::string_view name(entry->d_name);
    if (name == "." || name == ".." || (in_maildir && name.front() == '.')) continue;
    const auto type = entry->d_type == DT_REG   ? EntryType::file
                      : entry->d_type == DT_DIR ? EntryType::folder
                                                : EntryType::unknown;
    frame.entries.push_back({frame.names.size(), type});
    frame.names.append(name).push_back('\0');
  }
  std::sort(frame.entries.begin(), frame.entries.end(), [&](const Entry& a, const Entry& b) {
    return std::strcmp(frame.names.data() + a.name, frame.names.data() + b.name) < 0;
  });
  order_maildir(frame);
  known_ += frame.entries.size();
  stack_.push_back(std::move(frame));
  return std::nullopt;
}

// new/ first, then cur/, then other folders; tmp/ holds unfinished deliveries, plain files are the server's indexes.
void FolderWalk::order_maildir(Frame& frame) {
  const auto name = [&](const Entry& entry) { return std::string_view(frame.names.data() + entry.name); };
  const auto rank = [&](const Entry& entry) { return name(entry) == "new" ? 0 : name(entry) == "cur" ? 1 : 2; };
  const auto special = std::count_if(frame.entries.begin(), frame.entries.end(), [&](const Entry& entry) {
    return rank(entry) < 2 && entry.type != EntryType::file;
  });
  if (special != 2) return;
  std::erase_if(frame.entries,
                [&](const Entry& entry) { return entry.type == EntryType::file || name(entry) == "tmp"; });
  std::stable_sort(frame.entries.begin(), frame.entries.end(),
                   [&](const Entry& a, const Entry& b) { return rank(a) < rank(b); });
}

// The file at path, or nothing when it was a folder that has now been entered.
std::optional<FoundFile> FolderWalk::visit(std::string path, EntryType type, bool in_maildir, const std::string& name) {
  if (type == EntryType::unknown) {
    struct stat about {};
    if (::stat(joined(root_, path).c_str(), &about) != 0)
      return FoundFile{std::move(path), in_maildir, system_error("unreadable", "cannot follow")};
    if (!S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode))
      return FoundFile{std::move(path), in_maildir,
                       model::Error{"not-a-file", "a socket, pipe or device is not read", "remove it from the folder"}};
    type = S_ISDIR(about.st_mode) ? EntryType::folder : EntryType::file;
  }
  if (type == EntryType::file) return FoundFile{std::move(path), in_maildir, std::nullopt};
  if (auto error = enter(path, name == "new" || name == "cur"))
    return FoundFile{std::move(path), false, std::move(error)};
  return std::nullopt;
}

std::optional<FoundFile> FolderWalk::next() {
  if (root_error_) return FoundFile{"", false, *std::exchange(root_error_, std::nullopt)};
  while (!stack_.empty()) {
    auto& frame = stack_.back();
    if (frame.at == frame.entries.size()) {
      stack_.pop_back();
      continue;
    }
    const auto entry = frame.entries[frame.at++];
    ++done_;
    const std::string name(frame.names.data() + entry.name);
    if (auto found = visit(joined(frame.path, name), entry.type, frame.in_maildir, name)) return found;
  }
  return std::nullopt;
}

}  // namespace ruaudit::ingest
