#include "jobs/confined/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <malloc.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <new>
#include <utility>
#include <vector>

#include "jobs/confined/confinement.hpp"

namespace ruaudit::jobs {
namespace {

constexpr std::size_t frame_head = 9;

std::string head_of(char kind, std::uint64_t size) {
  std::string head(frame_head, kind);
  std::memcpy(head.data() + 1, &size, sizeof(size));
  return head;
}

std::uint64_t size_in(const char* head) {
  std::uint64_t size = 0;
  std::memcpy(&size, head + 1, sizeof(size));
  return size;
}

// Nothing of the environment but what the program needs to start, or a test to plant a fault.
std::vector<std::string> environment() {
  std::vector<std::string> kept;
  for (const char* name :
       {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "RUAUDIT_READER_PLANT"})
    if (const char* value = std::getenv(name)) kept.push_back(std::string(name) + "=" + value);  // NOLINT
  return kept;
}

// A stop of the program is the program's to handle: it ends the reader when it is ready.
sigset_t stops() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&signals, signal);
  return signals;
}

struct SpawnParts {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
  explicit SpawnParts(int socket) {
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, socket, reader_socket);
    posix_spawnattr_init(&attributes);
    const sigset_t blocked = stops();
    posix_spawnattr_setsigmask(&attributes, &blocked);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  }
  SpawnParts(const SpawnParts&) = delete;
  SpawnParts& operator=(const SpawnParts&) = delete;
  ~SpawnParts() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
};

model::Error unavailable(int code) {
  return {"reader-unavailable",
          std::string("the reading process cannot be started: ") + std::strerror(code),  // NOLINT
          "make sure that /proc is mounted, and that limits on processes and memory leave room for one more"};
}

}  // namespace

model::Result<Child> Child::start(const char* argument) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return model::failure(unavailable(errno));
  SpawnParts parts(ends[1]);
  auto kept = environment();
  std::vector<char*> variables;
  for (std::string& one : kept) variables.push_back(one.data());
  variables.push_back(nullptr);
  std::string name = "ruaudit", work = argument;
  std::array<char*, 3> arguments{name.data(), work.data(), nullptr};
  pid_t process = -1;
  const int code =
      ::posix_spawn(&process, "/proc/self/exe", &parts.files, &parts.attributes, arguments.data(), variables.data());
  ::close(ends[1]);
  if (code != 0) {
    ::close(ends[0]);
    return model::failure(unavailable(code));
  }
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return Child(process, ends[0]);
}

model::Result<Child> Child::copy(const std::function<int()>& run) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return model::failure(unavailable(errno));
  const pid_t process = ::fork();
  if (process == 0) {
    ::close(ends[0]);
    if (ends[1] != reader_socket) ::dup2(ends[1], reader_socket);
    const sigset_t blocked = stops();
    ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
    std::_Exit(run());
  }
  const int code = errno;
  ::close(ends[1]);
  if (process < 0) {
    ::close(ends[0]);
    return model::failure(unavailable(code));
  }
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return Child(process, ends[0]);
}

Child::Child(Child&& other) noexcept { *this = std::move(other); }

Child& Child::operator=(Child&& other) noexcept {
  std::swap(process_, other.process_);
  std::swap(socket_, other.socket_);
  std::swap(pieces_, other.pieces_);
  std::swap(unsent_, other.unsent_);
  std::swap(received_, other.received_);
  std::swap(room_, other.room_);
  std::swap(read_to_, other.read_to_);
  std::swap(was_killed_, other.was_killed_);
  std::swap(was_starved_, other.was_starved_);
  return *this;
}

Child::~Child() {
  if (process_ > 0) end();
}

void Child::send(char kind, std::string head, ingest::Bytes body) {
  Piece piece{head_of(kind, head.size() + body.size()) + head, std::move(body), -1, 0};
  unsent_ += piece.head.size() + piece.body.size();
  pieces_.push_back(std::move(piece));
}

void Child::send_file(char kind, std::string head, int file) {
  send(kind, std::move(head));
  pieces_.back().file = ::fcntl(file, F_DUPFD_CLOEXEC, 0);
}

