#include "ingest/source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <vector>

#include "ingest/folder_walk.hpp"
#include "ingest/gunzip.hpp"
#include "ingest/local_error.hpp"
#include "ingest/mbox.hpp"

namespace ruaudit::ingest {

namespace {

class FileHandle {
 public:
  explicit FileHandle(int fd) : fd_(fd) {}
  FileHandle(const FileHandle&) = delete;
  FileHandle& operator=(const FileHandle&) = delete;
  FileHandle(FileHandle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileHandle& operator=(FileHandle&&) = delete;
  ~FileHandle() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

struct Loaded {
  Bytes bytes;
  std::int64_t modified = 0;
};

model::Error too_large(std::uint64_t limit) {
  return {"file-too-large", "larger than " + std::to_string(limit) + " octets",
          "raise the file limit or split the file"};
}

// A stream of unknown length, to its end.
model::Result<Loaded> read_stream(int fd, const SourceLimits& limits) {
  Spool spool(limits.heap_bytes, limits.spool_folder);
  std::vector<char> block(256UL * 1024);
  while (true) {
    const auto got = ::read(fd, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return model::failure(unreadable_code(errno), std::string("cannot read: ") + std::strerror(errno));
    if (got == 0) break;
    if (spool.size() + static_cast<std::uint64_t>(got) > limits.file_bytes)
      return model::failure(too_large(limits.file_bytes));
    TRY_VOID(spool.append({block.data(), static_cast<std::size_t>(got)}));
  }
  TRY(auto bytes, spool.take());
  return Loaded{std::move(bytes), 0};
}

model::Result<Loaded> read_regular(int fd, const SourceLimits& limits) {
  struct stat about {};
  if (::fstat(fd, &about) != 0)
    return model::failure(unreadable_code(errno), std::string("cannot read: ") + std::strerror(errno));
  if (!S_ISREG(about.st_mode))
    return model::failure("not-a-file", "a socket, pipe or device is not read", "remove it from the folder");
  const auto size = static_cast<std::uint64_t>(about.st_size);
  if (size > limits.file_bytes) return model::failure(too_large(limits.file_bytes));
  TRY(auto bytes, Bytes::from_file(fd, size, limits.read_bytes));
  return Loaded{std::move(bytes), about.st_mtim.tv_sec};
}

// A file that is open, or why it is not.
struct OpenedFile {
  explicit OpenedFile(const std::string& path)
      : handle(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)),
        error(handle.get() < 0 ? errno : 0) {}
  FileHandle handle;
  int error;
};

model::Result<Loaded> read_file(const OpenedFile& file, const SourceLimits& limits) {
  if (file.error != 0)
    return model::failure(unreadable_code(file.error), std::string("cannot open: ") + std::strerror(file.error),
                          "check that it exists and is readable");
  return read_regular(file.handle.get(), limits);
}

constexpr std::size_t files_ahead = 64;
constexpr off_t octets_ahead = off_t{1024} * 1024;  // of each: the system reads on by itself in the few that are larger

// The files of a folder, opened some time before they are read, so that the disk fetches many while one is worked on.
class FilesAhead {
 public:
  struct Entry {
    FoundFile found;
    std::optional<OpenedFile> file;  // nothing: found.error says why
    std::uint64_t done;              // entries of the walk up to this one
  };
  FilesAhead(const std::string& root, const SourceLimits& limits) : root_(root), walk_(root, limits) {}

  std::optional<Entry> next() {
    while (entries_.size() < files_ahead && !is_at_end_) look_ahead();
    if (entries_.empty()) return std::nullopt;
    Entry entry = std::move(entries_.front());
    entries_.pop_front();
    done_ = entry.done;
    return entry;
  }
  [[nodiscard]] std::uint64_t done() const { return is_at_end_ && entries_.empty() ? walk_.done() : done_; }
  [[nodiscard]] std::uint64_t known() const { return walk_.known(); }

 private:
  void look_ahead() {
    auto found = walk_.next();
    is_at_end_ = !found;
    if (!found) return;
    Entry entry{*std::move(found), std::nullopt, walk_.done()};
    if (!entry.found.error) {
      entry.file.emplace(root_ + '/' + entry.found.path);
      // What is no file is refused where it is read; that no advice can be had is no error.
      if (entry.file->error == 0) ::posix_fadvise(entry.file->handle.get(), 0, octets_ahead, POSIX_FADV_WILLNEED);
    }
    entries_.push_back(std::move(entry));
  }

  std::string root_;
  FolderWalk walk_;
  std::deque<Entry> entries_;
  std::uint64_t done_ = 0;
  bool is_at_end_ = false;
};

class SpoolReceiver : public OctetReceiver {
 public:
  explicit SpoolReceiver(const SourceLimits& limits)
      : limits_(limits), spool_(limits.heap_bytes, limits.spool_folder) {}
  bool chunk(std::string_view octets) override {
    if (spool_.size() + octets.size() > limits_.file_bytes)
      error_ = too_large(limits_.file_bytes);
    else if (auto put = spool_.append(octets); !put)
      error_ = put.error();
    return !error_;
  }
  model::Result<Bytes> take() { return spool_.take(); }
  [[nodiscard]] const std::optional<model::Error>& error() const { return error_; }

 private:
  const SourceLimits& limits_;
  Spool spool_;
  std::optional<model::Error> error_;
};

}  // namespace

struct SourceReader::State {
  std::string source;
  SourceLimits limits;
  std::optional<model::Result<Loaded>> single;  // a source that is no folder
  std::optional<FilesAhead> walk;
  std::optional<MboxReader> mbox;
  std::string mbox_locator;  // "" or "name:"
  std::int64_t mbox_modified = 0;
  std::optional<model::Error> mbox_error;  // told after the members that could be read
  std::uint64_t done = 0;

