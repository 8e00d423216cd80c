// The confined process of this program: the program itself, started again with nothing but one end of a socket, so that
// it holds no secret, no database and no connection of its parent's. Both sides talk in frames of one octet for the
// kind, eight for the length, and the octets; a frame to the child may carry an open file. Used by one thread.
#pragma once
#include <sys/types.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/bytes.hpp"
#include "model/result.hpp"

namespace ruaudit::jobs {

inline constexpr int reader_socket = 3;                     // in the child
inline constexpr const char* reader_argument = "--reader";  // the only argument of the program as a reader of items
inline constexpr const char* judge_argument = "--judge";    // the same as one that judges mails

struct Frame {
  char kind = 0;
  std::string octets;
};

enum class ChildState : std::uint8_t { running, ended, silent };  // silent: not a word within the patience

class Child {
 public:
  // Starts it: the argument tells what it is to do. Error "reader-unavailable".
  static model::Result<Child> start(const char* argument);
  // A copy of this process instead, which runs this and ends with its result: for a process of one thread.
  static model::Result<Child> copy(const std::function<int()>& run);
  // A process whose parent this one is, and the other end of its socket, which must not block.
  static Child of(pid_t process, int socket) { return {process, socket}; }
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();  // ends it

  // Queues a frame: head, then the body, which is shared and not copied; file: handed over, stays the caller's.
  void send(char kind, std::string head, ingest::Bytes body = {});
  void send_file(char kind, std::string head, int file);
  [[nodiscard]] std::chrono::nanoseconds cpu_time() const;
  [[nodiscard]] std::size_t unsent_octets() const { return unsent_; }

  // Sends and receives what it can; where nothing has come yet, waits for it up to `patience`, but ends when the
  // descriptor `stop` (-1: none) becomes readable.
  ChildState exchange(std::chrono::milliseconds patience, int stop);
  // The next frame that is complete. A frame above `most` octets ends the child.
  std::optional<Frame> next(std::size_t most);
  // Whether something has come that next() has not given.
  [[nodiscard]] bool has_unread() const { return received_.size() > read_to_; }

  // Ends it. What happened to it, in words: "signal 11 (Segmentation fault)", "used up its time".
  std::string end();
  // After end(): killed from outside, by the system's memory killer or by someone.
  [[nodiscard]] bool was_killed() const { return was_killed_; }
  // After end(): the system gave it no memory, although it had used little: see starved_status.
  [[nodiscard]] bool was_starved() const { return was_starved_; }

 private:
  Child(pid_t process, int socket) : process_(process), socket_(socket) {}
  struct Piece {
    std::string head;
    ingest::Bytes body;
    int file = -1;  // owned
    std::size_t done = 0;
  };
  class Parcel;
  bool send_some();
  bool receive_some();

  pid_t process_ = -1;
  int socket_ = -1;
  std::deque<Piece> pieces_;
  std::size_t unsent_ = 0;
  std::string received_;
  std::string room_;
  std::size_t read_to_ = 0;
  bool was_killed_ = false;
  bool was_starved_ = false;
};

// With this exit status a child says that memory is short on the machine, and not at a limit of its own.
inline constexpr int starved_status = EAGAIN;
// In a child with the usual limit on memory: where none is left it ends, with starved_status, or with ENOMEM if it
// holds more than half of what its own limit grants.
void end_without_memory();

// The child's side: blocking.
class ParentSocket {
 public:
  // Nothing when the parent has gone.
  std::optional<Frame> receive();
  // The file that came with the frame received last; the caller's to close. -1: none.
  int take_file();
  // Frames are collected until flush() or until they are worth a system call.
  void send(char kind, std::string_view octets);
  void flush();
  // What the parent answers; without a parent the process ends.
  std::string ask(char kind, std::string_view octets);
  [[nodiscard]] bool has_more() const;  // something is waiting to be received

 private:
  bool read_exactly(char* to, std::size_t size);
  std::string out_;
  std::string buffer_;
  std::size_t buffered_from_ = 0, buffered_to_ = 0;
  std::deque<int> files_;
};

}  // namespace ruaudit::jobs