// What waits, up to a piece that carries a file behind others, goes in one call.
class Child::Parcel {
 public:
  explicit Parcel(const std::deque<Piece>& pieces) {
    for (const Piece& piece : pieces) {
      if (count_ + 2 > parts_.size() || (piece.file >= 0 && count_ > 0)) break;
      const auto head = std::string_view(piece.head).substr(std::min(piece.done, piece.head.size()));
      add(head);
      add(piece.body.view().substr(piece.done - (piece.head.size() - head.size())));
      if (piece.file >= 0) attach(piece.file);
      if (piece.file >= 0) break;
    }
  }
  ssize_t send(int socket) {
    message_.msg_iov = parts_.data();
    message_.msg_iovlen = count_;
    return ::sendmsg(socket, &message_, MSG_NOSIGNAL | MSG_DONTWAIT);
  }

 private:
  // sendmsg does not write to what it sends. NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
  void add(std::string_view octets) { parts_[count_++] = {const_cast<char*>(octets.data()), octets.size()}; }
  void attach(int file) {
    message_.msg_control = control_.data();
    message_.msg_controllen = control_.size();
    cmsghdr* const header = CMSG_FIRSTHDR(&message_);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &file, sizeof(int));
  }

  msghdr message_{};
  std::array<iovec, 64> parts_{};
  std::size_t count_ = 0;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control_{};
};

// False when the child takes no more.
bool Child::send_some() {
  while (!pieces_.empty()) {
    const auto sent = Parcel(pieces_).send(socket_);
    if (sent < 0) return errno == EAGAIN || errno == EINTR;
    unsent_ -= static_cast<std::size_t>(sent);
    for (auto left = static_cast<std::size_t>(sent); left > 0;) {
      Piece& piece = pieces_.front();
      if (piece.file >= 0) ::close(std::exchange(piece.file, -1));
      const std::size_t part = std::min(left, piece.head.size() + piece.body.size() - piece.done);
      piece.done += part;
      left -= part;
      if (piece.done == piece.head.size() + piece.body.size()) pieces_.pop_front();
    }
  }
  return true;
}