  model::Error placed(const model::Error& error, const std::string& locator) const {
    return error.in(locator.empty() ? source : source + '/' + locator);
  }

  // A mailbox becomes the current one and nothing is returned; anything else is an item.
  std::optional<model::Result<RawItem>> begin(model::Result<Loaded> loaded, std::string locator, bool in_maildir) {
    if (!loaded) return model::failure(placed(loaded.error(), locator));
    if (!in_maildir && begin_mbox(*loaded, locator)) return std::nullopt;
    return RawItem{source, std::move(locator), in_maildir ? ItemKind::mail : ItemKind::file, loaded->modified,
                   std::move(loaded->bytes)};
  }

  bool begin_mbox(const Loaded& loaded, const std::string& locator) {
    auto content = loaded.bytes;
    if (starts_mbox_member(inflate_head(content.view(), DeflateForm::gzip)))
      content = unpacked(loaded.bytes);
    else if (!starts_mbox_member(content.view()))
      return false;
    mbox_modified = loaded.modified;
    mbox.emplace(std::move(content), limits.heap_bytes, limits.spool_folder);
    mbox_locator = locator.empty() ? "" : locator + ':';
    if (mbox_error) mbox_error = placed(*mbox_error, locator);
    return true;
  }

  Bytes unpacked(const Bytes& packed) {
    SpoolReceiver receiver(limits);
    UnpackLimits unpack_limits;
    unpack_limits.gzip_members = limits.file_bytes;
    const auto outcome = gunzip(packed, unpack_limits, receiver);
    mbox_error = receiver.error();
    if (!mbox_error && !outcome.result) mbox_error = outcome.result.error();
    auto bytes = receiver.take();
    if (!bytes) mbox_error = bytes.error();
    return bytes ? *std::move(bytes) : Bytes();
  }

  std::optional<model::Result<RawItem>> next_member() {
    auto member = mbox->next();
    if (!member) {
      mbox.reset();
      if (!mbox_error) return std::nullopt;
      return model::failure(*std::exchange(mbox_error, std::nullopt));
    }
    if (!*member) return model::failure(placed(member->error(), mbox_locator));
    auto& [offset, mail] = **member;
    return RawItem{source, mbox_locator + "offset " + std::to_string(offset), ItemKind::mbox_member, mbox_modified,
                   std::move(mail)};
  }
};

SourceReader::SourceReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
SourceReader::SourceReader(SourceReader&&) noexcept = default;
SourceReader& SourceReader::operator=(SourceReader&&) noexcept = default;
SourceReader::~SourceReader() = default;

model::Result<SourceReader> SourceReader::open(std::string_view source, const SourceLimits& limits) {
  auto state = std::make_unique<State>();
  state->source = source;
  state->limits = limits;
  if (source == "-") {
    state->single = read_stream(STDIN_FILENO, limits);
    return SourceReader(std::move(state));
  }
  const auto& path = state->source;
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0)
    return model::failure("source-not-found", path + ": " + std::strerror(errno), "check the name and the permissions");
  if (S_ISDIR(about.st_mode)) {
    state->walk.emplace(path, limits);
  } else if (S_ISREG(about.st_mode)) {
    state->single = read_file(OpenedFile(path), limits);
  } else {  // a pipe the operator named on purpose
    const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (file.get() < 0) return model::failure("source-unreadable", path + ": " + std::strerror(errno));
    state->single = read_stream(file.get(), limits);
  }
  return SourceReader(std::move(state));
}

std::optional<model::Result<RawItem>> SourceReader::next() {
  auto& state = *state_;
  while (true) {
    if (state.mbox) {
      if (auto item = state.next_member()) return item;
    } else if (state.single) {
      auto loaded = *std::exchange(state.single, std::nullopt);
      ++state.done;
      if (auto item = state.begin(std::move(loaded), "", false)) return item;
    } else if (state.walk) {
      auto entry = state.walk->next();
      if (!entry) return std::nullopt;
      auto* const found = &entry->found;
      if (found->error) return model::failure(state.placed(*found->error, found->path));
      auto loaded = read_file(*entry->file, state.limits);
      if (auto item = state.begin(std::move(loaded), std::move(found->path), found->in_maildir)) return item;
    } else {
      return std::nullopt;
    }
  }
}

std::uint64_t SourceReader::entries_done() const { return state_->walk ? state_->walk->done() : state_->done; }
std::uint64_t SourceReader::entries_known() const { return state_->walk ? state_->walk->known() : 1; }

}  // namespace ruaudit::ingest
