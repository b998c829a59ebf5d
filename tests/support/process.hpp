// Another program, run as a shell would run it, without the shell.
//
//   Ended ended = run({.words = {"sort", "-r"}, .input = "a\nb\n"});
//   CHECK(ended.out == "b\na\n");
//
// What it writes is read by a thread as it comes, so that neither side waits for the other.
#pragma once

#include <array>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "weft/base/mutex.hpp"

namespace weft::test {

enum class StandardOutput : std::uint8_t {
  captured,
  nobody_reads,  // a pipe whose other end is closed
};

struct Command {
  std::vector<std::string> words;  // the program (searched for in PATH), and its arguments
  std::string input{};             // its standard input, and then the end
  std::string directory{};         // where it runs; empty: where we run
  std::vector<std::pair<std::string, std::string>> environment{};  // besides ours
  StandardOutput output = StandardOutput::captured;
};

struct Ended {
  int exit_code = -1;  // -1: a signal ended it
  int signal = 0;
  std::string out;
  std::string err;
};

// Threads:   one owner calls everything.
// Ownership: the destructor kills a program that still runs.
class Process {
 public:
  // Throws std::system_error where the program cannot be run.
  explicit Process(Command command);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void send(int signal);

  // Stops it where it is, all of its threads: returns when nothing of it runs. SIGCONT, or the
  // destructor, goes on. False: it has ended.
  bool pause();
  bool has_ended() const;

  // Waits until the program has written `text` to standard error. False: it ended without.
  bool wait_for_error_text(std::string_view text) EXCLUDES(mutex_);

  Ended wait();

 private:
  struct Pipes;
  void start(const Command& command, Pipes& pipes);
  void pump(const Pipes& pipes) EXCLUDES(mutex_);
  bool read_some(int fd, std::size_t stream) EXCLUDES(mutex_);

  int pid_ = -1;  // -1: it has been waited for

  Mutex mutex_;
  Condition changed_;
  std::array<std::string, 2> written_ GUARDED_BY(mutex_);  // standard output, standard error
  bool silent_ GUARDED_BY(mutex_) = false;                 // both have ended

  std::thread pump_;
};

Ended run(Command command);

// The same words, to be run before all other programs where we may: for tests of when things
// happen, on a machine that is busy with something else.
std::vector<std::string> before_others(std::vector<std::string> words);

}  // namespace weft::test