bool Child::receive_some() {
  if (room_.empty()) room_.resize(std::size_t{256} * 1024);
  const auto got = ::recv(socket_, room_.data(), room_.size(), MSG_DONTWAIT);
  if (got > 0) received_.append(room_.data(), static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

ChildState Child::exchange(std::chrono::milliseconds patience, int stop) {
  const std::size_t before = received_.size();
  const bool takes = send_some();
  if (!receive_some()) return received_.size() > before ? ChildState::running : ChildState::ended;
  if (!takes) return ChildState::ended;
  if (received_.size() > before || patience.count() == 0) return ChildState::running;
  const short events = static_cast<short>(POLLIN | (pieces_.empty() ? 0 : POLLOUT));
  std::array<pollfd, 2> wanted{pollfd{socket_, events, 0}, pollfd{stop, POLLIN, 0}};
  const int ready =
      ::poll(wanted.data(), wanted.size(), static_cast<int>(std::min<std::int64_t>(patience.count(), 3'600'000)));
  return ready == 0 ? ChildState::silent : ChildState::running;
}

std::optional<Frame> Child::next(std::size_t most) {
  const std::size_t have = received_.size() - read_to_;
  if (have < frame_head) return std::nullopt;
  const std::uint64_t size = size_in(received_.data() + read_to_);
  if (size > most) {
    ::kill(process_, SIGKILL);
    return std::nullopt;
  }
  if (have - frame_head < size) return std::nullopt;
  Frame frame{received_[read_to_], received_.substr(read_to_ + frame_head, size)};
  read_to_ += frame_head + size;
  if (read_to_ == received_.size() || read_to_ > std::size_t{4} * 1024 * 1024) {
    received_.erase(0, read_to_);
    read_to_ = 0;
  }
  return frame;
}

std::chrono::nanoseconds Child::cpu_time() const {
  clockid_t clock{};
  timespec used{};
  if (::clock_getcpuclockid(process_, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return {};
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

std::string Child::end() {
  for (Piece& piece : pieces_)
    if (piece.file >= 0) ::close(piece.file);
  pieces_.clear();
  unsent_ = 0;
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  if (process_ <= 0) return "was not started";
  int status = 0;
  // It may be about to end by itself: what it ended of is worth knowing.
  constexpr int tries = 20;
  pid_t ended = 0;
  for (int i = 0; i < tries && ended == 0; ++i) {
    ended = ::waitpid(process_, &status, WNOHANG);
    if (ended < 0 && errno == EINTR) ended = 0;
    if (ended == 0) ::poll(nullptr, 0, 5);
  }
  const bool was_running = ended == 0;
  if (was_running) {
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) continue;
  }
  process_ = -1;
  was_starved_ = !was_running && WIFEXITED(status) && WEXITSTATUS(status) == starved_status;
  was_killed_ = !was_running && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  if (was_running) return "did not answer";
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) return "used up its CPU time";
  if (WIFSIGNALED(status))
    return fmt::format("was ended by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));  // NOLINT
  if (was_starved_) return "got no memory";
  return WEXITSTATUS(status) == ENOMEM ? "ran out of memory" : fmt::format("ended with status {}", WEXITSTATUS(status));
}

namespace {

// Called where memory is asked for and none is there: what is held can still be seen.
void end_starved() {
  constexpr std::uint64_t own_limit = ConfinementLimits{}.memory_octets;
  const auto held = ::mallinfo2();
  std::_Exit(held.arena + held.hblkhd > own_limit / 2 ? ENOMEM : starved_status);
}

}  // namespace

void end_without_memory() { std::set_new_handler(end_starved); }

bool ParentSocket::read_exactly(char* to, std::size_t size) {
  while (size > 0) {
    const std::size_t have = buffered_to_ - buffered_from_;
    if (have > 0) {
      const std::size_t part = std::min(have, size);
      std::memcpy(to, buffer_.data() + buffered_from_, part);
      buffered_from_ += part;
      to += part;
      size -= part;
      continue;
    }
    constexpr std::size_t room = std::size_t{64} * 1024;
    if (buffer_.empty()) buffer_.resize(room);
    buffered_from_ = buffered_to_ = 0;
    // What is larger than the buffer goes where it belongs at once.
    iovec into{size > room ? to : buffer_.data(), size > room ? size : room};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &into;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const auto got = ::recvmsg(reader_socket, &message, MSG_CMSG_CLOEXEC);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    if (const cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr && header->cmsg_type == SCM_RIGHTS) {
      int file = -1;
      std::memcpy(&file, CMSG_DATA(header), sizeof(int));
      files_.push_back(file);
    }
    const auto octets = static_cast<std::size_t>(got);
    if (size > room) {
      to += octets;
      size -= octets;
    } else {
      buffered_to_ = octets;
    }
  }
  return true;
}

std::optional<Frame> ParentSocket::receive() {
  std::array<char, frame_head> head{};
  if (!read_exactly(head.data(), head.size())) return std::nullopt;
  Frame frame{head[0], std::string(size_in(head.data()), '\0')};
  if (!read_exactly(frame.octets.data(), frame.octets.size())) return std::nullopt;
  return frame;
}

int ParentSocket::take_file() {
  if (files_.empty()) return -1;
  const int file = files_.front();
  files_.pop_front();
  return file;
}

bool ParentSocket::has_more() const {
  if (buffered_from_ < buffered_to_) return true;
  pollfd wanted{reader_socket, POLLIN, 0};
  return ::poll(&wanted, 1, 0) > 0;
}

void ParentSocket::send(char kind, std::string_view octets) {
  out_ += head_of(kind, octets.size());
  out_ += octets;
  if (out_.size() >= std::size_t{64} * 1024) flush();
}

void ParentSocket::flush() {
  for (std::size_t done = 0; done < out_.size();) {
    const auto put = ::write(reader_socket, out_.data() + done, out_.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) std::_Exit(1);  // the parent has gone
    done += static_cast<std::size_t>(put);
  }
  out_.clear();
}

std::string ParentSocket::ask(char kind, std::string_view octets) {
  send(kind, octets);
  flush();
  auto frame = receive();
  if (!frame) std::_Exit(EXIT_FAILURE);  // the parent has gone
  return std::move(frame->octets);
}

}  // namespace ruaudit::jobs
